"""How a consumer client comes to a group: its settings, the topics it needs, and whether having nothing is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer
from kafka import errors as kafka_errors
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.structs import MemberState

from chassis.event_log import LogUnavailable
from chassis.kafka_log.connection import REQUEST_TIMEOUT_MS, Connection
from chassis.kafka_log.reader import LOOK_MS
from chassis.kafka_log.rejoin import remember_rejoin, topics_known

CONNECT_S = 3.0
FETCH: dict[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "allow_auto_create_topics": False,
    "request_timeout_ms": REQUEST_TIMEOUT_MS,
    "max_partition_fetch_bytes": 512 * 1024,
    "fetch_max_bytes": 8 * 2**20,
    "metrics_enabled": False,
    # No deserializer: one that raises stops poll() for ever (kafka-python 3.0.12). Bytes go to our own decoder.
}


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group and the clocks of its members, in seconds."""

    name: str
    topics: tuple[str, ...]
    session_timeout_s: float
    max_poll_interval_s: float


def join(connection: Connection, group: Group, listener: Any) -> Any:
    """A client that joins `group` with its first poll. Raises LogUnavailable, also when a topic does not exist."""
    client = connection.open(
        KafkaConsumer,
        CONNECT_S,
        group_id=group.name,
        partition_assignment_strategy=[RangePartitionAssignor],
        session_timeout_ms=int(group.session_timeout_s * 1_000),
        heartbeat_interval_ms=min(3_000, int(group.session_timeout_s * 1_000 / 3)),
        max_poll_interval_ms=int(group.max_poll_interval_s * 1_000),
        **FETCH,
    )
    try:
        require(client, group.topics)
    except LogUnavailable:
        client.close(autocommit=False, timeout_ms=LOOK_MS)
        raise
    client.subscribe(group.topics, listener=listener)
    remember_rejoin(client)
    return client


def require(client: Any, topics: Sequence[str]) -> None:
    """Raises LogUnavailable when one of `topics` does not exist or nobody knows."""
    try:
        missing = set(topics) - topics_known(client, topics, LOOK_MS)
    except kafka_errors.KafkaError as error:
        raise LogUnavailable(f"the topics are not known: {error}") from error
    if missing:
        raise LogUnavailable(f"{', '.join(sorted(missing))} does not exist; pm-topics creates the topics")


def is_spare(connection: Connection, group: Group, client: Any) -> bool:
    """Whether a member without partitions has none for a reason: others own all of them. Raises LogUnavailable."""
    if client.group_metadata().state != MemberState.STABLE:
        return False
    wanted = {(topic, partition) for topic in group.topics for partition in client.partitions_for_topic(topic)}
    admin = connection.open(KafkaAdminClient, CONNECT_S, request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        found = admin.describe_groups([group.name])[group.name]
    except kafka_errors.KafkaError as error:
        raise LogUnavailable(f"the group cannot be described: {error}") from error
    finally:
        admin.close()
    owned = {
        (assigned["topic"], partition)
        for member in found["members"]
        for assigned in (member["member_assignment"] or {}).get("assigned_partitions", [])
        for partition in assigned["partitions"]
    }
    return wanted <= owned
