"""The seam between the services and their log: publish with acknowledgement, consume in batches, commit.

Two implementations keep one contract suite: the embedded log (SQLite, one host) and Kafka. Everything is
synchronous and thread-based, because that is what both are underneath; an HTTP door wraps the futures and never
waits for them on its event loop.

    LogError
    ├── LogUnavailable    nothing was taken; try again after `retry_after_s`
    │   └── LogFull       the bounded in-flight window has no room for these events
    ├── PublishUnknown    not acknowledged in time: the event may be stored or not; repeat it with the same id
    └── Fenced            the partitions belong to another member now; what was not committed comes again there
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]


class LogError(Exception):
    """Root of what a log can say."""


class LogUnavailable(LogError):
    """The log cannot take or give anything now. Nothing was stored by this call."""

    def __init__(self, detail: str, retry_after_s: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class LogFull(LogUnavailable):
    """The bounded window of unacknowledged events (count and bytes) is full."""


class PublishUnknown(LogError):
    """No acknowledgement within the deadline: stored or not is unknown. Repeat with the same event id."""


class Fenced(LogError):
    """A commit came from a member that no longer owns the partition."""


class TopicPartition(NamedTuple):
    """One ordered stream of records."""

    topic: str
    partition: int


class Position(NamedTuple):
    """Where a record lies. Offsets start at 0 and rise within a partition; gaps are allowed."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Event:
    """What a service publishes. Events of one key keep their order."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What a service consumes: untrusted bytes with their coordinates. `appended_at` is the log's own clock (UTC)."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: Headers
    appended_at: datetime

    @property
    def position(self) -> Position:
        return Position(self.topic, self.partition, self.offset)


class Producer(Protocol):
    """Publishes. Safe to call from several threads."""

    def publish(self, events: Sequence[Event]) -> list[Future[Position]]:
        """Queue all `events` or none and return one future per event, in order. Never blocks.

        A future resolves, within the log's delivery deadline, to the position at which the event is durable, or raises
        PublishUnknown or LogUnavailable. Raises LogFull or LogUnavailable at once when nothing was taken.
        """
        ...

    def close(self, timeout_s: float) -> None:
        """Wait up to `timeout_s` seconds for what is in flight; what is left then raises PublishUnknown."""
        ...


class Consumer(Protocol):
    """A member of a consumer group, or a tail. Belongs to one thread."""

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        """Up to `max_records` next records, in offset order within each partition; empty after `timeout_s` seconds.

        Also keeps the membership alive. While paused it returns nothing and only does that.
        Starts at the group's committed offset, or at the beginning when there is none.
        Raises LogUnavailable when the log cannot be reached; what it would have given comes with a later poll.
        """
        ...

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Store, per partition, the offset of the next record to consume. One below the stored offset is ignored.

        Raises Fenced when a partition now belongs to another member.
        """
        ...

    def pause(self) -> None:
        """Keep membership and positions, deliver nothing until resume()."""
        ...

    def resume(self) -> None: ...

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Continue at `offset`: records from there on are delivered again. The committed offset stays.

        Raises Fenced when this consumer does not own the partition.
        """
        ...

    def seek_to_beginning(self) -> None:
        """Replay: continue at the oldest retained record of every assigned partition."""
        ...

    def assignment(self) -> frozenset[TopicPartition]:
        """The partitions this member owns now; empty until the first poll has joined the group."""
        ...

    def lag(self) -> dict[TopicPartition, int]:
        """Records not yet delivered to this consumer, per assigned partition; the latest known when nobody answers."""
        ...

    def missed(self) -> int:
        """How many records retention dropped before they were delivered to this consumer, since it was made."""
        ...

    def close(self, timeout_s: float) -> None:
        """Leave the group so that others take over at once. Uncommitted records come again there."""
        ...


class EventLog(Protocol):
    """A log: where producers and consumers come from. Opening a log, a producer or a group's consumer never blocks."""

    def producer(self) -> Producer:
        """A producer with an in-flight window of its own: a flood through one stops no other."""
        ...

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        """A member of `group`. Members share the partitions; each record goes to one member."""
        ...

    def tail(self, topics: Sequence[str]) -> Consumer:
        """A reader of all partitions without a group, from the end the log has when this returns.

        Raises LogUnavailable when the log cannot be reached, so that its end is not known. commit() raises LogError.
        """
        ...

    def close(self) -> None: ...
