"""What stands between callers and the writer of the embedded log: tickets, jobs, the bell."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from chassis.embedded_store import Entry, Store
from chassis.event_log import Position
from chassis.window import Window


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
