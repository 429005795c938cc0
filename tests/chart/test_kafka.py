"""Strimzi's resources: what the code names, what a profile can carry, and secrets that the platform finds."""

import json
import re
from typing import Any

import pytest
import yaml

from chassis.topics import ALL
from tests.chart.rendering import KAFKA, PLATFORM, Object, case, named, objects, of_kind

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
PROFILES = ("values-single-node.yaml", "values-production.yaml")
# Who may do what, from what the services do: (resource, name) to operations.
MAY: dict[str, dict[tuple[str, str], set[str]]] = {
    "ingest": {
        ("topic", "pm.readings"): {"Describe", "Write"},
        ("topic", "pm.dead-letters"): {"Describe", "Write"},
    },
    "inference-stream": {
        ("topic", "pm.readings"): {"Describe", "Read"},
        ("group", "inference-stream"): {"Read"},
        ("topic", "pm.replay.readings"): {"Describe", "Read"},
        ("topic", "pm.replay.assessments"): {"Describe", "Write"},
        ("group", "inference-replay"): {"Read"},
        ("topic", "pm.assessments"): {"Describe", "Write"},
        ("topic", "pm.dead-letters"): {"Describe", "Write"},
    },
    "gateway": {
        # Dead letters are put back on the topic that they came from.
        ("topic", "pm.readings"): {"Describe", "Write"},
        ("topic", "pm.assessments"): {"Describe", "Read", "Write"},
        ("topic", "pm.dead-letters"): {"Describe", "Read", "Write"},
        ("group", "gateway-history"): {"Read"},
        ("topic", "pm.replay.readings"): {"Describe", "Write"},
        ("topic", "pm.replay.assessments"): {"Describe", "Read"},
        ("group", "gateway-replay"): {"Read"},
    },
}
# MiB beside what the charts ask for: the operator, and k3s with its add-ons.
OPERATOR_MI, SYSTEM_MI, NODE_MI = 512, 1640, 8192


def mebi(quantity: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)(Mi|Gi)", quantity).groups()  # type: ignore[union-attr]
    return float(number) * (1024 if unit == "Gi" else 1)


def memory(o: Object) -> float:
    """Memory limit of everything that one Strimzi resource runs, in MiB."""
    spec = o["spec"]
    if o["kind"] == "KafkaNodePool":
        return float(spec["replicas"] * mebi(spec["resources"]["limits"]["memory"]))
    operators = spec["entityOperator"]
    return sum(mebi(operators[name]["resources"]["limits"]["memory"]) for name in ("topicOperator", "userOperator"))


@pytest.mark.parametrize("profile", PROFILES)
def test_topics_are_those_of_the_code(profile: str) -> None:
    found = objects(case(KAFKA, profile))
    assert {o["metadata"]["name"] for o in of_kind(found, "KafkaTopic")} == set(ALL)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_user_may_do_exactly_what_its_service_does(profile: str) -> None:
    users = of_kind(objects(case(KAFKA, profile)), "KafkaUser")
    found = {}
    for user in users:
        assert user["spec"]["authentication"] == {"type": "scram-sha-512"}
        assert user["metadata"]["labels"]["strimzi.io/cluster"] == "pm"
        acls = user["spec"]["authorization"]["acls"]
        assert all(acl["resource"]["patternType"] == "literal" for acl in acls)
        found[user["metadata"]["name"]] = {
            (acl["resource"]["type"], acl["resource"]["name"]): set(acl["operations"]) for acl in acls
        }
    assert found == MAY


