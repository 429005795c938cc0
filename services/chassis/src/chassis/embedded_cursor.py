"""Positions in the file of the embedded log, and the reading from there on."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from chassis.embedded_queue import Bell
from chassis.embedded_store import OFFSET_BITS, Lane, decode_headers, read_lanes
from chassis.event_log import Fenced, LogUnavailable, Record, TopicPartition

log = logging.getLogger(__name__)
POLL_BYTES = 4 * 2**20
LOOK_EVERY_S = 0.05  # how often a waiting poll looks for records of other processes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@contextmanager
def unavailable() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise LogUnavailable(f"the event log cannot be read: {error}") from error


class Cursor:
    """Positions in the file and the reading from there on. Used by one thread at a time."""

    def __init__(self, reader: sqlite3.Connection, bell: Bell) -> None:
        self.reader = reader
        self.positions: dict[TopicPartition, int] = {}
        self.lanes: dict[TopicPartition, Lane] = {}
        self.paused = False
        self.closed = False
        self.missed = 0
        self._bell = bell
        self._version = -1
        self._turn = 0

    def poll(self, max_records: int, timeout_s: float, keep: Callable[[], None]) -> list[Record]:
        """Read or wait; `keep` is called before each look and keeps whatever entitles the consumer to its lanes."""
        deadline = time.monotonic() + timeout_s
        while True:
            rung = self._bell.count
            keep()
            records = [] if self.paused else self._read(max_records)
            left_s = deadline - time.monotonic()
            if records or left_s <= 0:
                return records
            self._bell.wait(rung, min(left_s, LOOK_EVERY_S))

    def changed(self) -> bool:
        """Whether any connection has written to the file since the last refresh."""
        with unavailable():
            return self._data_version() != self._version

    def refresh(self) -> None:
        """Learn the ends of the lanes; a position that retention has overtaken jumps to the oldest record."""
        with unavailable():
            version = self._data_version()
            self.lanes = {lane.name: lane for lane in read_lanes(self.reader)}
            self._version = version
        for name, position in self.positions.items():
            lane = self.lanes.get(name)
            if lane is not None and position < lane.oldest:
                log.warning(
                    "records dropped by retention before they were read",
                    extra={"topic": lane.topic, "partition": lane.partition, "lost": lane.oldest - position},
                )
                self.missed += lane.oldest - position
                self.positions[name] = lane.oldest

    def lag(self) -> dict[TopicPartition, int]:
        self.refresh()
        return {name: max(0, self._end(name) - position) for name, position in self.positions.items()}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition not in self.positions:
            raise Fenced(f"{partition.topic}/{partition.partition} is not assigned to this consumer")
        self.positions[partition] = max(0, offset)

    def seek_to_beginning(self) -> None:
        self.refresh()
        for name in self.positions:
            self.positions[name] = self.lanes[name].oldest if name in self.lanes else 0

    def _data_version(self) -> int:
        return int(self.reader.execute("PRAGMA data_version").fetchone()[0])

    def _end(self, name: TopicPartition) -> int:
        return self.lanes[name].end if name in self.lanes else 0

    def _read(self, max_records: int) -> list[Record]:
        waiting = [name for name, position in self.positions.items() if position < self._end(name)]
        if not waiting:
            return []
        # Each poll starts at another lane, so that a busy one does not starve its neighbours.
        self._turn += 1
        first = self._turn % len(waiting)
        records: list[Record] = []
        room = POLL_BYTES
        with unavailable(), self._snapshot():
            for name in waiting[first:] + waiting[:first]:
                if len(records) < max_records and room > 0:
                    room = self._read_lane(self.lanes[name], max_records, room, records)
        # Only now, when nothing can fail any more: a position that is ahead of what was delivered would lose records.
        for record in records:
            self.positions[TopicPartition(record.topic, record.partition)] = record.offset + 1
        return records

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """One view of the file for lanes and records: retention cannot slip in between."""
        self.reader.execute("BEGIN")
        try:
            self.refresh()
            yield
        finally:
            self.reader.execute("COMMIT")

    def _read_lane(self, lane: Lane, max_records: int, room: int, records: list[Record]) -> int:
        """Append the lane's next records; returns how many bytes may still be read."""
        start = lane.id << OFFSET_BITS
        rows = self.reader.execute(
            "SELECT id, appended_us, key, value, headers FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
            (start | self.positions[lane.name], start | lane.end, max_records - len(records)),
        )
        for row_id, appended_us, key, value, headers in rows:
            appended_at = _EPOCH + timedelta(microseconds=appended_us)
            kept = decode_headers(headers) if headers else ()
            offset = row_id - start
            records.append(Record(lane.topic, lane.partition, offset, key, value, kept, appended_at))
            room -= len(value) + len(headers or b"")
            if room <= 0:
                break
        rows.close()
        return room

    def close(self) -> None:
        self.closed = True
        self.reader.close()
