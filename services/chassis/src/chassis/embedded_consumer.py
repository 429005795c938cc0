"""Consumers of the embedded log: a member of a group, and a tail that reads everything from the end on.

Both read through a cursor; they differ in what entitles them to their lanes.
"""

import logging
import os
import secrets
import time
from collections.abc import Mapping, Sequence

from chassis import embedded_group
from chassis.embedded_cursor import Cursor, unavailable
from chassis.embedded_writer import Writer
from chassis.event_log import Fenced, LogError, LogUnavailable, Record, TopicPartition

log = logging.getLogger(__name__)


class GroupConsumer:
    """A member of a consumer group. Joins with the first poll."""

    def __init__(
        self, cursor: Cursor, writer: Writer, group: str, topics: Sequence[str], session_timeout_s: float
    ) -> None:
        self._cursor, self._writer = cursor, writer
        self._group, self._topics = group, tuple(topics)
        self._session_us = int(session_timeout_s * 1e6)
        # Members sort by the time they came, so that a newcomer takes lanes from the end.
        self._member = f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}"
        self._epoch = -1
        self._owned: dict[TopicPartition, int] = {}
        self._next_beat = 0.0

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        return self._cursor.poll(max_records, timeout_s, self._keep_membership)

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        group, member, owned = self._group, self._member, dict(self._owned)
        lost = self._writer.submit(lambda store: embedded_group.commit(store, group, member, owned, offsets))
        if lost:
            names = ", ".join(f"{topic}/{partition}" for topic, partition in lost)
            raise Fenced(f"{names} belongs to another member of {self._group} now")

    def pause(self) -> None:
        self._cursor.paused = True

    def resume(self) -> None:
        self._cursor.paused = False

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._cursor.seek(partition, offset)

    def seek_to_beginning(self) -> None:
        self._cursor.seek_to_beginning()

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._owned)

    def lag(self) -> dict[TopicPartition, int]:
        return self._cursor.lag()

    def missed(self) -> int:
        return self._cursor.missed

    def close(self, timeout_s: float) -> None:
        if self._cursor.closed:
            return
        self._cursor.close()
        group, member = self._group, self._member
        self._owned = {}
        if self._epoch < 0:
            return
        try:
            self._writer.submit(lambda store: embedded_group.leave(store, group, member), timeout_s)
        except LogUnavailable as error:
            log.warning(
                "left the group without notice; others wait for the session timeout", extra={"error": str(error)}
            )

    def _keep_membership(self) -> None:
        if self._cursor.closed:
            raise LogError("the consumer is closed")
        changed = self._cursor.changed()
        if time.monotonic() >= self._next_beat or (changed and self._group_epoch() != self._epoch):
            self._beat()
            changed = True
        if changed:
            self._cursor.refresh()

    def _group_epoch(self) -> int:
        with unavailable():
            row = self._cursor.reader.execute("SELECT epoch FROM groups WHERE name = ?", (self._group,)).fetchone()
        return int(row[0])

    def _beat(self) -> None:
        group, member, topics, session_us = self._group, self._member, self._topics, self._session_us
        now_us = time.time_ns() // 1_000
        membership = self._writer.submit(
            lambda store: embedded_group.beat(store, group, member, topics, now_us, session_us)
        )
        self._next_beat = time.monotonic() + session_us / 3e6
        self._epoch = membership.epoch
        # A lane with another epoch than before was away in between: its position is the committed one again.
        self._cursor.positions = {
            lane: self._cursor.positions[lane] if self._owned.get(lane) == owned.epoch else owned.start
            for lane, owned in membership.owned.items()
        }
        taken = {lane: owned.epoch for lane, owned in membership.owned.items()}
        if taken != self._owned:
            names = sorted(f"{topic}/{partition}" for topic, partition in taken)
            log.info("partitions assigned", extra={"group": group, "partitions": names})
        self._owned = taken


class TailConsumer:
    """Reads all partitions of its topics from the end at which it was made. Has no group and commits nothing."""

    def __init__(self, cursor: Cursor, topics: Sequence[str], partitions: int) -> None:
        self._cursor = cursor
        cursor.refresh()
        for topic in topics:
            for partition in range(partitions):
                name = TopicPartition(topic, partition)
                cursor.positions[name] = cursor.lanes[name].end if name in cursor.lanes else 0

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        return self._cursor.poll(max_records, timeout_s, self._look)

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:  # noqa: ARG002 - the port's signature
        raise LogError("a tail belongs to no group and commits nothing")

    def pause(self) -> None:
        self._cursor.paused = True

    def resume(self) -> None:
        self._cursor.paused = False

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._cursor.seek(partition, offset)

    def seek_to_beginning(self) -> None:
        self._cursor.seek_to_beginning()

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self._cursor.positions)

    def lag(self) -> dict[TopicPartition, int]:
        return self._cursor.lag()

    def missed(self) -> int:
        return self._cursor.missed

    def close(self, timeout_s: float) -> None:  # noqa: ARG002 - the port's signature
        self._cursor.close()

    def _look(self) -> None:
        if self._cursor.closed:
            raise LogError("the consumer is closed")
        if self._cursor.changed():
            self._cursor.refresh()
