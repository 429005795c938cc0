"""TLS and SCRAM-SHA-512 against a real broker, as Strimzi's users need them: a CA file and a password file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from chassis.event_log import Event, LogUnavailable
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.kafka_log.topics import Layout, create_topics
from chassis.open_log import connection, open_log
from chassis.settings import LogSettings, load
from tests.log.lab import after, collect, until
from tools.kafka.broker import GUEST
from tools.kafka.cluster import KafkaCluster
from tools.testing import StartKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
TOPIC = "pm.secure"


@pytest.fixture(scope="module")
def secure(start_kafka: StartKafka) -> KafkaCluster:
    """A broker that wants TLS and a password."""
    return start_kafka(secure=True)


@pytest.fixture
def settings(secure: KafkaCluster, monkeypatch: pytest.MonkeyPatch) -> LogSettings:
    """What a service reads from the environment that leads to the secure listener."""
    for name, value in secure.client_environment(secure=True).items():
        monkeypatch.setenv(name, value)
    return load(LogSettings)


def _is_refused_for(reason: str, way: Connection) -> str:
    """What polls say, once it contains `reason`; an attempt on a busy host may end before the broker has answered."""
    log = KafkaLog(way)
    consumer = log.consumer("workers", [TOPIC])
    said = ""

    def told() -> bool:
        nonlocal said
        with pytest.raises(LogUnavailable) as refusal:
            consumer.poll(1, 0.1)
        said = str(refusal.value)
        return reason in said

    try:
        until(told, reason)
    finally:
        consumer.close(1)
        log.close()
    return said


def test_events_go_and_come_over_tls_with_a_password(settings: LogSettings) -> None:
    create_topics(connection(settings), [TOPIC], Layout(3, 1, 1, 3_600), within_s=20)
    log = open_log(settings)
    producer, consumer, tail = log.producer(), log.consumer("workers", [TOPIC]), log.tail([TOPIC])
    try:

        def delivered() -> bool:
            try:
                return producer.publish([Event(TOPIC, b"M1", b"{}")])[0].exception(10) is None
            except LogUnavailable:
                return False

        until(delivered, "delivered")
        [record] = collect(consumer, 1)
        consumer.commit(after([record]))
        assert len(collect(tail, 1)) == 1
    finally:
        consumer.close(5)
        tail.close(5)
        log.close()


def test_a_wrong_password_is_refused_and_not_repeated_in_the_message(settings: LogSettings, tmp_path: Path) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("not-the-password\n")
    said = _is_refused_for(
        "wrong user name, password", connection(settings.model_copy(update={"password_file": wrong}))
    )
    assert "not-the-password" not in said


def test_a_broker_of_another_authority_is_refused(settings: LogSettings) -> None:
    _is_refused_for("CERTIFICATE_VERIFY_FAILED", connection(settings.model_copy(update={"ca_file": None})))


def test_a_password_file_that_vanished_is_said(settings: LogSettings, tmp_path: Path) -> None:
    gone = settings.model_copy(update={"password_file": tmp_path / "gone"})
    _is_refused_for("gone", connection(gone))


def _made_topics(secure: KafkaCluster, user: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | secure.client_environment(secure=True) | {"KAFKA_USERNAME": user}
    command = [sys.executable, "-m", "chassis.kafka_log", "--wait-s", "60"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_pm_topics_ends_in_one_sentence_for_a_user_without_rights(secure: KafkaCluster) -> None:
    none_exists = _made_topics(secure, GUEST)
    assert _made_topics(secure, secure.user).returncode == 0
    admin = KafkaAdminClient(bootstrap_servers=secure.bootstrap)
    refused = [none_exists]
    for right in (ACLOperation.DESCRIBE, ACLOperation.DESCRIBE_CONFIGS):
        topics = ResourcePattern(ResourceType.TOPIC, "*")
        [allowed] = admin.create_acls([ACL(f"User:{GUEST}", "*", right, ACLPermissionType.ALLOW, topics)])["succeeded"]
        assert allowed.operation == right
        refused.append(_made_topics(secure, GUEST))
    admin.close()
    for told in refused:
        assert (told.returncode, told.stdout) == (1, "")
        [sentence] = told.stderr.splitlines()
        assert sentence.startswith("pm-topics: ")
        assert "uthorization failed" in sentence
