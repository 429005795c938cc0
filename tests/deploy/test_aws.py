"""The module for AWS: valid, tested with a mocked provider, scanned; its cloud-init fits the schema and runs."""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from charts.tools.kit import SCHEMAS, install, path_of

from tests.deploy.bootstrap import K3S, REGISTRY, Host
from tools.lacking import skip_or_fail

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(600)]
MODULE = Path(__file__).resolve().parents[2] / "deploy/aws"
# Where machines without a registry of providers keep them; elsewhere `init` downloads.
_MIRROR = Path("/opt/tf-plugins")


@pytest.fixture(scope="module")
def program() -> str:
    found = shutil.which("tofu") or shutil.which("terraform")
    if found is None:
        skip_or_fail("neither tofu nor terraform is installed")
    return str(found)


@pytest.fixture(scope="module")
def module(program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the module with its provider."""
    copy = tmp_path_factory.mktemp("aws") / "module"
    shutil.copytree(MODULE, copy, ignore=shutil.ignore_patterns(".terraform*"))
    mirror = [f"-plugin-dir={_MIRROR}"] if _MIRROR.is_dir() else []
    _run(program, "init", "-backend=false", "-input=false", *mirror, folder=copy)
    return copy


def _run(program: str, *arguments: str, folder: Path, stdin: str = "") -> str:
    done = subprocess.run(
        [program, arguments[0], *(() if arguments[0] in ("console", "fmt") else ("-no-color",)), *arguments[1:]],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    return done.stdout


def test_module_is_formatted_and_valid(program: str, module: Path) -> None:
    assert _run(program, "fmt", "-check", "-recursive", folder=MODULE) == ""
    assert "valid" in _run(program, "validate", folder=module)


def test_security_properties_hold_with_a_mocked_provider(program: str, module: Path) -> None:
    said = _run(program, "test", folder=module)
    assert " 0 failed" in said
    assert said.count("... pass") >= 11


def test_scan_finds_nothing() -> None:
    if failed := install(["checkov"]):
        skip_or_fail(str(failed))
    command = [str(path_of("checkov")), "-d", str(MODULE), "--framework", "terraform", "-o", "json", "--skip-download"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    summary = json.loads(done.stdout)["summary"]
    assert {key: summary[key] for key in ("failed", "skipped", "parsing_errors")} == {
        "failed": 0,
        "skipped": 0,
        "parsing_errors": 0,
    }, done.stdout[-3_000:]
    assert summary["passed"] > 50


@pytest.fixture(scope="module")
def user_data(program: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The cloud-init document as the module renders it."""
    settings = (
        "RELEASE_URL='https://example.org/r.tar.gz'\nRELEASE_SHA256=0\nDATA_DEVICE=/dev/x\nOPTIONS='--host a.b'\n"
    )
    variables = f"{{script = file({_hcl(MODULE / 'first-boot.sh')}), settings = {json.dumps(settings)}}}"
    question = f"jsonencode(templatefile({_hcl(MODULE / 'cloud-init.yaml.tftpl')}, {variables}))\n"
    said = _run(program, "console", folder=tmp_path_factory.mktemp("console"), stdin=question)
    return str(json.loads(json.loads(said)))


def _hcl(path: Path) -> str:
    return json.dumps(str(path))


def test_cloud_init_fits_its_schema(user_data: str) -> None:
    assert user_data.startswith("#cloud-config\n")
    if failed := install(["cloud-init"]):
        skip_or_fail(str(failed))
    schema = json.loads((SCHEMAS / "cloud-init.json").read_text())
    validator = jsonschema_rs.validator_for(schema)
    document = yaml.safe_load(user_data)
    assert [error.message for error in validator.iter_errors(document)] == []
    document["write_files"][0]["permission"] = "0600"
    assert list(validator.iter_errors(document)) != [], "a misspelt key passes, so the schema proves nothing"


def test_cloud_init_carries_script_and_settings_unchanged_and_no_secret(user_data: str) -> None:
    files = {each["path"]: each for each in yaml.safe_load(user_data)["write_files"]}
    assert files["/usr/local/sbin/first-boot.sh"]["content"] == (MODULE / "first-boot.sh").read_text()
    assert "OPTIONS='--host a.b'" in files["/etc/predictive-maintenance/first-boot.env"]["content"]
    assert files["/etc/predictive-maintenance/first-boot.env"]["permissions"] == "0600"
    assert len(user_data) < 16_384


def _release(folder: Path) -> tuple[str, str]:
    """A release archive of the bootstrap, its address and its checksum."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.add(K3S, "predictive-maintenance-0.1.0/deploy/k3s")
    path = folder / "predictive-maintenance-0.1.0.tar.gz"
    path.write_bytes(out.getvalue())
    return f"file://{path}", hashlib.sha256(out.getvalue()).hexdigest()


@pytest.mark.parametrize("twice", [False, True])
def test_first_boot_fetches_the_release_and_hands_over(tmp_path: Path, twice: bool) -> None:
    host = Host(tmp_path / "host")
    address, checksum = _release(tmp_path)
    options = " ".join(
        [*REGISTRY, "--host", "pm.example.org", "--root", str(host.root), "--versions", str(host.versions)]
    )
    settings = tmp_path / "first-boot.env"
    folder = f"FOLDER={tmp_path}/opt\nDATA_DEVICE=\n"
    settings.write_text(f"RELEASE_URL='{address}'\nRELEASE_SHA256={checksum}\nOPTIONS='{options}'\n{folder}")
    for _ in range(1 + twice):
        done = subprocess.run([MODULE / "first-boot.sh", settings], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    assert "/usr/local/bin/k3s" in host.files()


def test_first_boot_refuses_another_release(tmp_path: Path) -> None:
    address, _ = _release(tmp_path)
    settings = tmp_path / "first-boot.env"
    settings.write_text(
        f"RELEASE_URL='{address}'\nRELEASE_SHA256={'0' * 64}\nOPTIONS=''\nFOLDER={tmp_path}/opt\nDATA_DEVICE=\n"
    )
    done = subprocess.run([MODULE / "first-boot.sh", settings], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "nothing of it was used" in done.stderr
    assert not (tmp_path / "opt").exists()
