"""Runs a station in a thread of its own, under its watchdog, inside a process that also answers HTTP."""

import logging
import os
import threading
from collections.abc import Callable
from types import TracebackType

from chassis.station import Station
from chassis.watchdog import STUCK_STATUS, Watchdog

log = logging.getLogger(__name__)
STOP_S = 4.0


class StationThread:
    """A context manager: the station runs while it is open; leaving it finishes the batch in hand and commits.

    What the station does not understand ends the process, with nothing committed: the records come again.
    """

    def __init__(self, station: Station, watchdog_s: float, end: Callable[[int], object] = os._exit) -> None:
        self.station = station
        self._end = end
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"station-{station.name}", daemon=True)
        self._watchdog = Watchdog(station, watchdog_s, end)

    def __enter__(self) -> "StationThread":
        self._thread.start()
        self._watchdog.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._watchdog.stop()
        self._stop.set()
        self._thread.join(STOP_S)
        if self._thread.is_alive():
            log.warning("station did not stop in time; its batch comes again", extra={"station": self.station.name})

    def _run(self) -> None:
        try:
            self.station.run(self._stop)
        except Exception:
            log.exception("station failed, the process ends", extra={"station": self.station.name})
            self._end(STUCK_STATUS)
