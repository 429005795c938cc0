"""The file of the embedded log: its schema, appending, reading and retention, as SQL on one connection.

A lane is one partition of one topic. A record's row id is `lane << 40 | offset`, so that a lane lies together in the
file, a read is one range scan, and offsets within a partition are dense from 0. Nothing here commits: the writer does.
"""

import sqlite3
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from chassis.event_log import Event, Headers, LogError, LogUnavailable, Position, TopicPartition

APPLICATION_ID = 0x504D4C47  # "PMLG": tells our files from other SQLite files
FORMAT = 1
OFFSET_BITS = 40
SCHEMA = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE lanes (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
    " oldest INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0, UNIQUE (topic, partition))",
    "CREATE TABLE records (id INTEGER PRIMARY KEY, appended_us INTEGER NOT NULL, key BLOB, value BLOB NOT NULL,"
    " headers BLOB)",
    "CREATE TABLE groups (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE members (groupname TEXT NOT NULL, id TEXT NOT NULL, topics TEXT NOT NULL,"
    " expires_us INTEGER NOT NULL, PRIMARY KEY (groupname, id)) WITHOUT ROWID",
    "CREATE TABLE owners (groupname TEXT NOT NULL, lane INTEGER NOT NULL, member TEXT NOT NULL,"
    " epoch INTEGER NOT NULL, PRIMARY KEY (groupname, lane)) WITHOUT ROWID",
    "CREATE TABLE commits (groupname TEXT NOT NULL, lane INTEGER NOT NULL, next INTEGER NOT NULL,"
    " PRIMARY KEY (groupname, lane)) WITHOUT ROWID",
)
_encode_headers = msgspec.msgpack.Encoder().encode
decode_headers = msgspec.msgpack.Decoder(Headers).decode


class Lane(NamedTuple):
    """A partition in the file: `oldest` is the first retained offset, `end` the offset the next record will get."""

    id: int
    topic: str
    partition: int
    oldest: int
    end: int

    @property
    def name(self) -> TopicPartition:
        return TopicPartition(self.topic, self.partition)


class Entry(NamedTuple):
    """An event as it is stored. Made in the publisher's thread: what cannot be stored fails there, alone."""

    lane: TopicPartition
    key: bytes | None
    value: bytes
    headers: bytes | None


def entry_of(event: Event, partitions: int) -> Entry:
    """The partition follows from the key, so that a machine keeps its order; without a key from the value."""
    partition = zlib.crc32(event.value if event.key is None else event.key) % partitions
    headers = _encode_headers(event.headers) if event.headers else None
    return Entry(TopicPartition(event.topic, partition), event.key, event.value, headers)


def connect(path: Path, durable: bool, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection in autocommit mode. It may move between threads, but is used by one at a time."""
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    connection.execute(f"PRAGMA journal_size_limit={64 * 2**20}")
    return connection


def open_file(path: Path, partitions: int, durable: bool, busy_timeout_s: float) -> tuple[sqlite3.Connection, int]:
    """Open or make the file; returns a connection and the number of partitions fixed when the file was made.

    Raises LogError with one sentence when the file is not ours or damaged, LogUnavailable when it cannot be opened now.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(path, durable, busy_timeout_s)
        return connection, _prepare(connection, path, partitions)
    except (sqlite3.OperationalError, OSError) as error:
        failure: LogError = LogUnavailable(f"the event log {path} cannot be opened: {error}")
        cause: Exception = error
    except sqlite3.DatabaseError as error:
        failure, cause = LogError(f"{path} is damaged or not an event log ({error}); move it away to start anew"), error
    except LogError as error:
        failure, cause = error, error
    if connection is not None:
        connection.close()
    raise failure from (None if cause is failure else cause)


def _prepare(connection: sqlite3.Connection, path: Path, partitions: int) -> int:
    # The write lock is taken first: two processes may make the same file at the same time.
    connection.execute("BEGIN IMMEDIATE")
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application_id == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('partitions', ?)", (partitions,))
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={FORMAT}")
    elif application_id != APPLICATION_ID:
        raise LogError(f"{path} is an SQLite file of another application, not an event log; choose another path")
    elif version != FORMAT:
        raise LogError(f"{path} has log format {version}, this version reads format {FORMAT}; move it away")
    fixed: int = connection.execute("SELECT value FROM meta WHERE name = 'partitions'").fetchone()[0]
    connection.execute("COMMIT")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
    return fixed


class Store:
    """The writing side. Every method runs inside the writer's transaction."""

    def __init__(self, connection: sqlite3.Connection, partitions: int) -> None:
        self.connection = connection
        self.partitions = partitions
        self._lane_ids: dict[TopicPartition, int] = {}

    def forget(self) -> None:
        """After a rollback: lanes made in that transaction do not exist."""
        self._lane_ids.clear()

    def lane_id(self, lane: TopicPartition) -> int:
        """The id of a lane, made on first use."""
        if (known := self._lane_ids.get(lane)) is not None:
            return known
        self.connection.execute("INSERT OR IGNORE INTO lanes (topic, partition) VALUES (?, ?)", lane)
        found = self.connection.execute("SELECT id FROM lanes WHERE topic = ? AND partition = ?", lane).fetchone()
        self._lane_ids[lane] = found[0]
        return int(found[0])

    def append(self, entries: Sequence[Entry], now_us: int) -> list[Position]:
        """Append in order; returns the position of each entry. Positions count only after COMMIT."""
        ends: dict[TopicPartition, tuple[int, int]] = {}
        for lane, count in Counter(entry.lane for entry in entries).items():
            lane_id = self.lane_id(lane)
            end = self.connection.execute(
                "UPDATE lanes SET next = next + ? WHERE id = ? RETURNING next", (count, lane_id)
            ).fetchone()[0]
            ends[lane] = lane_id << OFFSET_BITS, end - count
        rows, positions = [], []
        for lane, key, value, headers in entries:
            start, offset = ends[lane]
            ends[lane] = start, offset + 1
            rows.append((start | offset, now_us, key, value, headers))
            positions.append(Position(lane.topic, lane.partition, offset))
        self.connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?)", rows)
        return positions

    def prune(self, older_than_us: int, limit: int) -> int:
        """Drop at most `limit` records per lane that were appended before `older_than_us`; returns how many went."""
        dropped = 0
        for lane in read_lanes(self.connection):
            start = lane.id << OFFSET_BITS
            old = 0
            for (appended_us,) in self.connection.execute(
                "SELECT appended_us FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                (start | lane.oldest, start | lane.end, limit),
            ):
                if appended_us >= older_than_us:
                    break
                old += 1
            if old:
                kept = lane.oldest + old
                self.connection.execute("DELETE FROM records WHERE id >= ? AND id < ?", (start, start | kept))
                self.connection.execute("UPDATE lanes SET oldest = ? WHERE id = ?", (kept, lane.id))
                dropped += old
        return dropped


def read_lanes(connection: sqlite3.Connection) -> list[Lane]:
    """All lanes of the file, in order of topic and partition."""
    rows = connection.execute("SELECT id, topic, partition, oldest, next FROM lanes ORDER BY topic, partition")
    return [Lane(*row) for row in rows.fetchall()]
