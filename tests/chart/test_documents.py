"""What people read of the charts says what the charts do: values, README, notes, package, the development set-up."""

import base64
import hashlib
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from charts.tools.kit import path_of
from charts.tools.values_table import keys, readme

from tests.chart.rendering import CHARTS, DATABASE, HOST, KAFKA, PLATFORM, Refused, case, merged, objects, of_kind, text

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
ROOT = CHARTS.parent
every_chart = pytest.mark.parametrize("chart", [PLATFORM, KAFKA], ids=lambda c: c.name)


def templates(chart: Path) -> str:
    return "\n".join(file.read_text() for file in sorted(chart.glob("templates/**/*")) if file.is_file())


def at(values: Any, path: str) -> Any:
    for name in path.split("."):
        values = values[name]
    return values


@every_chart
def test_the_readme_has_the_table_of_the_values(chart: Path) -> None:
    assert (chart / "README.md").read_text() == readme(chart.name), "run `make docs`"


@every_chart
def test_every_value_is_explained_and_used(chart: Path) -> None:
    found = list(keys((chart / "values.yaml").read_text()))
    explained = {key.path for key in found if key.meaning}
    by_name = {path.rsplit(".", 1)[-1] for path in explained}
    source, before = templates(chart), ""
    for key in found:
        parent, _, last = key.path.rpartition(".")
        # A comment also speaks of the keys that follow it; image, scaling and the like are explained once.
        follows = before.rpartition(".")[0] == parent and before in explained
        above = any(key.path.startswith(f"{path}.") for path in explained)
        assert key.path in explained or follows or above or by_name & set(key.path.split(".")) or not key.default, (
            key.path
        )
        explained |= {key.path} if follows else set()
        before = key.path
        in_a_map = {"requests", "limits", "dual"} & set(key.path.split("."))
        assert in_a_map or key.path == "global" or re.search(rf"\b{last}\b", source), f"{key.path} is used nowhere"


@every_chart
def test_templates_ask_for_values_that_exist(chart: Path) -> None:
    values = yaml.safe_load((chart / "values.yaml").read_text())
    paths = {p.rstrip(".") for p in re.findall(r"\.Values\.([A-Za-z][A-Za-z0-9.]*)", templates(chart))}
    assert len(paths) > 3
    for path in paths:
        at(values, path)


@every_chart
def test_a_package_is_reproducible_and_holds_the_chart_only(chart: Path, tmp_path: Path) -> None:
    digests = set()
    for folder in ("a", "b"):
        command: list[str | Path] = [path_of("helm"), "package", chart, "-d", tmp_path / folder]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        (archive,) = (tmp_path / folder).glob("*.tgz")
        digests.add(hashlib.sha256(archive.read_bytes()).hexdigest())
    assert len(digests) == 1
    with tarfile.open(archive) as files:
        names = {Path(name).relative_to(chart.name).parts[0] for name in files.getnames()}
    assert {"Chart.yaml", "values.yaml", "values.schema.json", "templates", "README.md"} <= names
    assert {n for n in names if not re.match(r"(Chart|values|README|UPGRADING|RUNBOOKS|templates|dashboards)", n)} <= {
        ".helmignore"
    }


@every_chart
def test_the_chart_says_what_it_is(chart: Path) -> None:
    said = yaml.safe_load((chart / "Chart.yaml").read_text())
    assert (said["apiVersion"], said["type"]) == ("v2", "application")
    assert re.fullmatch(r"\d+\.\d+\.\d+", said["version"])
    assert said["kubeVersion"] == ">=1.30.0-0"
    assert said["annotations"]["artifacthub.io/license"] == "MIT"
    kind, _, content = said["icon"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(content) == (ROOT / "web/src/ui/product.svg").read_bytes()


NOTES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (
        {"database": DATABASE},
        ("port-forward service/plant-predictive-maintenance-inference-serve", "helm test", "Scale"),
    ),
    ({"database": DATABASE, "ingress": {"enabled": True, **HOST}}, ("http://plant.example.org/api/predict",)),
    (
        {"database": DATABASE, "ingress": {"enabled": True, **HOST, "tls": [{"secretName": "t", "hosts": ["h"]}]}},
        ("https://plant.example.org/",),
    ),
    ({"database": {"mode": "trial", "existingSecret": "s"}}, ("is for trials: one pod, no backup",)),
    ({"kafka": {"mode": "embedded"}}, ("service/plant-predictive-maintenance-standalone", "removes the volume")),
    (
        {"database": DATABASE, "gateway": {"scaling": {"mode": "fixed", "replicas": 2}}},
        ("gateway is held at 2 replicas", "UPGRADING.md"),
    ),
    ({"database": DATABASE, "networkPolicy": {"enabled": False}}, ("No network policy is installed",)),
]


