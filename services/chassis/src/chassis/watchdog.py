"""The watchdog: ends a process whose station no longer polls, or polls but makes no progress.

A process that ends is started again and joins anew; one that hangs keeps its partitions and looks healthy.
"""

import logging
import os
import threading
from collections.abc import Callable
from typing import Protocol

log = logging.getLogger(__name__)
STUCK_STATUS = 70  # EX_SOFTWARE of sysexits.h


class Watched(Protocol):
    """What a watchdog looks at; a Station is one."""

    name: str

    def heartbeat_age_s(self) -> float: ...

    def stuck_s(self) -> float: ...


class Watchdog:
    """A thread that looks after one station until it is stopped."""

    def __init__(self, station: Watched, limit_s: float, end: Callable[[int], object] = os._exit) -> None:
        """`end` gets the exit status 70; the default does not run clean-up code, which would hang as well."""
        self._station, self._limit_s, self._end = station, limit_s, end
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"watchdog-{station.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; returns when the thread has ended."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(self._limit_s / 10):
            silent_s, stuck_s = self._station.heartbeat_age_s(), self._station.stuck_s()
            if max(silent_s, stuck_s) > self._limit_s:
                log.error(
                    "station makes no progress, the process ends",
                    extra={
                        "station": self._station.name,
                        "seconds_since_poll": round(silent_s, 1),
                        "seconds_since_progress": round(stuck_s, 1),
                        "limit_seconds": self._limit_s,
                    },
                )
                self._end(STUCK_STATUS)
                return
