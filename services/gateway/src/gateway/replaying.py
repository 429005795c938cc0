"""The thread that works on replays: one at a time and at leisure, so that live readings never wait for it."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from chassis.event_log import Event, EventLog, LogUnavailable, Producer, PublishUnknown
from chassis.replay import KIND
from chassis.topics import REPLAY_READINGS
from chassis.watchdog import STUCK_STATUS
from gateway.instants import micros
from gateway.replay_work import LEASE_US, NotOurs, ReplayWork
from gateway.store import Store, StoreAway, replays
from gateway.store.assessments import TooManyRows

log = logging.getLogger(__name__)
_IDLE_S = 0.5
_WAIT_S = 2.0
_ROLL_CALL_S = 600.0
_CALL_AGAIN_S = 5.0


class Replaying:
    """A context manager: replays are worked on, by a thread of its own, while it is open."""

    def __init__(
        self,
        store: Store,
        event_log: EventLog,
        clock: Callable[[], datetime],
        *,
        share: float,
        end: Callable[[int], object],
    ) -> None:
        """`share` of this thread's time is work, the rest is left to others; `end` gets the exit status on failure."""
        self._store, self._log, self._clock = store, event_log, clock
        self._share, self._end = share, end
        self._owner = uuid4().hex
        self._work: ReplayWork | None = None
        self._producer: Producer | None = None
        self._stop, self._asked = threading.Event(), threading.Event()
        self._next_call = 0.0
        self._away = ""
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "Replaying":
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="gateway-replays", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_WAIT_S)

    def ask_for_models(self) -> None:
        """Let inference tell again which models it can score with; the answer comes to the store."""
        self._asked.set()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                started = time.monotonic()
                worked = self._turn()
                took = time.monotonic() - started
                self._stop.wait(took * (1 / self._share - 1) if worked else _IDLE_S)
            self._let_go()
        except Exception:
            log.exception("replays failed, the process ends")
            self._end(STUCK_STATUS)

    def _turn(self) -> bool:
        """A part of a replay; False when there is none to do."""
        try:
            self._call_the_roll()
            if self._work is None:
                found = replays.claim(self._store, self._owner, micros(self._clock()), LEASE_US)
                if found is None:
                    return False
                self._work = ReplayWork(found, self._store, self._open, self._clock, self._owner)
                log.info("replay begins, or goes on", extra={"replay": found.id})
            worked = self._step(self._work)
            self._away = ""
            return worked
        except (StoreAway, LogUnavailable) as error:
            # The part in hand was not kept; it is begun anew from what was.
            self._work = None
            if self._away != type(error).__name__:
                self._away = type(error).__name__
                log.warning("replays wait", extra={"detail": str(error)})
            return False

    def _step(self, work: ReplayWork) -> bool:
        try:
            outcome = work.step()
        except NotOurs:
            log.info("replay was cancelled, or moved to another gateway", extra={"replay": work.replay.id})
            self._work = None
            return True
        except TooManyRows:
            why = "a machine has more refused readings or actions in the range than can be sorted: shorten the range"
            replays.fail(self._store, work.replay.id, self._owner, why, micros(self._clock()))
            self._work = None
            return True
        if outcome == "ended":
            log.info("replay is done", extra={"replay": work.replay.id})
            self._work = None
        return outcome != "waits"

    def _call_the_roll(self) -> None:
        """Replays with the stored scores need no log: that it is away is no reason to wait."""
        if time.monotonic() < self._next_call and not self._asked.is_set():
            return
        self._asked.clear()
        try:
            (future,) = self._open().publish([Event(REPLAY_READINGS, None, b"{}", ((KIND, b"roll-call"),))])
            future.result(_WAIT_S)
        except (LogUnavailable, PublishUnknown, TimeoutError) as error:
            self._next_call = time.monotonic() + _CALL_AGAIN_S
            log.info("inference could not be asked for its models yet", extra={"detail": str(error)})
        else:
            self._next_call = time.monotonic() + _ROLL_CALL_S

    def _open(self) -> Producer:
        if self._producer is None:
            self._producer = self._log.producer()
        return self._producer

    def _let_go(self) -> None:
        work, self._work = self._work, None
        if self._producer is not None:
            self._producer.close(_WAIT_S)
            self._producer = None
        if work is not None:
            try:
                replays.release(self._store, work.replay.id, self._owner)
            except StoreAway:
                log.info("the lease of a replay ends by itself", extra={"replay": work.replay.id})