@pytest.mark.parametrize(("values", "words"), NOTES, ids=[words[0] for _, words in NOTES])
def test_notes_give_the_next_command_and_the_warnings(values: dict[str, Any], words: tuple[str, ...]) -> None:
    command: list[str | Path] = [
        path_of("helm"),
        "install",
        "plant",
        PLATFORM,
        "--dry-run=client",
        "-n",
        "factory",
        "-f",
        "-",
    ]
    done = subprocess.run(command, input=yaml.safe_dump(values), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    notes = done.stdout.partition("NOTES:")[2]
    for word in words:
        assert word in notes


def test_the_chart_works_below_another_and_takes_its_global_values(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text(
        "apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n"
        f'  - {{name: predictive-maintenance, version: "*", repository: "file://{PLATFORM}"}}\n'
    )
    subprocess.run([path_of("helm"), "dependency", "update", tmp_path], check=True, capture_output=True, timeout=60)
    registry = {"imageRegistry": "registry.example.org"}
    values: dict[str, Any] = {"global": registry, "predictive-maintenance": {"database": DATABASE}}
    found = objects(case(tmp_path, **values))
    for o in of_kind(found, "Deployment"):
        (container,) = o["spec"]["template"]["spec"]["containers"]
        assert container["image"].startswith("registry.example.org/pm-")


def test_objects_of_the_user_are_rendered_as_templates() -> None:
    mine = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-mine"}'
    also = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Namespace }}-also"}}
    found = objects(case(PLATFORM, database=DATABASE, extraObjects=[mine, also]))
    assert {o["metadata"]["name"] for o in of_kind(found, "ConfigMap")} == {"plant-mine", "factory-also"}


def test_values_that_were_overridden_away_are_refused_in_words() -> None:
    with pytest.raises(Refused, match="replicas"):
        text(case(PLATFORM, **merged({"database": DATABASE}, {"inference": {"replicas": 3}})))


def test_skaffold_deploys_these_charts_with_these_images() -> None:
    pipeline = yaml.safe_load((ROOT / "skaffold.yaml").read_text())
    artifacts = {a["image"]: a for a in pipeline["build"]["artifacts"]}
    assert set(artifacts) == {"pm-inference", "pm-ingest", "pm-gateway", "pm-web"}
    values = yaml.safe_load((PLATFORM / "values.yaml").read_text())
    for artifact in artifacts.values():
        assert (ROOT / artifact["context"] / artifact["docker"]["dockerfile"]).is_file()
    releases = {release["name"]: release for release in pipeline["deploy"]["helm"]["releases"]}
    assert list(releases) == ["strimzi", "kafka", "platform"]
    assert releases["kafka"]["dependsOn"] == ["strimzi"]
    assert releases["platform"]["dependsOn"] == ["kafka"]
    for release in releases.values():
        for file in release.get("valuesFiles", []):
            assert (ROOT / file).is_file(), file
        if "chartPath" in release:
            assert (ROOT / release["chartPath"] / "Chart.yaml").is_file()
    templates = releases["platform"]["setValueTemplates"]
    for key, template in templates.items():
        at(values, key)
        image = key.split(".")[0]
        assert f"pm_{image}" in template, key
    assert {key.split(".")[0] for key in templates} == {name.removeprefix("pm-") for name in artifacts}


def test_the_kind_cluster_opens_the_ports_of_its_ingress() -> None:
    cluster = yaml.safe_load((ROOT / "deploy/kind/cluster.yaml").read_text())
    assert (cluster["kind"], cluster["name"]) == ("Cluster", "predictive-maintenance")
    (node,) = cluster["nodes"]
    assert {p["hostPort"] for p in node["extraPortMappings"]} == {8088}
    assert all(p["listenAddress"] == "127.0.0.1" for p in node["extraPortMappings"])
