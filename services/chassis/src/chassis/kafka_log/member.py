"""A member of a Kafka consumer group. Connects and joins with the first poll; belongs to one thread."""

import logging
import time
from collections.abc import Mapping
from typing import Any

from kafka import ConsumerRebalanceListener
from kafka import errors as kafka_errors
from kafka.structs import MemberState, OffsetAndMetadata
from kafka.structs import TopicPartition as KafkaPartition

from chassis.event_log import Fenced, LogError, LogUnavailable, Record, TopicPartition
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.joining import Group, is_spare, join
from chassis.kafka_log.reader import LOOK_MS, Reader

log = logging.getLogger(__name__)
COMMIT_S = 5.0
AWAY_S = 3.0  # a broker that has not answered for this long is asked, and reported when it still does not
ASSIGN_S = 15.0


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes, on the client's thread, which partitions stayed ours through every generation of the group."""

    def __init__(self) -> None:
        self.is_new = False
        self.kept: set[TopicPartition] = set()
        self.client: Any = None
        self._generation, self._member_id = -1, ""

    def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Nothing: with the range assignor what stays ours keeps its position."""

    def on_partitions_assigned(self, assigned: set[Any]) -> None:
        group = self.client.group_metadata()
        # Who missed a generation does not know what others did with its partitions meanwhile. The client itself
        # keeps its positions then, when the broker tells it in the middle of a rejoin that it is out.
        if (group.generation_id, group.member_id) != (self._generation + 1, self._member_id):
            self.kept = set()
        self.kept &= assigned
        self._generation, self._member_id = group.generation_id, group.member_id
        self.is_new = True

    def on_partitions_lost(self, lost: set[Any]) -> None:
        self.kept -= lost
        self.is_new = True


class GroupMember:
    """A Consumer of `group`."""

    def __init__(self, connection: Connection, group: Group) -> None:
        self._connection, self._group = connection, group
        self._reader: Reader | None = None
        self._rebalances = _Rebalances()
        self._floors: dict[TopicPartition, int] = {}
        self._paused = self._closed = False
        self._missed = 0
        self._answered_at = self._assigned_at = time.monotonic()

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """See the port. Raises LogUnavailable when the brokers do not answer or a topic is missing."""
        if self._closed:
            raise LogError("the consumer is closed")
        reader = self._joined()
        try:
            if not self._turn(reader, timeout_s):
                self._notice_silence(reader)
            self._notice_no_assignment(reader)
        except LogUnavailable:
            self._notice_lost_way()
            raise
        return [] if self._paused else reader.take(max_records)

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        if not offsets:
            return  # nothing is claimed, also not by a member that is just about to join anew
        if self._closed or self._reader is None:
            raise Fenced(f"this consumer is no member of {self._group.name}")
        deadline = time.monotonic() + COMMIT_S
        while not self._committed(self._reader, offsets):
            if time.monotonic() > deadline:
                raise Fenced(f"{self._group.name} is being rebalanced")
            # A rebalance began while the batch was in hand: finish it; what is still ours can be committed then.
            self._turn(self._reader, 0.1)

    def _committed(self, reader: Reader, offsets: Mapping[TopicPartition, int]) -> bool:
        """Store what is above the stored offsets; False while a rebalance is under way. Raises Fenced."""
        if self._rebalances.is_new:
            self._settle(reader)
        if lost := offsets.keys() - self.assignment():
            names = ", ".join(f"{topic}/{partition}" for topic, partition in sorted(lost))
            raise Fenced(f"{names} belongs to another member of {self._group.name} now")
        higher = {name: offset for name, offset in offsets.items() if offset > self._floors[name]}
        if not higher:
            return True
        request = {KafkaPartition(*name): OffsetAndMetadata(offset, "", -1) for name, offset in higher.items()}
        try:
            reader.client.commit(request, timeout_ms=int(COMMIT_S * 1_000))
        except kafka_errors.RebalanceInProgressError:
            return False
        except (kafka_errors.CommitFailedError, kafka_errors.IllegalGenerationError) as error:
            raise Fenced(f"the group {self._group.name} went on without this member: {error}") from error
        except kafka_errors.KafkaError as error:
            raise LogUnavailable(f"offsets cannot be committed: {error}") from error
        self._floors |= higher
        return True

    def pause(self) -> None:
        self._paused = True
        self._tell_paused()

    def resume(self) -> None:
        self._paused = False
        if self._reader is not None:
            self._reader.client.resume(*self._reader.client.assignment())

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if self._reader is None or partition not in self.assignment():
            raise Fenced(f"{partition.topic}/{partition.partition} is not assigned to this consumer")
        self._reader.seek(partition, offset)

    def seek_to_beginning(self) -> None:
        if self._reader is not None:
            self._reader.seek_to_beginning()

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._reader.positions) if self._reader is not None else frozenset()

    def lag(self) -> dict[TopicPartition, int]:
        if self._reader is None:
            return {}
        try:
            self._reader.refresh()
        except LogUnavailable as error:
            # One broker of several may be away; poll() goes on with the others and says when all are silent.
            log.debug("ends of partitions are not known", extra={"error": str(error)})
        else:
            self._answered_at = time.monotonic()
        return self._reader.lag()

    def missed(self) -> int:
        return self._missed + (self._reader.missed if self._reader is not None else 0)

    def close(self, timeout_s: float) -> None:
        if self._closed:
            return
        self._closed = True
        self._discard(timeout_s)

    def _joined(self) -> Reader:
        if self._reader is None:
            self._rebalances = _Rebalances()
            client = join(self._connection, self._group, self._rebalances)
            self._rebalances.client, self._reader = client, Reader(client)
            self._answered_at = self._assigned_at = time.monotonic()
            self._tell_paused()
        return self._reader

    def _notice_silence(self, reader: Reader) -> None:
        """kafka-python's poll says nothing about brokers that are away. Raises LogUnavailable when they are."""
        if time.monotonic() - self._answered_at > AWAY_S:
            reader.refresh()
            self._answered_at = time.monotonic()

    def _notice_lost_way(self) -> None:
        """A member that nobody has answered for two sessions is out of its group, and begins anew.

        kafka-python asks only the addresses it was told last: when all of them have changed, it asks nobody for ever.
        """
        silent_s = time.monotonic() - self._answered_at
        if silent_s > 2 * self._group.session_timeout_s:
            log.warning(
                "no broker answers where they were, the consumer is made anew",
                extra={"group": self._group.name, "silent_s": round(silent_s, 1)},
            )
            self._discard(1.0)

    def _notice_no_assignment(self, reader: Reader) -> None:
        """A member that has nothing for long, though the others do not own everything, begins anew."""
        now = time.monotonic()
        if reader.positions and reader.client.group_metadata().state == MemberState.STABLE:
            self._assigned_at = now
        if now - self._assigned_at < ASSIGN_S:
            return
        self._assigned_at = now
        if not is_spare(self._connection, self._group, reader.client):
            log.error("consumer without an assignment, it is made anew", extra={"group": self._group.name})
            self._discard(1.0)

    def _discard(self, timeout_s: float) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        self._missed += reader.missed
        try:
            reader.client.close(autocommit=False, timeout_ms=int(timeout_s * 1_000))
        except kafka_errors.KafkaError as error:
            log.warning(
                "left the group without notice; others wait for the session timeout", extra={"error": str(error)}
            )

    def _turn(self, reader: Reader, timeout_s: float) -> bool:
        """One poll of the client: membership, rebalances, records; whether records came. Raises LogUnavailable."""
        fetched = reader.fetch(timeout_s)
        if self._rebalances.is_new:
            try:
                self._settle(reader)
            except LogUnavailable:
                reader.rewind(fetched)
                raise
            # What was just fetched may come from positions that do not count any more; it comes again.
            reader.rewind(fetched)
            return True
        reader.shelve(fetched)
        if fetched:
            self._answered_at = time.monotonic()
        return bool(fetched)

    def _settle(self, reader: Reader) -> None:
        """After a rebalance: learn what is ours, where it starts and what is committed. Raises LogUnavailable."""
        owned = reader.client.assignment()
        try:
            committed = {name: reader.client.committed(name, timeout_ms=LOOK_MS) for name in owned}
        except kafka_errors.KafkaError as error:
            raise LogUnavailable(f"committed offsets cannot be read: {error}") from error
        starts = reader.oldest([TopicPartition(*name) for name in owned])
        starts |= {TopicPartition(*name): offset for name, offset in committed.items() if offset is not None}
        self._rebalances.is_new = False
        for gone in reader.positions.keys() - self._rebalances.kept:
            reader.remove(gone)
        self._floors = {TopicPartition(*name): offset or 0 for name, offset in committed.items()}
        for partition in starts.keys() - reader.positions.keys():
            reader.seek(partition, starts[partition])
        self._rebalances.kept = set(reader.positions)
        self._tell_paused()
        names = sorted(f"{topic}/{partition}" for topic, partition in owned)
        log.info("partitions assigned", extra={"group": self._group.name, "partitions": names})

    def _tell_paused(self) -> None:
        if self._paused and self._reader is not None:
            self._reader.client.pause(*self._reader.client.assignment())
