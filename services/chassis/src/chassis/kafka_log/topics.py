"""Creation of the topics: idempotent, with partitions, copies and retention from the settings."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType

from chassis.event_log import LogError, LogUnavailable
from chassis.kafka_log.connection import REQUEST_TIMEOUT_MS, Connection
from chassis.topics import DEAD_LETTERS

_CONNECT_S = 5.0
_RETRY_S = 0.5
_RECORD_BYTES = 2**20 + 12  # Kafka's own default: 1 MiB and the frame around it
# A dead letter carries what was refused, which may be as big as a record can be, and why.
_DEAD_LETTER_BYTES = _RECORD_BYTES + 64 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """How topics are made. An event is acknowledged once `min_insync_replicas` of its copies have it."""

    partitions: int
    replication_factor: int
    min_insync_replicas: int
    retention_s: float


def create_topics(connection: Connection, topics: Sequence[str], layout: Layout, within_s: float) -> list[str]:
    """Create those of `topics` that are missing and bring the settings of all to `layout`; one sentence for each.

    The partitions and copies of a topic that exists are left alone: more partitions would send a machine's readings
    to another partition and break their order. Waits up to `within_s` seconds for the brokers. Raises LogUnavailable
    when they do not answer in time, LogError when they refuse.
    """
    deadline = time.monotonic() + within_s
    while True:
        try:
            admin = connection.open(
                KafkaAdminClient,
                min(_CONNECT_S, max(0.1, deadline - time.monotonic())),
                request_timeout_ms=REQUEST_TIMEOUT_MS,
            )
            try:
                return _create(admin, topics, layout, deadline)
            finally:
                admin.close()
        except (LogUnavailable, kafka_errors.RetriableError) as error:
            if time.monotonic() + _RETRY_S > deadline:
                raise LogUnavailable(f"the topics could not be made within {within_s:g} s: {error}") from error
            time.sleep(_RETRY_S)
        except kafka_errors.KafkaError as error:
            raise LogError(f"the brokers refuse to make the topics: {error}") from error


def _create(admin: Any, topics: Sequence[str], layout: Layout, deadline: float) -> list[str]:
    existing = set(admin.list_topics())
    missing = [topic for topic in topics if topic not in existing]
    if missing:
        wanted = {
            topic: {
                "num_partitions": layout.partitions,
                "replication_factor": layout.replication_factor,
                "configs": _configs(topic, layout),
            }
            for topic in missing
        }
        for answer in admin.create_topics(wanted, raise_errors=False)["topics"]:
            _judge(answer)
        admin.wait_for_topics(missing, timeout_ms=max(1_000, int((deadline - time.monotonic()) * 1_000)))
    known = [topic for topic in topics if topic in existing]
    if known:
        _configure(admin, {topic: _configs(topic, layout) for topic in known})
    said = []
    for found in admin.describe_topics(list(topics)):
        name, count = found["name"], len(found["partitions"])
        what = "created" if name in missing else "exists"
        note = "" if count == layout.partitions else f", left alone: the setting says {layout.partitions}"
        said.append(f"{name} {what} with {count} partitions{note}")
    return said


def _configure(admin: Any, configs: Mapping[str, Mapping[str, str]]) -> None:
    """Bring the settings of topics that exist to `configs`. Raises LogError when the brokers refuse."""
    wanted = [ConfigResource(ConfigResourceType.TOPIC, topic, settings) for topic, settings in configs.items()]
    # The client's own check of names takes settings that may not be read for settings that do not exist.
    for answers in admin.alter_configs(wanted, raise_on_unknown=False).values():
        for topic, answer in answers.items():
            if answer != "OK":
                raise LogError(f"the settings of {topic} cannot be changed: {answer}")


def _judge(answer: Any) -> None:
    """Raises what the broker's answer for one topic means; that somebody else has just made it is fine."""
    error = kafka_errors.for_code(answer["error_code"])
    if error in (kafka_errors.NoError, kafka_errors.TopicAlreadyExistsError):
        return
    if issubclass(error, kafka_errors.RetriableError):
        raise error(answer["error_message"])
    hint = ""
    if error is kafka_errors.InvalidReplicationFactorError:
        hint = "; set KAFKA_REPLICATION_FACTOR and KAFKA_MIN_INSYNC_REPLICAS, or start more brokers"
    raise LogError(f"{answer['name']} cannot be made: {answer['error_message'] or error.__name__}{hint}")


def _configs(topic: str, layout: Layout) -> dict[str, str]:
    return {
        "min.insync.replicas": str(layout.min_insync_replicas),
        "retention.ms": str(int(layout.retention_s * 1_000)),
        "cleanup.policy": "delete",
        "unclean.leader.election.enable": "false",
        # The broker's clock: with the sender's, records of a host that is an hour ahead would be refused.
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(_DEAD_LETTER_BYTES if topic == DEAD_LETTERS else _RECORD_BYTES),
    }
