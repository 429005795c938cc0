"""The bounded window of events on their way to a log: what does not fit is refused at once."""

import threading

from chassis.event_log import Event, LogFull

_OVERHEAD_BYTES = 128  # stands for the objects around an event's bytes


class Window:
    """How much a producer may have on its way to the log, in events and bytes."""

    def __init__(self, max_events: int, max_bytes: int, retry_after_s: float) -> None:
        self._max_events, self._max_bytes, self._retry_after_s = max_events, max_bytes, retry_after_s
        self._lock = threading.Lock()
        self._events = self._bytes = 0

    def take(self, events: int, size: int) -> None:
        """Reserve room. Raises LogFull at once when there is not enough for all of it."""
        with self._lock:
            if self._events + events > self._max_events or self._bytes + size > self._max_bytes:
                held = f"{self._events} events ({self._bytes} bytes) are on their way to the log"
                raise LogFull(f"{held}; no room for {events} ({size} bytes)", self._retry_after_s)
            self._events += events
            self._bytes += size

    def give_back(self, events: int, size: int) -> None:
        """Release reserved room."""
        with self._lock:
            self._events -= events
            self._bytes -= size


def size_of(event: Event) -> int:
    """Bytes an event occupies in the window."""
    headers = sum(len(name) + len(value) for name, value in event.headers)
    return _OVERHEAD_BYTES + len(event.key or b"") + len(event.value) + headers
