"""Alerts fire when they should and only then (promtool), lead to a runbook, and name metrics that are exported."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from charts.tools.kit import path_of
from prometheus_client import CollectorRegistry

from chassis.server import process_registry
from chassis.station_metrics import StationMetrics
from gateway.metrics import GatewayMetrics
from inference.metrics import InferenceMetrics
from ingest.metrics import IngestMetrics
from tests.chart.rendering import DATABASE, PLATFORM, case, named, objects
from tests.chart.rule_cases import FIRING, HEALTHY, LONG, QUIET

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600), pytest.mark.usefixtures("promtool")]
ON: dict[str, Any] = {"database": DATABASE, "monitoring": {"rules": {"enabled": True, "labels": {"release": "stack"}}}}


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    """The rule groups as Prometheus gets them."""
    rule = named(objects(case(PLATFORM, **ON)), "PrometheusRule", "plant-predictive-maintenance")
    assert rule["metadata"]["labels"]["release"] == "stack"
    found: dict[str, Any] = rule["spec"]
    return found


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run([path_of("promtool"), *arguments], capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-6_000:]
    return said


def alerts(rules: dict[str, Any]) -> list[dict[str, Any]]:
    return [rule for group in rules["groups"] for rule in group["rules"]]


def expected(rules: dict[str, Any], alert: str, labels: dict[str, str]) -> dict[str, Any]:
    """What promtool must see of one instance: labels and annotations of its rule, and the pod of its series."""
    own = [rule for rule in alerts(rules) if rule["alert"] == alert]
    (rule,) = [r for r in own if all(r["labels"][k] == v for k, v in labels.items() if k != "pod")]
    annotations = {k: v.replace("{{ $labels.pod }}", labels.get("pod", "")) for k, v in rule["annotations"].items()}
    # `absent` keeps the labels that it was asked with.
    namespace = {"namespace": "factory"} if alert == "StreamGone" else {}
    return {"exp_labels": rule["labels"] | labels | namespace, "exp_annotations": annotations}


def run(rules: dict[str, Any], folder: Path, tests: list[dict[str, Any]]) -> str:
    """Ask promtool; what looks hours ahead is evaluated more seldom, or it takes minutes."""
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules))
    said = ""
    for step, is_long in (("1m", False), ("15m", True)):
        own = [t for t in tests if any(int(a["eval_time"][:-1]) > LONG for a in t["alert_rule_test"]) is is_long]
        document = {"rule_files": ["rules.yaml"], "evaluation_interval": step, "tests": own}
        (folder / "tests.yaml").write_text(yaml.safe_dump(document, width=10_000))
        said += promtool("test", "rules", folder / "tests.yaml")
    return said


def series(of: dict[str, str]) -> list[dict[str, str]]:
    return [{"series": name, "values": values} for name, values in of.items()]


def test_the_rules_are_valid(rules: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    assert "SUCCESS" in promtool("check", "rules", tmp_path / "rules.yaml")


def test_each_alert_fires_for_what_it_is_for(rules: dict[str, Any], tmp_path: Path) -> None:
    tests = [
        {
            "interval": "1m",
            "input_series": series(of),
            "alert_rule_test": [
                {
                    "eval_time": f"{minute}m",
                    "alertname": alert,
                    "exp_alerts": [expected(rules, alert, labels) for labels in instances],
                }
            ],
        }
        for alert, minute, instances, of in FIRING
    ]
    run(rules, tmp_path, tests)
    telling = {"door", "window", "service"}
    fired = {(alert, *sorted(labels.items())) for alert, _, instances, _ in FIRING for labels in instances}
    for rule in alerts(rules):
        labels = {k: v for k, v in rule["labels"].items() if k in telling}
        assert (rule["alert"], *sorted(labels.items())) in fired or rule["alert"] == "ModelRefused", rule


def test_nothing_fires_while_nothing_is_wrong(rules: dict[str, Any], tmp_path: Path) -> None:
    names = sorted({rule["alert"] for rule in alerts(rules)})
    tests = [
        {
            "name": name,
            "interval": "1m",
            "input_series": series(of),
            "alert_rule_test": [{"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": []} for alert in names],
        }
        for name, of in QUIET
        for minute in ((90, 4650) if of is HEALTHY else (90,))
    ]
    run(rules, tmp_path, tests)


def test_every_alert_has_a_severity_and_a_runbook_that_exists(rules: dict[str, Any]) -> None:
    headings = {
        re.sub("[^a-z0-9-]", "", line[3:].strip().lower().replace(" ", "-"))
        for line in (PLATFORM / "RUNBOOKS.md").read_text().splitlines()
        if line.startswith("## ")
    }
    for rule in alerts(rules):
        assert rule["labels"]["severity"] in {"critical", "warning"}
        prefix, _, anchor = rule["annotations"]["runbook_url"].partition("#")
        assert prefix.startswith("https://")
        assert anchor in headings, rule["alert"]


def exported() -> set[str]:
    """Names of the series that the services' metrics make."""
    registry: CollectorRegistry = process_registry()
    for metrics in (InferenceMetrics, IngestMetrics, GatewayMetrics):
        metrics(registry)
    for service in ("inference", "gateway"):
        StationMetrics(registry, service)
    return {
        family.name + suffix
        for family in registry.collect()
        for suffix in {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
    }


def test_rules_and_dashboards_name_only_metrics_that_are_exported(rules: dict[str, Any]) -> None:
    texts = [rule["expr"] for rule in alerts(rules)]
    dashboards = sorted((PLATFORM / "dashboards").glob("*.json"))
    texts += [file.read_text() for file in dashboards]
    used = {name for text in texts for name in re.findall(r"\bpm_[a-z_]+\b", text)}
    assert len(used) > 20
    assert used - exported() == set()


def test_dashboards_can_be_loaded_into_any_grafana() -> None:
    boards = [(file, json.loads(file.read_text())) for file in sorted((PLATFORM / "dashboards").glob("*.json"))]
    assert len({board["uid"] for _, board in boards}) == len(boards) == 2
    for file, board in boards:
        assert file.stat().st_size < 2**20
        assert "datasource" in {variable["name"] for variable in board["templating"]["list"]}
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                assert 'namespace="$namespace"' in target["expr"], panel["title"]
        assert not re.search(r'"uid": "(?!\$\{|pm-)', file.read_text()), "a data source of one Grafana only"
    on = objects(case(PLATFORM, database=DATABASE, monitoring={"dashboards": {"enabled": True}}))
    maps = [o for o in on if o["kind"] == "ConfigMap"]
    assert len(maps) == len(boards)
    assert all(o["metadata"]["labels"]["grafana_dashboard"] == "1" for o in maps)
