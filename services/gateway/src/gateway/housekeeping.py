"""The thread that keeps the store's house: its schema first, then days ahead and old ones, again every minute."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from chassis.watchdog import STUCK_STATUS
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.retention import Retention
from gateway.store import Store, StoreAway, upkeep
from gateway.store.migration import schema_problem

log = logging.getLogger(__name__)
_WAIT_S = 2.0
_SCHEMA_EVERY_S = 0.5


class Housekeeping:
    """A context manager: the store is kept in order, by a thread of its own, while it is open."""

    def __init__(
        self,
        store: Store,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        retention: Retention,
        *,
        every_s: float,
        end: Callable[[int], object],
    ) -> None:
        """`end` gets the exit status when the thread fails."""
        self._store, self._metrics, self._clock = store, metrics, clock
        self._retention, self._every_s, self._end = retention, every_s, end
        self._stop = threading.Event()
        # Why the store cannot be used, until it could be once. What happens to the database later is told by metrics
        # and by the doors: all replicas share it, and none gets better by being taken out of service.
        self.schema_problem: str | None = "the database schema has not been looked at yet"
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Housekeeping":
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="gateway-housekeeping", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_WAIT_S)

    def _run(self) -> None:
        try:
            while not self._stop.is_set() and not self._schema_fits():
                self._stop.wait(_SCHEMA_EVERY_S)
            while not self._stop.is_set():
                self._round()
                self._stop.wait(self._every_s)
        except Exception:
            log.exception("housekeeping failed, the process ends")
            self._end(STUCK_STATUS)

    def _schema_fits(self) -> bool:
        problem = schema_problem(self._store)
        if problem is not None and problem != self.schema_problem:
            log.warning("the store cannot be used yet", extra={"detail": problem})
        self.schema_problem = problem
        return problem is None

    def _round(self) -> None:
        try:
            dropped = upkeep.round_of(self._store, micros(self._clock()), self._retention)
        except StoreAway as error:
            # Writing makes the day it needs by itself; what is old goes at the next turn.
            log.warning("housekeeping waits for the store", extra={"detail": str(error)})
            return
        self._metrics.dropped.labels("assessment").inc(dropped.assessments)
        self._metrics.dropped.labels("dead_letter").inc(dropped.dead_letters)
        if dropped.assessments or dropped.days or dropped.dead_letters:
            log.info(
                "dropped what is older than the retention",
                extra={"assessments": dropped.assessments, "days": dropped.days, "letters": dropped.dead_letters},
            )
