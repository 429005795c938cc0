"""What a Kafka consumer has fetched and not yet delivered: positions, shelves of records, the ends of partitions.

A fetched record lies on the shelf of its partition until it is its turn, so that a busy partition does not keep its
neighbours waiting. Positions are those of the next record to deliver. Used by one thread.
"""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from kafka.errors import KafkaError
from kafka.structs import TopicPartition as KafkaPartition

from chassis.event_log import LogUnavailable, Record, TopicPartition

log = logging.getLogger(__name__)
LOOK_MS = 1_000
POLL_BYTES = 4 * 2**20
_SHELF_RECORDS = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Fetched = Mapping[Any, Sequence[Any]]


class Reader:
    """Reads the partitions in `positions` through `client`, a KafkaConsumer."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.positions: dict[TopicPartition, int] = {}
        self.missed = 0
        self._shelves: dict[TopicPartition, deque[Any]] = {}
        self._oldest: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, int] = {}
        self._turn = 0

    def remove(self, partition: TopicPartition) -> None:
        """Forget a partition that belongs to somebody else now."""
        for known in (self.positions, self._shelves, self._oldest, self._ends):
            known.pop(partition, None)

    def fetch(self, timeout_s: float) -> Fetched:
        """What the client brings within `timeout_s` seconds, at once when something lies on the shelves."""
        held = sum(map(len, self._shelves.values()))
        timeout_ms = 0 if held else int(timeout_s * 1_000)
        try:
            fetched: Fetched = self.client.poll(timeout_ms=timeout_ms, max_records=max(1, _SHELF_RECORDS - held))
        except KafkaError as error:
            raise LogUnavailable(f"the broker cannot be read: {error}") from error
        return fetched

    def shelve(self, fetched: Fetched) -> None:
        """Put fetched records on their shelves. Raises LogUnavailable, with the client back at where it was."""
        for name, records in fetched.items():
            partition = TopicPartition(*name)
            if partition not in self.positions:
                continue
            shelf = self._shelves[partition]
            expected = shelf[-1].offset + 1 if shelf else self.positions[partition]
            first = records[0].offset
            if first > expected:
                try:
                    self._account(partition, expected, first)
                except LogUnavailable:
                    self.rewind(fetched)
                    raise
            elif first < expected:
                # The log is shorter than what was read of it: a topic made anew, or an unclean leader election.
                log.error("the log moved back", extra={"partition": name, "from": expected, "to": first})
                shelf.clear()
            if not shelf:
                self.positions[partition] = first
            shelf.extend(records)

    def rewind(self, fetched: Fetched) -> None:
        """Bring the client back to where it was before it fetched; a partition we do not know has no such place."""
        for name, records in fetched.items():
            partition = TopicPartition(*name)
            shelf = self._shelves.get(partition)
            back = shelf[-1].offset + 1 if shelf else self.positions.get(partition, records[0].offset)
            if name in self.client.assignment():
                self.client.seek(name, back)

    def _account(self, partition: TopicPartition, expected: int, first: int) -> None:
        """Count what retention took between two records; offsets may also be skipped by the broker itself."""
        self._miss(partition, min(first, self.oldest([partition])[partition]) - expected)

    def _miss(self, partition: TopicPartition, count: int) -> None:
        if count <= 0:
            return
        self.missed += count
        log.error(
            "records dropped by retention before they were read",
            extra={"topic": partition.topic, "partition": partition.partition, "lost": count},
        )

    def take(self, most: int) -> list[Record]:
        """Up to `most` shelved records and about 4 MiB, a fair share from each partition first."""
        waiting = [partition for partition, shelf in self._shelves.items() if shelf]
        if not waiting:
            return []
        self._turn += 1
        first = self._turn % len(waiting)
        taken: list[Record] = []
        room = POLL_BYTES
        for quota in (-(-most // len(waiting)), most):
            for partition in waiting[first:] + waiting[:first]:
                room = self._move(partition, min(quota, most - len(taken)), room, taken)
        return taken

    def _move(self, partition: TopicPartition, most: int, room: int, taken: list[Record]) -> int:
        """Move up to `most` records from a shelf to `taken`; returns how many bytes may still be taken."""
        shelf = self._shelves[partition]
        for _ in range(min(most, len(shelf))):
            if room <= 0:
                break
            record = shelf.popleft()
            self.positions[partition] = record.offset + 1
            room -= len(record.value or b"")
            taken.append(_record_of(record))
        return room

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Continue at `offset`, which may be anywhere."""
        self.positions[partition], self._shelves[partition] = max(0, offset), deque()
        self.client.seek(KafkaPartition(*partition), max(0, offset))

    def refresh(self) -> None:
        """Learn the oldest offsets and the ends; a position that retention has overtaken jumps to the oldest.

        Raises LogUnavailable when the brokers do not answer within a second or two.
        """
        if not self.positions:
            return
        self._oldest, self._ends = self._bounds(list(self.positions))
        for partition, oldest in self._oldest.items():
            if self.positions[partition] < oldest and not self._shelves[partition]:
                self._miss(partition, oldest - self.positions[partition])
                self.seek(partition, oldest)

    def oldest(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The oldest retained offset of each of `partitions`. Raises LogUnavailable."""
        return self._bounds(partitions)[0] if partitions else {}

    def ends(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset of the next record of each of `partitions`. Raises LogUnavailable."""
        return self._bounds(partitions)[1] if partitions else {}

    def _bounds(
        self, partitions: Sequence[TopicPartition]
    ) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        names = [KafkaPartition(*partition) for partition in partitions]
        try:
            oldest = self.client.beginning_offsets(names, timeout_ms=LOOK_MS)
            ends = self.client.end_offsets(names, timeout_ms=LOOK_MS)
        except KafkaError as error:
            raise LogUnavailable(f"the broker does not answer: {error}") from error
        return _ours(oldest), _ours(ends)

    def lag(self) -> dict[TopicPartition, int]:
        """Records not delivered yet by partition, by the ends as known."""
        return {
            partition: max(0, self._ends.get(partition, position) - position)
            for partition, position in self.positions.items()
        }

    def seek_to_beginning(self) -> None:
        """Continue at the oldest record of each partition. Raises LogUnavailable."""
        for partition, offset in self.oldest(list(self.positions)).items():
            self.seek(partition, offset)


def _ours(offsets: Mapping[Any, int]) -> dict[TopicPartition, int]:
    return {TopicPartition(*name): offset for name, offset in offsets.items()}


def _record_of(fetched: Any) -> Record:
    return Record(
        fetched.topic,
        fetched.partition,
        fetched.offset,
        fetched.key,
        fetched.value or b"",
        tuple(fetched.headers),
        _EPOCH + timedelta(milliseconds=fetched.timestamp),
    )
