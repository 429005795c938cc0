"""What has changed about alarms, for the clients of the live stream: a thread that looks, and news for all of them.

The store is asked, not the log: any replica may have written, a person may have, or time alone ends a shelf.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

import msgspec

from chassis.watchdog import STUCK_STATUS
from gateway.instants import micros
from gateway.live_messages import AlarmsChanged, ChangedAlarm
from gateway.store import Store, StoreAway, alarms, verdict_news
from gateway.store.alarms import Standing

log = logging.getLogger(__name__)
_WAIT_S = 2.0
_KEPT = 100
# The clocks of replicas differ, and a verdict is seen only once its transaction has ended.
_MARGIN_US = 120_000_000


class AlarmNews:
    """Numbered news as JSON. Written by one thread, read by many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0
        self._kept: deque[bytes] = deque(maxlen=_KEPT)

    @property
    def newest(self) -> int:
        """The number of the newest; 0 before the first."""
        return self._newest

    def add(self, changed: list[ChangedAlarm]) -> None:
        """Tell of these."""
        with self._lock:
            self._kept.append(msgspec.json.encode(AlarmsChanged(changed)))
            self._newest += 1

    def since(self, number: int) -> list[bytes] | None:
        """The news after this number; None when some of them are no longer there."""
        with self._lock:
            missing = self._newest - number
            return [self._kept[-back] for back in range(missing, 0, -1)] if missing <= len(self._kept) else None


class AlarmWatch:
    """A context manager: the news are kept current, by a thread of its own, while it is open."""

    def __init__(
        self,
        store: Store,
        news: AlarmNews,
        clock: Callable[[], datetime],
        *,
        every_s: float,
        wake: Callable[[], None],
        end: Callable[[int], object],
    ) -> None:
        """`wake` is called, in this thread, after news; `end` gets the exit status when the thread fails."""
        self._store, self._news, self._clock = store, news, clock
        self._every_s, self._wake, self._end = every_s, wake, end
        self._known: dict[str, Standing] = {}
        self._told: set[tuple[str, int]] = set()
        self._looked_us: int | None = None
        self._away = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway-alarm-watch", daemon=True)

    def __enter__(self) -> "AlarmWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_WAIT_S)

    def _run(self) -> None:
        try:
            while not self._stop.wait(self._every_s):
                self.look()
        except Exception:
            log.exception("watching alarms failed, the process ends")
            self._end(STUCK_STATUS)

    def look(self) -> None:
        """Tell what has changed since the last look; to the first one all that is open is news."""
        now_us = micros(self._clock())
        since_us = (self._looked_us if self._looked_us is not None else now_us) - _MARGIN_US
        try:
            found = alarms.standing(self._store, now_us)
            given = verdict_news.given_since(self._store, since_us)
        except StoreAway as error:
            if not self._away:
                log.warning("news of alarms wait for the store", extra={"detail": str(error)})
            self._away = True
            return
        self._away = False
        self._looked_us = now_us
        known, self._known = self._known, found
        told, self._told = self._told, set(given)
        both = known | found
        changed = {each: both[each].machine_id for each in both if known.get(each) != found.get(each)}
        changed |= {alarm_id: given[alarm_id, number] for alarm_id, number in given.keys() - told}
        if changed:
            self._news.add([ChangedAlarm(*each) for each in sorted(changed.items())])
            self._wake()
