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

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600), pytest.mark.usefixtures("promtool")]
ON: dict[str, Any] = {"database": DATABASE, "monitoring": {"rules": {"enabled": True, "labels": {"release": "stack"}}}}
# What an idle, healthy installation exports; each test changes some of it. Promtool's notation: start+step x times.
HEALTHY = {
    'pm_inference_http_requests_total{namespace="factory",status="200"}': "0+600x4800",
    'pm_gateway_http_requests_total{namespace="factory",status="200"}': "0+600x4800",
    'pm_ingest_http_requests_total{namespace="factory",status="202"}': "0+600x4800",
    'pm_inference_station_lag_records{namespace="factory",topic="pm.readings",partition="0",pod="a"}': "0x4800",
    'pm_gateway_station_lag_records{namespace="factory",topic="pm.assessments",partition="0",pod="a"}': "0x4800",
    'pm_inference_station_heartbeat_timestamp_seconds{namespace="factory",pod="a"}': "0+60x4800",
    'pm_gateway_station_heartbeat_timestamp_seconds{namespace="factory",pod="a"}': "0+60x4800",
    'pm_inference_station_records_total{namespace="factory"}': "0+600x4800",
    'pm_gateway_station_records_total{namespace="factory"}': "0+600x4800",
    'pm_inference_station_rejected_total{namespace="factory",code="out_of_range"}': "0+1x4800",
    'pm_gateway_station_rejected_total{namespace="factory",code="unreadable"}': "0x4800",
    'pm_ingest_readings_unacknowledged_total{namespace="factory"}': "0x4800",
    'pm_inference_model_ready{namespace="factory",pod="a"}': "1x4800",
    'pm_inference_model_info{namespace="factory",pod="a",digest="sha256:1"}': "1x4800",
}


DOORS = {"predict": "inference", "gateway": "gateway", "ingest": "ingest"}


def failing(service: str, per_minute: int) -> dict[str, str]:
    """Requests of one door that end with 500."""
    return {f'pm_{service}_http_requests_total{{namespace="factory",status="500"}}': f"0+{per_minute}x4800"}


def station(service: str, metric: str, labels: str, values: str) -> dict[str, str]:
    return {f'pm_{service}_station_{metric}{{namespace="factory"{labels}}}': values}


def without(*starts: str) -> dict[str, str]:
    """The healthy series without those whose name begins so."""
    return {name: values for name, values in HEALTHY.items() if not name.startswith(starts)}


# Alert, minute at which it is asked for, labels of each instance that fires then, series.
FIRING: list[tuple[str, int, list[dict[str, str]], dict[str, str]]] = [
    *[
        (
            "ErrorBudgetBurns",
            minute,
            [{"door": door, "window": window} for door in DOORS for window in windows],
            HEALTHY | {name: rate for service in DOORS.values() for name, rate in failing(service, errors).items()},
        )
        # Errors per minute beside 600 good requests burn errors / 0.6 times as fast as planned. Slower windows follow a
        # fast burn once it has lasted as long as their `for`.
        for errors, minute, windows in (
            (12, 70, ("1h", "6h", "1d")),
            (6, 400, ("6h", "1d", "3d")),
            (3, 1600, ("1d", "3d")),
            (1, 4650, ("3d",)),
        )
    ],
    *[
        (alert, minute, [{"service": service}], {**base, **change})
        for service, topic, partition in (("inference", "pm.readings", "0"), ("gateway", "pm.assessments", "0"))
        for alert, minute, base, change in (
            (
                "StreamLags",
                20,
                HEALTHY,
                station(service, "lag_records", f',topic="{topic}",partition="{partition}",pod="b"', "10001x100"),
            ),
            (
                "StreamStands",
                20,
                without(f"pm_{service}_station_heartbeat"),
                station(service, "heartbeat_timestamp_seconds", ',pod="a"', "0x100"),
            ),
            ("StreamGone", 20, without(f"pm_{service}_station_heartbeat"), {}),
            ("DeadLetters", 60, HEALTHY, station(service, "rejected_total", ',code="schema"', "0+7x100")),
        )
    ],
    (
        "IngestUnacknowledged",
        20,
        [{"service": "ingest"}],
        without("pm_ingest_readings_unack")
        | {'pm_ingest_readings_unacknowledged_total{namespace="factory"}': "0+5x100"},
    ),
    ("ModelRefused", 10, [{"pod": "b"}], HEALTHY | {'pm_inference_model_ready{namespace="factory",pod="b"}': "0x100"}),
    (
        "ModelsDiffer",
        60,
        [{"service": "inference"}],
        HEALTHY | {'pm_inference_model_info{namespace="factory",pod="b",digest="sha256:2"}': "1x100"},
    ),
]
LONG = 100
# One error in 700 burns the budget of 1 in 1000 more slowly than any page; little traffic proves nothing.
QUIET = [
    ("nothing is wrong", HEALTHY),
    (
        "all of little traffic fails",
        without("pm_inference_http", "pm_gateway_http", "pm_ingest_http")
        | {'pm_inference_http_requests_total{namespace="factory",status="500"}': "0x60 1x4800"},
    ),
    (
        "another namespace burns",
        HEALTHY | {k.replace("factory", "office"): v for k, v in failing("gateway", 90).items()},
    ),
    (
        "one pod of two keeps the partition, the other remembers it",
        HEALTHY | station("inference", "lag_records", ',topic="pm.readings",partition="1",pod="b"', "9999x4800"),
    ),
]


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
