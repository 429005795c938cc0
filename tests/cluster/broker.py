"""Strimzi's work by hand, because its images cannot be had here: the broker, topics, users and rights of charts/kafka.

The resources are read back from the API server, which has held them to Strimzi's definitions. Secrets get the names
of values-external-kafka.yaml.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import kafka
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from tests.cluster.forward import Forward
from tests.cluster.images import reference
from tests.cluster.namespace import CHART, Namespace
from tools.kafka.certificates import make_certificates

KAFKA_CHART = CHART.parent / "kafka"
BOOTSTRAP = "kafka:9093"
_OPERATIONS = {"Describe": ACLOperation.DESCRIBE, "Read": ACLOperation.READ, "Write": ACLOperation.WRITE}
_TYPES = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP}


def start(namespace: Namespace, folder: Path, port: int) -> None:
    """A ready broker whose listener for the tests is on `port`, without topics and users yet."""
    names = ("kafka", f"kafka.{namespace.name}.svc", f"kafka.{namespace.name}.svc.cluster.local")
    certificates = make_certificates(folder / "tls", names)
    namespace.secret("kafka-broker", broker_pem=certificates.broker_file.read_text())
    namespace.secret("kafka-ca", ca_crt=certificates.ca_file.read_text())
    manifest = Template(Path(__file__).with_name("kafka.yaml").read_text())
    namespace.kubectl("apply", "-f", "-", text=manifest.substitute(port=port, image=reference("kafka-stand-in")))
    namespace.kubectl("rollout", "status", "statefulset/kafka", "--timeout=180s")


def reconcile(namespace: Namespace, forward: Forward) -> None:
    """Make the topics, users and rights that the namespace's Strimzi resources ask for. Raises KafkaError."""
    admin = kafka.KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{forward.port}")
    try:
        topics = {
            each["metadata"]["name"]: {
                "num_partitions": each["spec"]["partitions"],
                "replication_factor": each["spec"]["replicas"],
                "configs": {name: str(value) for name, value in each["spec"]["config"].items()},
            }
            for each in namespace.objects("kafkatopics.kafka.strimzi.io")
        }
        admin.create_topics(topics, wait_for_metadata=True)
        for user in namespace.objects("kafkausers.kafka.strimzi.io"):
            name, password = user["metadata"]["name"], secrets.token_urlsafe(24)
            namespace.secret(f"kafka-{name}", password=password)
            credential = UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password, iterations=4096)
            told = admin.alter_user_scram_credentials([credential])
            assert not any(told.values()), told
            told = admin.create_acls(list(_rights(name, user["spec"]["authorization"]["acls"])))
            assert not told["failed"], told
    finally:
        admin.close()


def _rights(user: str, rules: list[dict[str, Any]]) -> Iterator[ACL]:
    for rule in rules:
        where = rule["resource"]
        assert where["patternType"] == "literal", rule
        pattern = ResourcePattern(_TYPES[where["type"]], where["name"], ACLResourcePatternType.LITERAL)
        for operation in rule["operations"]:
            yield ACL(f"User:{user}", "*", _OPERATIONS[operation], ACLPermissionType.ALLOW, pattern)
