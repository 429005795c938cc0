"""Nothing that the scanners of charts and Dockerfiles find is left without an answer."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from charts.tools.kit import path_of

from tests.chart.rendering import CASES, CHARTS, PLATFORM, PLATFORM_CASES, Case, merged, text

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600), pytest.mark.usefixtures("hadolint", "scanners")]
ROOT = CHARTS.parent
DOCKERFILES = [*sorted(ROOT.glob("services/*/Dockerfile")), ROOT / "web/Dockerfile"]
DIGEST = {"image": {"digest": "sha256:" + "a" * 64}}
# What a release does: every image by its digest.
RELEASED: dict[str, Any] = {
    **dict.fromkeys(("inference", "ingest", "gateway", "web", "standalone"), DIGEST),
    "database": {"trial": DIGEST},
}
# kube-score's findings that are meant so.
ANSWERED = {
    "container-image-pull-policy": "an image that is named by its digest is the same wherever it was pulled",
    "deployment-replicas": "one replica is what a single node has; values-production.yaml has two of each",
    "deployment-has-host-podantiaffinity": "topologySpreadConstraints spread the replicas over hosts and zones",
    "statefulset-has-servicename": "the one pod of the embedded mode is reached by its Service, port 80; a headless "
    "one could not map the port",
}


def released(what: Case) -> str:
    """A case as a release renders it."""
    values = json.loads(what.values)
    if what.chart == PLATFORM:
        values = merged(values, RELEASED)
    return text(Case(what.chart, what.files, json.dumps(values)))


def checkov(folder: Path) -> list[dict[str, Any]]:
    """The reports on the files in a folder, one for each framework."""
    options = ["--framework", "kubernetes", "dockerfile", "--skip-download", "-o", "json", "--quiet"]
    done = subprocess.run([path_of("checkov"), "-d", folder, *options], capture_output=True, text=True, timeout=500)
    reports: list[dict[str, Any]] = json.loads(done.stdout)
    return reports


def test_checkov_finds_nothing_but_what_was_made_wrong_and_skips_nothing(tmp_path: Path) -> None:
    for what in PLATFORM_CASES:
        (tmp_path / f"{what.name}.yaml").write_text(released(what))
    for file in DOCKERFILES:
        (tmp_path / file.parent.name).mkdir()
        shutil.copy(file, tmp_path / file.parent.name)
    wrong = released(CASES[0]).replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", 1)
    (tmp_path / "wrong.yaml").write_text(wrong)
    reports = checkov(tmp_path)
    assert {report["check_type"] for report in reports} == {"kubernetes", "dockerfile"}
    failed = [f for report in reports for f in report["results"]["failed_checks"]]
    findings = [f"{f['file_path']} {f['check_id']} {f['check_name']}: {f['resource']}" for f in failed]
    assert [f for f in findings if not f.startswith("/wrong.yaml CKV_K8S_22 ")] == []
    assert len(findings) == 1
    assert sum(report["summary"]["skipped"] for report in reports) == 0
    assert sum(report["summary"]["passed"] for report in reports) > 1_000


def test_every_finding_of_kube_score_is_answered_and_every_answer_needed(tmp_path: Path) -> None:
    for what in CASES:
        (tmp_path / f"{what.name}.yaml").write_text(released(what))
    files = sorted(tmp_path.glob("*.yaml"))
    command: list[str | Path] = [path_of("kube-score"), "score", "-o", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    found: dict[str, set[str]] = {}
    for o in json.loads(done.stdout):
        for check in o["checks"]:
            if not check["skipped"] and check["grade"] < 10:
                found.setdefault(check["check"]["id"], set()).add(o["object_name"])
    assert {check: names for check, names in found.items() if check not in ANSWERED} == {}
    assert set(ANSWERED) == set(found), "an answer that no finding needs"


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda f: f.parent.name)
def test_hadolint_finds_nothing(file: Path) -> None:
    done = subprocess.run([path_of("hadolint"), file], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda f: f.parent.name)
def test_images_run_as_the_user_of_the_pods(file: Path) -> None:
    users = [line.split()[1] for line in file.read_text().splitlines() if line.startswith("USER ")]
    assert users == ["10001:10001"]


@pytest.mark.parametrize("what", CASES, ids=lambda c: c.name)
def test_helm_lint_is_strict_and_content(what: Case) -> None:
    files: list[str | Path] = [option for file in what.files for option in ("-f", what.chart / file)]
    for helm in ("helm", "helm3"):
        command: list[str | Path] = [path_of(helm), "lint", "--strict", what.chart, *files, "-f", "-"]
        done = subprocess.run(command, input=what.values, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
