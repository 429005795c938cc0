"""A reader of all partitions of its topics, without a group, from the end that the log has when it is made.

A topic or a partition that appears later is read from its beginning. Belongs to one thread after it is made.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaConsumer
from kafka import errors as kafka_errors
from kafka.structs import TopicPartition as KafkaPartition

from chassis.event_log import Fenced, LogError, LogUnavailable, Record, TopicPartition
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.joining import CONNECT_S, FETCH
from chassis.kafka_log.reader import LOOK_MS, Reader
from chassis.kafka_log.rejoin import topics_known

log = logging.getLogger(__name__)
_LOOK_FOR_TOPICS_S = 2.0
_METADATA_MS = 5_000
_LOST_S = 20.0


class Tail:
    """A Consumer that commits nothing. Raises LogUnavailable when no broker answers while it is made."""

    def __init__(self, connection: Connection, topics: Sequence[str]) -> None:
        self._connection, self._topics = connection, tuple(topics)
        self._paused = self._closed = False
        self._reader = Reader(self._opened())
        try:
            self._assign(self._found())
            self._to_the_end()
        except LogUnavailable:
            self.close(1.0)
            raise
        self._looked_at = self._answered_at = time.monotonic()

    def _opened(self) -> Any:
        options = {"group_id": None, "metadata_max_age_ms": _METADATA_MS, **FETCH}
        return self._connection.open(KafkaConsumer, CONNECT_S, **options)

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """See the port. An outage after the start gives nothing; what was published meanwhile comes after it."""
        if self._closed:
            raise LogError("the consumer is closed")
        if time.monotonic() - self._looked_at > _LOOK_FOR_TOPICS_S:
            self._look_for_partitions()
        fetched = self._reader.fetch(timeout_s)
        if fetched:
            self._answered_at = time.monotonic()
        self._reader.shelve(fetched)
        return [] if self._paused else self._reader.take(max_records)

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:  # noqa: ARG002 - the port's signature
        raise LogError("a tail belongs to no group and commits nothing")

    def pause(self) -> None:
        self._paused = True
        self._reader.client.pause(*self._reader.client.assignment())

    def resume(self) -> None:
        self._paused = False
        self._reader.client.resume(*self._reader.client.assignment())

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition not in self._reader.positions:
            raise Fenced(f"{partition.topic}/{partition.partition} is not read by this tail")
        self._reader.seek(partition, offset)

    def seek_to_beginning(self) -> None:
        self._reader.seek_to_beginning()

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._reader.positions)

    def lag(self) -> dict[TopicPartition, int]:
        self._reader.refresh()
        return self._reader.lag()

    def missed(self) -> int:
        return self._reader.missed

    def close(self, timeout_s: float) -> None:
        if self._closed:
            return
        self._closed = True
        _close(self._reader.client, timeout_s)

    def _found(self) -> set[TopicPartition]:
        """All partitions of the topics that exist. Raises LogUnavailable."""
        client = self._reader.client
        try:
            known = topics_known(client, self._topics, LOOK_MS)
        except kafka_errors.KafkaError as error:
            raise LogUnavailable(f"the topics are not known: {error}") from error
        return {TopicPartition(topic, number) for topic in known for number in client.partitions_for_topic(topic)}

    def _look_for_partitions(self) -> None:
        self._looked_at = time.monotonic()
        try:
            if self._looked_at - self._answered_at > _LOST_S:
                self._begin_anew()
            found = self._found()
            if new := found - self._reader.positions.keys():
                self._assign(found)
                starts = self._reader.oldest(sorted(new))
                for partition, offset in starts.items():
                    self._reader.seek(partition, offset)
            if time.monotonic() - self._answered_at > _LOOK_FOR_TOPICS_S:
                self._reader.refresh()  # the topics may be known from before; the ends have to be asked for
                self._answered_at = time.monotonic()
        except LogUnavailable as error:
            log.debug("new topics cannot be looked for", extra={"error": str(error)})

    def _begin_anew(self) -> None:
        """Ask at the configured addresses again: the client knows only those it was told last, and all may be gone.

        Raises LogUnavailable when nobody is there either.
        """
        lost, self._reader.client = self._reader.client, self._opened()
        _close(lost, 1.0)
        self._assign(set(self._reader.positions))

    def _assign(self, found: set[TopicPartition]) -> None:
        """Read all of `found`; assigning again forgets the client's positions, so they are told again."""
        if not found:
            return
        client: Any = self._reader.client
        client.assign([KafkaPartition(*partition) for partition in sorted(found)])
        for partition, position in self._reader.positions.items():
            self._reader.seek(partition, position)
        if self._paused:
            self.pause()

    def _to_the_end(self) -> None:
        ends = self._reader.ends([TopicPartition(*name) for name in self._reader.client.assignment()])
        for partition, offset in ends.items():
            self._reader.seek(partition, offset)


def _close(client: Any, timeout_s: float) -> None:
    try:
        client.close(autocommit=False, timeout_ms=int(timeout_s * 1_000))
    except kafka_errors.KafkaError as error:
        log.warning("a tail did not close cleanly", extra={"error": str(error)})
