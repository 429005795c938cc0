"""What must never be committed, and what must be current."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED = re.compile(r"(\.lock|package-lock\.json|\.gen\.ts|\.svg|\.png|openapi/.*\.json)$")


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name.decode() for name in names.split(b"\0") if name]


def test_the_locks_name_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > lock.count("==")
    assert '"resolved"' not in (ROOT / "web/package-lock.json").read_text()
    assert not (ROOT / "uv.lock").exists() or ROOT / "uv.lock" not in tracked()


def test_every_direct_dependency_is_in_the_lock() -> None:
    locked = {
        line.split("==")[0].lower() for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line
    }
    for project in [*ROOT.glob("services/*/pyproject.toml"), ROOT / "models/pyproject.toml"]:
        for requirement in tomllib.loads(project.read_text())["project"]["dependencies"]:
            name = re.split(r"[ ;\[<>=]", requirement)[0].lower()
            assert name.startswith("pm-") or name in locked, (project, name)


def test_source_files_stay_readable_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix in {".py", ".ts", ".tsx", ".sh"}
        and not GENERATED.search(str(path))
        and "/tests/" not in str(path)
        and "migrations" not in str(path)
        and path.exists()
        and (lines := len(path.read_text().splitlines())) > 250
    }
    assert not long
