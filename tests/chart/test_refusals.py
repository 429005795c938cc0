"""Values that cannot work are refused by both Helms, with words that name the value."""

from typing import Any

import pytest

from tests.chart.rendering import DATABASE, HOST, KAFKA, PLATFORM, Refused, case, merged, text

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
BASE: dict[str, Any] = {"database": DATABASE}
EXTERNAL = {
    "mode": "external",
    "bootstrapServers": "kafka:9093",
    "users": {u: {"existingSecret": "s"} for u in ("ingest", "inferenceStream", "gateway")},
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ingres": {"enabled": True}}, "ingres"),
    ({"gateway": {"replicas": 3}}, "replicas"),
    ({"kafka": {"mode": "redpanda"}}, "mode"),
    ({"kafka": {"bootstrapServers": "kafka:9092"}}, "kafka.bootstrapServers is set"),
    ({"kafka": {"mode": "external"}}, "kafka.bootstrapServers is empty"),
    ({"kafka": {**EXTERNAL, "bootstrapServers": "kafka"}}, "bootstrapServers"),
    ({"kafka": {**EXTERNAL, "users": {"ingest": {"existingSecret": ""}}}}, "existingSecret is empty"),
    ({"kafka": {"topics": {"create": True}}}, "charts/kafka makes the topics"),
    ({"kafka": {"topics": {"minInsyncReplicas": 4}}}, "nothing could ever be written"),
    ({"kafka": {"topics": {"partitions": 0}}}, "partitions"),
    ({"database": {"url": "postgresql+psycopg://gateway:secret@postgres/gateway"}}, "url"),
    ({"database": {"existingSecret": ""}}, "database.existingSecret is empty"),
    ({"database": {"url": ""}}, "database.url is empty"),
    ({"database": {"mode": "trial"}}, "database.url is set"),
    ({"kafka": {"mode": "embedded"}, "database": {"mode": "trial"}}, "keeps its data in its own volume"),
    ({"ingress": {"enabled": True}}, "ingress.host is empty"),
    ({"ingress": {"enabled": True, "host": "Plant Example"}}, "host"),
    ({"httpRoute": {"enabled": True}, "ingress": HOST}, "httpRoute.parentRefs is empty"),
    ({"termination": {"preStopSeconds": 25}}, "termination.graceSeconds is 30"),
    ({"inference": {"serve": {"scaling": {"mode": "keda"}}}}, "consumes no topic"),
    ({"inference": {"serve": {"scaling": {"mode": "hpa", "min": 5, "max": 2}}}}, "is above scaling.max"),
    ({"inference": {"stream": {"scaling": {"mode": "fixed", "replicas": 7}}}}, "only 6 partitions"),
    ({"inference": {"image": {"tag": "latest"}}}, "tag"),
    ({"inference": {"image": {"digest": "sha256:abc"}}}, "digest"),
    ({"inference": {"settings": {"inference_batch": 5}}}, "inference_batch"),
    ({"inference": {"serve": {"resources": {"limits": {"memory": "512MB"}}}}}, "memory"),
    ({"logs": {"level": "LOUD"}}, "level"),
    ({"monitoring": {"rules": {"objective": 99.9}}}, "objective"),
    ({"telemetry": {"endpoint": "collector:4317"}}, "endpoint"),
]
WRONG_KAFKA: list[tuple[dict[str, Any], str]] = [
    ({"kafka": {"replicationFactor": 2}}, "only 1 brokers"),
    ({"kafka": {"minInsyncReplicas": 2}}, "minInsyncReplicas"),
    ({"kafka": {"pools": {"dual": {"replicas": 2}}}}, "odd number"),
    ({"kafka": {"pools": {"dual": {"roles": ["controller"]}}}}, "no pool with the role broker"),
    ({"kafka": {"pools": {"dual": {"storge": {}}}}}, "storge"),
    ({"kafka": {"version": "3.9.0"}}, "version"),
    ({"topics": {"partitions": 0}}, "partitions"),
    ({"cruiseControl": {"enabled": True}}, "two brokers"),
    ({"metrics": {"podMonitor": {"enabled": True}}}, "needs metrics.enabled"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[words for _, words in WRONG])
def test_wrong_values_of_the_platform_are_refused(wrong: dict[str, Any], words: str) -> None:
    for helm in ("helm", "helm3"):
        with pytest.raises(Refused, match=words.replace(".", r"\.")):
            text(case(PLATFORM, **merged(BASE, wrong)), helm)


@pytest.mark.parametrize(("wrong", "words"), WRONG_KAFKA, ids=[words for _, words in WRONG_KAFKA])
def test_wrong_values_of_kafka_are_refused(wrong: dict[str, Any], words: str) -> None:
    for helm in ("helm", "helm3"):
        with pytest.raises(Refused, match=words.replace(".", r"\.")):
            text(case(KAFKA, **wrong), helm)


def test_what_the_wrong_values_were_made_from_is_taken() -> None:
    text(case(PLATFORM, **BASE))
    text(case(PLATFORM, **merged(BASE, {"kafka": EXTERNAL})))
    text(case(KAFKA))
