"""Who may talk to whom: the edges that the network policies open are exactly those of the table."""

from typing import Any

import pytest

from tests.chart.rendering import DATABASE, PLATFORM, Case, Object, case, named, objects, of_kind, pods

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
# (from, to, port); a component by its name, everything else by what the values call it.
CLOUD = {
    ("edge", "web", "http"),
    ("edge", "inference-serve", "http"),
    ("edge", "gateway", "http"),
    ("test", "web", "http"),
    ("test", "inference-serve", "http"),
    ("test", "gateway", "http"),
    ("prometheus", "inference-serve", "metrics"),
    ("prometheus", "inference-stream", "metrics"),
    ("prometheus", "ingest", "metrics"),
    ("prometheus", "gateway", "metrics"),
    ("ingest", "kafka", 9093),
    ("inference-stream", "kafka", 9093),
    ("gateway", "kafka", 9093),
}
OUTSIDE_DATABASE = {("gateway", "anywhere", 5432), ("gateway-migrate", "anywhere", 5432)}
TRIAL_DATABASE = {
    (reader, "database", port) for reader in ("gateway", "gateway-migrate") for port in (5432, "postgres")
}
COLLECTOR = {
    (component, "anywhere", 4318)
    for component in ("inference-serve", "inference-stream", "ingest", "gateway", "gateway-migrate")
}
TABLE: list[tuple[str, Case, set[tuple[str, str, object]]]] = [
    ("strimzi", case(PLATFORM, database=DATABASE), CLOUD | OUTSIDE_DATABASE),
    ("trial", case(PLATFORM, "values-single-node.yaml"), CLOUD | TRIAL_DATABASE),
    (
        "edge and devices",
        case(
            PLATFORM,
            database=DATABASE,
            ingest={"edge": True},
            networkPolicy={"devicesFrom": [{"podSelector": {"matchLabels": {"is": "device"}}}]},
        ),
        CLOUD | OUTSIDE_DATABASE | {("edge", "ingest", "http"), ("device", "ingest", "http")},
    ),
    (
        "telemetry",
        case(PLATFORM, database=DATABASE, telemetry={"endpoint": "http://collector:4318"}),
        CLOUD | OUTSIDE_DATABASE | COLLECTOR,
    ),
    (
        "embedded",
        case(PLATFORM, "values-embedded.yaml"),
        {
            ("edge", "standalone", "http"),
            ("test", "standalone", "http"),
            ("prometheus", "standalone", "metrics"),
        },
    ),
]
DNS = {("UDP", 53), ("TCP", 53)}


def peer(selector: dict[str, Any]) -> str:
    """What the table calls one peer of a policy."""
    labels = {k: v for part in selector.values() for k, v in part["matchLabels"].items()}
    known = {
        "kube-system": "edge",
        "monitoring": "prometheus",
        "device": "device",
        "pm": "kafka",
    }
    component = labels.get("app.kubernetes.io/component")
    return str(component or known[labels.popitem()[1]])


def edges(found: list[Object]) -> set[tuple[str, str, object]]:
    """Every edge that the policies beside the default one open."""
    result: set[tuple[str, str, object]] = set()
    for policy in of_kind(found, "NetworkPolicy"):
        if policy["metadata"]["name"].endswith("default-deny"):
            continue
        own = policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
        for rule in policy["spec"].get("ingress") or []:
            result |= {(peer(p), own, port["port"]) for p in rule["from"] for port in rule["ports"]}
        for rule in policy["spec"].get("egress") or []:
            peers = [peer(p) for p in rule["to"]] if "to" in rule else ["anywhere"]
            result |= {(own, to, port["port"]) for to in peers for port in rule["ports"]}
    return result


@pytest.mark.parametrize(("what", "table"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_open_edges_are_those_of_the_table(what: Case, table: set[tuple[str, str, object]]) -> None:
    found = edges(objects(what))
    # The test pod's own edges are seen from both sides; its targets answer on the port that has a name.
    assert found == table


@pytest.mark.parametrize("what", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_everything_else_is_denied_for_every_pod(what: Case) -> None:
    found = objects(what)
    deny = named(found, "NetworkPolicy", "default-deny")["spec"]
    assert set(deny["policyTypes"]) == {"Ingress", "Egress"}
    assert "ingress" not in deny
    (dns,) = deny["egress"]
    assert {(port["protocol"], port["port"]) for port in dns["ports"]} == DNS
    assert dns["to"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
    chosen = deny["podSelector"]["matchLabels"].items()
    for name, pod in pods(found).items():
        assert chosen <= pod["metadata"]["labels"].items(), name


def test_policies_can_be_left_to_the_cluster() -> None:
    assert not of_kind(objects(case(PLATFORM, database=DATABASE, networkPolicy={"enabled": False})), "NetworkPolicy")