@pytest.mark.parametrize("profile", PROFILES)
def test_the_platform_finds_the_listener_and_the_secrets_that_strimzi_makes(profile: str) -> None:
    cluster = named(objects(case(KAFKA, profile, cluster="line1")), "Kafka", "line1")
    (listener,) = cluster["spec"]["kafka"]["listeners"]
    assert (listener["tls"], listener["authentication"]) == (True, {"type": "scram-sha-512"})
    assert listener["networkPolicyPeers"], "without peers Strimzi opens the listener to every namespace"
    database = {"existingSecret": "platform-database"}
    platform = objects(case(PLATFORM, "values-single-node.yaml", kafka={"cluster": "line1"}, database=database))
    for component, user in (("ingest", "ingest"), ("gateway", "gateway"), ("inference-stream", "inference-stream")):
        pod = named(platform, "Deployment", f"-{component}")["spec"]["template"]
        environment = {e["name"]: e["value"] for e in pod["spec"]["containers"][0]["env"]}
        assert environment["KAFKA_BOOTSTRAP_SERVERS"] == f"line1-kafka-bootstrap:{listener['port']}"
        assert environment["KAFKA_SECURITY_PROTOCOL"] == "SASL_SSL"
        assert environment["KAFKA_USERNAME"] == user
        secrets = {v["secret"]["secretName"] for v in pod["spec"]["volumes"] if "secret" in v}
        assert {user, "line1-cluster-ca-cert"} <= secrets
        labels = pod["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "predictive-maintenance", "the listener lets these in"


def test_copies_fit_the_brokers() -> None:
    for profile, copies, in_sync, brokers in ((PROFILES[0], 1, 1, 1), (PROFILES[1], 3, 2, 3)):
        found = objects(case(KAFKA, profile))
        pools = of_kind(found, "KafkaNodePool")
        assert sum(p["spec"]["replicas"] for p in pools if "broker" in p["spec"]["roles"]) == brokers
        config = named(found, "Kafka", "pm")["spec"]["kafka"]["config"]
        assert config["auto.create.topics.enable"] is False
        assert {v for k, v in config.items() if "replication.factor" in k} == {copies}
        for topic in of_kind(found, "KafkaTopic"):
            assert topic["spec"]["replicas"] == copies
            assert topic["spec"]["config"]["min.insync.replicas"] == in_sync
            assert topic["spec"]["config"]["message.timestamp.type"] == "LogAppendTime"


def test_a_single_node_can_be_emptied_in_any_order_and_production_keeps_its_data() -> None:
    single = objects(case(KAFKA, PROFILES[0]))
    switch = named(single, "Kafka", "pm")["spec"]["entityOperator"]["template"]["topicOperatorContainer"]["env"]
    assert switch == [{"name": "STRIMZI_USE_FINALIZERS", "value": "false"}]
    production = objects(case(KAFKA, PROFILES[1]))
    for o in of_kind(production, "Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser"):
        assert o["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    for pool in of_kind(single + production, "KafkaNodePool"):
        assert all(volume["deleteClaim"] is False for volume in pool["spec"]["storage"]["volumes"])


def test_the_single_node_profile_fits_a_node_with_8_gib() -> None:
    kafka = sum(memory(o) for o in of_kind(objects(case(KAFKA, PROFILES[0])), "Kafka", "KafkaNodePool"))
    platform = sum(
        mebi(container["resources"]["limits"]["memory"])
        for o in of_kind(objects(case(PLATFORM, "values-single-node.yaml")), "Deployment", "StatefulSet")
        for container in o["spec"]["template"]["spec"]["containers"]
    )
    # And 512 MiB for the pod that a rollout has more, of the largest kind.
    print(f"Kafka {kafka:g} MiB, platform {platform:g} MiB, operator {OPERATOR_MI}, system {SYSTEM_MI}")
    assert kafka + platform + OPERATOR_MI + SYSTEM_MI + 512 <= NODE_MI
    operator = yaml.safe_load((KAFKA / "values-operator.yaml").read_text())
    assert operator["resources"]["limits"]["memory"] == f"{OPERATOR_MI}Mi"
    environment: list[dict[str, Any]] = operator["extraEnvs"]
    assert {"name": "STRIMZI_POD_SECURITY_PROVIDER_CLASS", "value": "restricted"} in environment


def test_no_chart_brings_an_operator_or_a_definition() -> None:
    for chart in (KAFKA, PLATFORM):
        assert "dependencies" not in yaml.safe_load((chart / "Chart.yaml").read_text())
        assert not (chart / "crds").exists()
        assert not (chart / "charts").exists()
    assert "CustomResourceDefinition" not in json.dumps(objects(case(KAFKA)))
