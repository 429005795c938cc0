"""The checker's own eyes on Kafka: what lies on the topics, what the groups committed, and how far they are.

Written on the client alone, without a line of the platform's log, so that a fault of that log cannot hide itself.
"""

import struct
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import kafka

from tests.faults.checker import ASSESSMENTS, DEAD_LETTERS, READINGS
from tests.faults.payload import fact_of
from tests.faults.snapshot import Commit, OnTopic, Place

TOPICS = (READINGS, ASSESSMENTS, DEAD_LETTERS)
READERS = {"inference-stream": (READINGS,), "gateway-history": (ASSESSMENTS, DEAD_LETTERS)}
_OFFSETS = "__consumer_offsets"
_WITHIN_S = 60.0
Offsets = dict[tuple[str, int], int]


class Topics:
    """Reads a cluster from outside. A context manager; belongs to one thread."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._reader = kafka.KafkaConsumer(
            bootstrap_servers=bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            reconnect_backoff_max_ms=1_000,
            fetch_max_bytes=8 * 2**20,
        )
        self._producer: Any = None

    def ends(self, topics: Sequence[str] = TOPICS) -> Offsets:
        """The offset after the last record of each partition."""
        partitions = [kafka.TopicPartition(t, p) for t in topics for p in self._reader.partitions_for_topic(t) or ()]
        return {(p.topic, p.partition): end for p, end in self._reader.end_offsets(partitions).items()}

    def records(self, starts: Offsets, ends: Offsets) -> list[OnTopic]:
        """The records of the platform's topics between the offsets, with what they say."""
        found = []
        for record in self._read(starts, ends):
            place = Place(record.topic, record.partition, record.offset)
            origin = dict(record.headers).get("pm-origin") if record.topic == DEAD_LETTERS else None
            found.append(OnTopic(place, fact_of(record.value), origin.decode() if origin else None))
        return found

    def commits(self, start: int = 0) -> list[Commit]:
        """Every offset commit of the platform's groups since `start` on the broker's own topic, in order."""
        ends = self.ends([_OFFSETS])
        return [
            commit
            for record in self._read(dict.fromkeys(ends, start), ends)
            if (commit := _commit(record.key, record.value)) is not None and commit.group in READERS
        ]

    def commits_end(self) -> int:
        """Where the next commit will lie. The test clusters keep all commits in one partition."""
        return max(self.ends([_OFFSETS]).values(), default=0)

    def _read(self, starts: Offsets, ends: Offsets) -> Iterator[Any]:
        """Records from `starts` up to `ends`. Raises TimeoutError when the broker stops giving any."""
        wanted = {kafka.TopicPartition(*key): end for key, end in ends.items() if end > starts.get(key, 0)}
        self._reader.assign(list(wanted))
        for partition in wanted:
            self._reader.seek(partition, starts.get((partition.topic, partition.partition), 0))
        deadline = time.monotonic() + _WITHIN_S
        while any(self._reader.position(partition) < end for partition, end in wanted.items()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the topics could not be read within {_WITHIN_S} s of silence")
            for partition, records in self._reader.poll(timeout_ms=500, max_records=5_000).items():
                deadline = time.monotonic() + _WITHIN_S
                yield from (record for record in records if record.offset < wanted[partition])

    def write(self, topic: str, values: Sequence[bytes], key: bytes = b"foreign") -> list[Place]:
        """Write as a foreign producer would, past every door; where the records lie now."""
        if self._producer is None:
            self._producer = kafka.KafkaProducer(bootstrap_servers=self._bootstrap, acks="all", enable_idempotence=True)
        futures = [self._producer.send(topic, value, key=key) for value in values]
        self._producer.flush(30)
        told = [future.get(timeout=10) for future in futures]
        return [Place(each.topic, each.partition, each.offset) for each in told]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._reader.close(timeout_ms=5_000)
        if self._producer is not None:
            self._producer.close(5)


def _commit(key: bytes | None, value: bytes | None) -> Commit | None:
    """An offset commit (key version 0 or 1) of the broker's own topic; None for anything else that lies there."""
    if not key or not value or struct.unpack_from(">h", key)[0] > 1:
        return None
    group, at = _text(key, 2)
    topic, at = _text(key, at)
    [partition] = struct.unpack_from(">i", key, at)
    [offset] = struct.unpack_from(">q", value, 2)
    return Commit(group, topic, partition, offset)


def _text(data: bytes, at: int) -> tuple[str, int]:
    [length] = struct.unpack_from(">h", data, at)
    return data[at + 2 : at + 2 + length].decode(), at + 2 + length


def until_quiet(probe: Callable[[], int], *, still_s: float, within_s: float) -> None:
    """Wait until `probe()` has been 0 for `still_s` seconds on end. Raises TimeoutError after `within_s`."""
    deadline = time.monotonic() + within_s
    quiet_since: float | None = None
    while (now := time.monotonic()) < deadline:
        if probe() != 0:
            quiet_since = None
        elif quiet_since is None:
            quiet_since = now
        elif now - quiet_since >= still_s:
            return
        time.sleep(0.2)
    raise TimeoutError(f"lag is still {probe()} after {within_s:.0f} s")
