"""The thread that lets waiting readings of silent machines take effect, so that no alarm waits for the next reading."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from chassis.watchdog import STUCK_STATUS
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.store import Store, StoreAway, alarm_step

log = logging.getLogger(__name__)
_WAIT_S = 2.0
# Machines per transaction: their locks keep the writing station waiting for no longer than a batch does.
_AT_ONCE = 500


class AlarmSettling:
    """A context manager: what waits too long is let through, by a thread of its own, while it is open."""

    def __init__(
        self,
        store: Store,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        *,
        every_s: float,
        end: Callable[[int], object],
    ) -> None:
        """`end` gets the exit status when the thread fails."""
        self._store, self._metrics, self._clock = store, metrics, clock
        self._every_s, self._end = every_s, end
        self._stop = threading.Event()
        self._away = False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "AlarmSettling":
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="gateway-alarm-settling", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_WAIT_S)

    def _run(self) -> None:
        try:
            while not self._stop.wait(self._every_s):
                while self._round() == _AT_ONCE and not self._stop.is_set():
                    pass
        except Exception:
            log.exception("settling alarms failed, the process ends")
            self._end(STUCK_STATUS)

    def _round(self) -> int:
        """How many machines there were, 0 while the store is away."""
        try:
            machines, stepped = alarm_step.settle(self._store, micros(self._clock()), _AT_ONCE)
        except StoreAway as error:
            if not self._away:
                log.warning("alarms of silent machines wait for the store", extra={"detail": str(error)})
            self._away = True
            return 0
        self._away = False
        self._metrics.count_alarms(stepped.transitions, stepped.late)
        return machines
