"""What a release consists of. The same commit, version and registry give the same bytes."""

import gzip
import hashlib
import io
import re
import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "predictive-maintenance"
# What a host needs, and what its people read.
_PARTS = ("deploy", "charts", "docs", "compose.yaml", ".env.example", "README.md", "LICENSE")
_LEFT_OUT = re.compile(r"^(charts/tools/|docs/(images|openapi)/|deploy/aws/tests/)")
_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
_REGISTRY = re.compile(r"[a-z0-9][A-Za-z0-9./_:-]*")


class Release:
    """A version and the registry of its images. Raises ValueError for words that are neither."""

    def __init__(self, version: str, registry: str) -> None:
        if not _VERSION.fullmatch(version):
            raise ValueError(f"a version is 1.2.3 or 1.2.3-rc.1, not {version!r}")
        if not _REGISTRY.fullmatch(registry):
            raise ValueError(f"a registry is a host and a path such as ghcr.io/example, not {registry!r}")
        self.version, self.registry = version, registry

    def content(self, path: str) -> bytes:
        """A file of the repository as the release has it: with its version and registry filled in."""
        text = (ROOT / path).read_bytes()
        for pattern, replacement in self._filled_in(path):
            text, found = re.subn(pattern.encode(), replacement.encode(), text, flags=re.M)
            if not found:
                raise ValueError(f"{path} has no line for {pattern!r}")
        return text

    def _filled_in(self, path: str) -> list[tuple[str, str]]:
        version, registry = self.version, self.registry
        return {
            "deploy/k3s/versions.env": [
                ("^PM_REGISTRY=.*", f"PM_REGISTRY={registry}"),
                ("^PM_TAG=.*", f"PM_TAG={version}"),
            ],
            ".env.example": [("^PM_REGISTRY=.*", f"PM_REGISTRY={registry}"), ("^PM_TAG=.*", f"PM_TAG={version}")],
            "compose.yaml": [
                (r"\$\{PM_REGISTRY:\+\$\{PM_REGISTRY:-\}/\}", f"${{PM_REGISTRY:-{registry}}}/"),
                (r"\$\{PM_TAG:-[^}]*\}", f"${{PM_TAG:-{version}}}"),
                (r"^ +build: .*\n", ""),
            ],
            f"charts/{NAME}/Chart.yaml": [
                ("^version: .*", f"version: {version}"),
                ("^appVersion: .*", f"appVersion: {version}"),
            ],
            f"charts/{NAME}/values.yaml": [
                ('registry: "", repository: pm-', f'registry: "{registry}", repository: pm-')
            ],
            "charts/kafka/Chart.yaml": [("^version: .*", f"version: {version}")],
        }.get(path, [])

    def archive(self) -> bytes:
        """The .tar.gz for a host, below one folder named after the release."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for path in tracked(*_PARTS):
                if _LEFT_OUT.match(path):
                    continue
                content = self.content(path)
                entry = tarfile.TarInfo(f"{NAME}-{self.version}/{path}")
                entry.size, entry.mode = len(content), 0o755 if (ROOT / path).stat().st_mode & 0o100 else 0o644
                tar.addfile(entry, io.BytesIO(content))
        return gzip.compress(out.getvalue(), mtime=0)

    def lay_out_chart(self, chart: str, folder: Path) -> Path:
        """The chart's files in `folder`, ready to be packaged."""
        for path in tracked(f"charts/{chart}"):
            target = folder / Path(path).relative_to("charts")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.content(path))
        return folder / chart


def tracked(*parts: str) -> list[str]:
    """The files of the repository below these paths, sorted."""
    told = subprocess.run(["git", "ls-files", "-z", "--", *parts], cwd=ROOT, check=True, capture_output=True, text=True)
    return sorted(filter(None, told.stdout.split("\0")))


def changelog(version: str) -> str:
    """What changed since the release before, one line a commit, newest first."""
    tags = _git("tag", "--list", "v*", "--sort=-v:refname", "--merged", "HEAD").split()
    before = next((tag for tag in tags if tag != f"v{version}"), None)
    changes = _git("log", "--no-merges", "--pretty=- %s", *([f"{before}..HEAD"] if before else []))
    return f"## {version}\n\n{f'Since {before}:' if before else 'First release.'}\n\n{changes}"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def checksums(files: list[Path]) -> str:
    """SHA256SUMS of the files, as `sha256sum --check` reads it."""
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files))
