"""The thread behind the live feed: reads the tail of the log, not the writing group, and cuts the frames.

What the store knows comes first and again every few seconds: it fills the gap between the store and the end of the
log, and brings the machines that a person has registered.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from chassis.event_log import EventLog, LogUnavailable, Record
from chassis.topics import ASSESSMENTS, DEAD_LETTERS
from chassis.watchdog import STUCK_STATUS
from gateway.feed import Feed, Verdict
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.refusals import refusal_of
from gateway.store import Store, StoreAway, machines
from gateway.store.machines import Word
from gateway.worker import judgement_of, letter_of

log = logging.getLogger(__name__)
_POLL = 1_000
_WAIT_S = 2.0


class Tail:
    """A context manager: the feed is kept current, by a thread of its own, while it is open."""

    def __init__(
        self,
        feed: Feed,
        event_log: EventLog,
        store: Store,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        *,
        frame_s: float,
        reload_s: float,
        wake: Callable[[], None],
        end: Callable[[int], object],
    ) -> None:
        """`wake` is called, in this thread, after each frame; `end` gets the exit status when the thread fails."""
        self._feed, self._log, self._store, self._metrics, self._clock = feed, event_log, store, metrics, clock
        self._frame_s, self._reload_s = frame_s, reload_s
        self._wake, self._end = wake, end
        self._stop, self._following = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway-feed", daemon=True)

    def __enter__(self) -> "Tail":
        """Returns when nothing published from now on can be missed; at the latest after two seconds."""
        self._thread.start()
        self._following.wait(_WAIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_WAIT_S)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                try:
                    self._follow()
                except LogUnavailable as error:
                    log.warning("live feed cannot reach the log", extra={"detail": str(error)})
                    self._stop.wait(error.retry_after_s)
        except Exception:
            log.exception("live feed failed, the process ends")
            self._end(STUCK_STATUS)

    def _follow(self) -> None:
        """Follow the log from its end until `stop`; what went by before comes from the store. Raises LogUnavailable."""
        consumer = self._log.tail([ASSESSMENTS, DEAD_LETTERS])
        try:
            self.take(consumer.poll(_POLL, 0.0))
            self._following.set()
            next_load = next_frame = time.monotonic()
            while not self._stop.is_set():
                if time.monotonic() >= next_load:
                    self.load()
                    next_load = time.monotonic() + self._reload_s
                if time.monotonic() >= next_frame:
                    next_frame = time.monotonic() + self._frame_s
                    self._cut()
                self.take(consumer.poll(_POLL, max(0.0, next_frame - time.monotonic())))
        finally:
            consumer.close(1.0)

    def load(self) -> None:
        """Bring the store's knowledge into the feed; a store that is away is asked again at the next turn."""
        try:
            known = machines.words(self._store)
        except StoreAway as error:
            log.warning("live feed cannot reach the store", extra={"detail": str(error)})
            return
        self._feed.load((word.machine_id, _verdict(word), word.refused_at) for word in known)

    def take(self, records: Sequence[Record]) -> None:
        """Bring records into the feed. What is no assessment is the writing station's to bury, not ours."""
        for record in records:
            if record.topic == ASSESSMENTS:
                judged = judgement_of(record)
                if not isinstance(judged, str):
                    self._feed.assess(judged.assessment, judged.body)
            elif (refusal := refusal_of(letter_of(record))) is not None:
                self._feed.refuse(refusal)

    def _cut(self) -> None:
        if self._feed.cut(micros(self._clock())) is None:
            return
        for state, count in self._feed.states().items():
            self._metrics.machines.labels(state.label).set(count)
        self._wake()


def _verdict(word: Word) -> Verdict | None:
    if word.observed_at is None or word.failure_probability is None:
        return None
    return Verdict(word.observed_at, word.failure_probability, word.prediction or 0, bool(word.anomaly), word.top_mode)
