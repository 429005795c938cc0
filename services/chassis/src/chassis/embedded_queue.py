"""What stands between callers and the writer of the embedded log: tickets, jobs, the bounded window, the bell."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from chassis.embedded_store import Entry, Store
from chassis.event_log import LogFull, Position

FULL_RETRY_S = 0.1  # the disk empties a window in milliseconds


class Bell:
    """Wakes the consumers of this process after each transaction of this process."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self.count = 0

    def ring(self) -> None:
        with self._rung:
            self.count += 1
            self._rung.notify_all()

    def wait(self, seen: int, timeout_s: float) -> None:
        """Return when the bell has rung since `seen` was read from `count`, or after `timeout_s` seconds."""
        with self._rung:
            self._rung.wait_for(lambda: self.count != seen, timeout_s)


class Window:
    """How much a producer may have on its way to the disk, in events and bytes."""

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events, self._max_bytes = max_events, max_bytes
        self._lock = threading.Lock()
        self._events = self._bytes = 0

    def take(self, events: int, size: int) -> None:
        """Reserve room. Raises LogFull at once when there is not enough for all of it."""
        with self._lock:
            if self._events + events > self._max_events or self._bytes + size > self._max_bytes:
                held = f"{self._events} events ({self._bytes} bytes) are on their way to the log"
                raise LogFull(f"{held}; no room for {events} ({size} bytes)", FULL_RETRY_S)
            self._events += events
            self._bytes += size

    def give_back(self, events: int, size: int) -> None:
        """Release reserved room."""
        with self._lock:
            self._events -= events
            self._bytes -= size


@dataclass(eq=False, slots=True)
class Ticket:
    """One publish call: its entries, their futures, and until when (monotonic seconds) the caller waits."""

    entries: Sequence[Entry]
    size: int
    window: Window
    deadline: float
    futures: list[Future[Position]] = field(default_factory=list)
    answered: bool = False


@dataclass(eq=False, slots=True)
class Job:
    """A consumer's write; `run` must leave nothing half done and raise nothing but sqlite3.Error."""

    run: Callable[[Store], Any]
    future: Future[Any]


def size_of(entry: Entry) -> int:
    """Bytes an entry occupies in the window; the constant stands for the objects around them."""
    return 128 + len(entry.key or b"") + len(entry.value) + len(entry.headers or b"")
