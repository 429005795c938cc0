"""The simulated fleet: a source of readings without a caller. What the door would refuse becomes a dead letter."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

import msgspec

from chassis.dead_letter import dead_letter_event
from chassis.event_log import Event, LogError, LogUnavailable, Position, Producer
from chassis.topics import READINGS
from ingest.acceptance import Acceptance
from ingest.metrics import IngestMetrics
from ingest.readings import code_of, event_of
from models.reading import Refusal

log = logging.getLogger(__name__)
SOURCE = "simulator"
_SLICES = 20
_LONGEST_PAUSE_S = 10.0


class FleetSteps(Protocol):
    """models.fleet.Fleet, or a fleet made by hand in a test."""

    def step(self, now: datetime) -> Sequence[Mapping[str, object] | bytes]:
        """One raw reading per machine that speaks at `now`."""
        ...


class Simulator:
    """Publishes a fleet's readings, once per `period_s`, evenly spread over it, on a thread of its own."""

    def __init__(
        self,
        fleet: FleetSteps,
        acceptance: Acceptance,
        producer: Producer,
        metrics: IngestMetrics,
        clock: Callable[[], datetime],
        period_s: float = 1.0,
    ) -> None:
        self._fleet, self._acceptance, self._producer = fleet, acceptance, producer
        self._metrics, self._clock, self._period_s = metrics, clock, period_s
        self._ending = threading.Event()
        self._pause_s = 0.0
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def start(self) -> None:
        """Begin. Ends with `stop`."""
        self._thread.start()

    def stop(self, timeout_s: float = 1.0) -> None:
        """End and wait up to `timeout_s` seconds for it."""
        self._ending.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ending.is_set():
            readings = self._fleet.step(self._clock())
            size = max(1, -(-len(readings) // _SLICES))
            slices = [readings[at : at + size] for at in range(0, len(readings), size)]
            for number, each in enumerate(slices):
                if self._ending.wait(due + self._period_s * number / len(slices) - time.monotonic()):
                    return
                if not self._publish(each):
                    break
            # A second that was missed is gone: a sensor does not measure the past.
            due = max(due + self._period_s, time.monotonic() + self._pause_s)
            self._ending.wait(due - time.monotonic())

    def _publish(self, readings: Sequence[Mapping[str, object] | bytes]) -> bool:
        """Hand readings to the log; False when it takes none, and how long to leave it alone is in `_pause_s`."""
        now = self._clock()
        events = [self._event(raw if isinstance(raw, bytes) else msgspec.json.encode(raw), now) for raw in readings]
        try:
            futures = self._producer.publish(events)
        except LogUnavailable as error:
            self._metrics.unacknowledged.labels(SOURCE, code_of(error)).inc(len(events))
            if not self._pause_s:
                log.warning("simulated readings are not taken", extra={"reason": str(error)})
            self._pause_s = min(_LONGEST_PAUSE_S, max(error.retry_after_s, 2 * self._pause_s))
            return False
        if self._pause_s:
            log.info("simulated readings are taken again")
        self._pause_s = 0.0
        for event, future in zip(events, futures, strict=True):
            self._watch(event, future)
        return True

    def _event(self, body: bytes, now: datetime) -> Event:
        verdict = self._acceptance.examine(body, now)
        if not isinstance(verdict, Refusal):
            return event_of(self._acceptance.take(verdict), ())
        self._metrics.refused.labels(SOURCE, verdict.code).inc()
        machine_id = verdict.machine_id
        who = machine_id or hashlib.sha256(body).hexdigest()[:16]
        key = machine_id.encode() if machine_id else None
        origin = f"simulator:{who}:{now.isoformat()}"
        return dead_letter_event(origin, verdict.code, verdict.detail, "ingest", now, key, body)

    def _watch(self, event: Event, future: Future[Position]) -> None:
        self._metrics.in_flight.inc()

        def settled(done: Future[Position]) -> None:
            self._metrics.in_flight.dec()
            error = done.exception()
            if isinstance(error, LogError):
                self._metrics.unacknowledged.labels(SOURCE, code_of(error)).inc()
            elif error is None and event.topic == READINGS:
                self._metrics.accepted.labels(SOURCE).inc()

        future.add_done_callback(settled)
