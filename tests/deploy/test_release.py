"""Workflows and the files of a release: pinned, least permissions, linted, and everything they call runs here."""

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from charts.tools.kit import install, path_of

from tests.deploy.bootstrap import script
from tools.lacking import skip_or_fail
from tools.release.files import ROOT, Release

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(300)]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
# What a job may be given beyond reading the code, and why.
_GRANTED = {"id-token": "write", "packages": "write", "contents": "write"}


def _need(part: str) -> None:
    if failed := install([part]):
        skip_or_fail(failed)


def _jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(workflow.read_text())["jobs"])


def test_workflows_are_clean() -> None:
    _need("actionlint")
    done = subprocess.run([path_of("actionlint")], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text())
    local = [each for each in used if each.startswith("./.github/workflows/")]
    assert all((ROOT / each).is_file() for each in local)
    loose = [e for e in used if e not in local and not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", e)]
    assert loose == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_permissions_are_the_least(workflow: Path) -> None:
    document = yaml.safe_load(workflow.read_text())
    assert document["permissions"] == {"contents": "read"}
    for name, job in document["jobs"].items():
        more = {k: v for k, v in job.get("permissions", {}).items() if v != "read"}
        assert more.items() <= _GRANTED.items(), name
        assert "timeout-minutes" in job or "uses" in job, name
    assert "pull_request_target" not in workflow.read_text()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_of_ours_exists_here(workflow: Path) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.M))
    commands = [str(step["run"]) for job in _jobs(workflow).values() for step in job.get("steps", []) if "run" in step]
    called = {target for command in commands for target in re.findall(r"^make ([\w-]+)", command, re.M)}
    assert called <= targets
    scripts = [word for command in commands for word in re.findall(r"(?:deploy|\.ci)/[\w./-]+", command)]
    assert [path for path in scripts if not os.access(ROOT / path, os.X_OK) and path != ".ci/run"] == []
    for job in _jobs(workflow).values():
        for each in job.get("strategy", {}).get("matrix", {}).get("include", []):
            assert (ROOT / each["file"]).is_file()


def test_release_is_complete_repeatable_and_filled_in(tmp_path: Path) -> None:
    _need("helm4")
    sums = []
    for name in ("one", "two"):
        command = [sys.executable, "-m", "tools.release", "--version", "3.2.1-rc.1", "--registry", "registry.test/pm"]
        subprocess.run([*command, "--out", tmp_path / name], cwd=ROOT, check=True, capture_output=True, timeout=120)
        sums.append((tmp_path / name / "SHA256SUMS").read_text())
    assert sums[0].split()[1::2] == [
        "kafka-3.2.1-rc.1.tgz",
        "predictive-maintenance-3.2.1-rc.1.tar.gz",
        "predictive-maintenance-3.2.1-rc.1.tgz",
    ]
    archive = tmp_path / "one/predictive-maintenance-3.2.1-rc.1.tar.gz"
    assert archive.read_bytes() == (tmp_path / "two" / archive.name).read_bytes()
    for line in sums[0].splitlines():
        digest, name = line.split()
        assert hashlib.sha256((tmp_path / "one" / name).read_bytes()).hexdigest() == digest
    shown = subprocess.run(
        [path_of("helm"), "show", "values", tmp_path / "one/predictive-maintenance-3.2.1-rc.1.tgz"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    values = yaml.safe_load(shown)
    assert {values[c]["image"]["registry"] for c in ("inference", "ingest", "gateway", "web", "standalone")} == {
        "registry.test/pm"
    }
    assert (tmp_path / "one/CHANGELOG.md").read_text().startswith("## 3.2.1-rc.1\n")


def test_unpacked_archive_plans_an_installation_of_its_own_images(tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(Release("3.2.1", "registry.test/pm").archive())) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / "predictive-maintenance-3.2.1"
    plan = script("install", "--dry-run", "--host", "pm.example.org", program=folder / "deploy/k3s/bootstrap.sh")
    assert "== platform 3.2.1 (single-node) at pm.example.org" in plan
    assert f"{folder}/deploy/k3s/../../charts/predictive-maintenance" in plan
    compose = yaml.safe_load((folder / "compose.yaml").read_text())
    images = [s["image"] for s in compose["services"].values() if "/pm-" in s["image"]]
    assert images
    assert all(image.startswith("${PM_REGISTRY:-registry.test/pm}/pm-") for image in images)
    assert all(image.endswith(":${PM_TAG:-3.2.1}") for image in images)


@pytest.mark.parametrize("version", ["", "latest", "v1.2.3", "1.2", "1.2.3; rm"])
def test_word_that_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="a version is"):
        Release(version, "registry.test/pm")


def test_upgrade_through_ssm_refuses_what_could_be_a_command() -> None:
    good = {"INSTANCE_ID": "i-0123456789abcdef0", "RELEASE_URL": "https://a.test/r.tar.gz", "RELEASE_SHA256": "0" * 64}
    for name, bad in (
        ("INSTANCE_ID", "i-0; id"),
        ("RELEASE_URL", "https://a.test/';id;'.tar.gz"),
        ("RELEASE_URL", "http://a.test/r.tar.gz"),
        ("RELEASE_SHA256", "latest"),
    ):
        environment = {**good, name: bad, "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [ROOT / "deploy/aws/upgrade.sh"], env=environment, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 2, name
        assert name in done.stderr
