"""The embedded durable log: the EventLog of one host, in one SQLite file, for standalone, edge boxes and tests.

Several threads and several processes may use the same file. An acknowledged event survives kill -9 and, when `durable`,
a power cut: COMMIT has synced the write-ahead log to the disk by then.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, wait
from pathlib import Path

from chassis.embedded_consumer import GroupConsumer, TailConsumer
from chassis.embedded_cursor import Cursor
from chassis.embedded_queue import Bell, Ticket
from chassis.embedded_store import Store, connect, open_file
from chassis.embedded_writer import Writer
from chassis.event_log import Event, Position
from chassis.window import Window

log = logging.getLogger(__name__)
_FULL_RETRY_S = 0.1  # the disk empties a window in milliseconds


class EmbeddedLog:
    """An EventLog in the file `path`, made when missing."""

    def __init__(
        self,
        path: Path,
        *,
        partitions: int = 3,
        window_events: int = 1_000,
        window_bytes: int = 16 * 2**20,
        delivery_timeout_s: float = 10,
        session_timeout_s: float = 10,
        retention_s: float = 7 * 86_400,
        durable: bool = True,
    ) -> None:
        """`partitions` counts when the file is made; an existing file keeps its number.

        Raises LogError when the file is not an event log, LogUnavailable when it cannot be opened.
        """
        self._path, self._durable = path, durable
        self._window_events, self._window_bytes = window_events, window_bytes
        self._session_timeout_s, self._delivery_timeout_s = session_timeout_s, delivery_timeout_s
        # Waiting for another process's transaction must end before the caller's deadline does.
        self._busy_timeout_s = delivery_timeout_s / 2
        connection, self.partitions = open_file(path, partitions, durable, self._busy_timeout_s)
        if self.partitions != partitions:
            log.warning("the log keeps the partitions it was made with", extra={"partitions": self.partitions})
        self._bell = Bell()
        self._writer = Writer(
            Store(connection, self.partitions),
            self._bell,
            delivery_timeout_s=delivery_timeout_s,
            retention_s=retention_s,
        )

    def producer(self) -> "EmbeddedProducer":
        """A producer with its own window, so that a flood at a door does not stop the stations of the process."""
        return EmbeddedProducer(self._writer, Window(self._window_events, self._window_bytes, _FULL_RETRY_S))

    def consumer(self, group: str, topics: Sequence[str]) -> GroupConsumer:
        """A member of `group`. Close it before the log."""
        return GroupConsumer(self._cursor(), self._writer, group, topics, self._session_timeout_s)

    def tail(self, topics: Sequence[str]) -> TailConsumer:
        """A reader from the end of the log as it is now. Close it before the log."""
        return TailConsumer(self._cursor(), topics, self.partitions)

    def close(self) -> None:
        """Write what is queued, then release the file."""
        self._writer.close(self._delivery_timeout_s)

    def _cursor(self) -> Cursor:
        return Cursor(connect(self._path, self._durable, self._busy_timeout_s), self._bell)


class EmbeddedProducer:
    """A handle on the process's writer with a window of its own."""

    def __init__(self, writer: Writer, window: Window) -> None:
        self._writer, self._window = writer, window
        self._tickets: set[Ticket] = set()

    def publish(self, events: Sequence[Event]) -> list[Future[Position]]:
        if not events:
            return []
        ticket = self._writer.publish(events, self._window)
        self._tickets.add(ticket)
        ticket.futures[-1].add_done_callback(lambda _: self._tickets.discard(ticket))
        return list(ticket.futures)

    def close(self, timeout_s: float) -> None:
        tickets = list(self._tickets)
        wait([future for ticket in tickets for future in ticket.futures], timeout_s)
        self._writer.abandon(tickets)
