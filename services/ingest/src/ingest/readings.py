"""The HTTP door for readings: a body in, its readings on the topic, one result per reading out."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from fastapi import Request
from msgspec import UNSET
from starlette.responses import Response

from chassis.event_log import Event, Headers, LogError, LogFull, LogUnavailable, Producer
from chassis.http_app import json_response
from chassis.telemetry import Telemetry
from chassis.topics import READINGS
from ingest import formats
from ingest.acceptance import Acceptance, Examined, Taken
from ingest.acknowledgement import acknowledgements
from ingest.metrics import IngestMetrics
from ingest.problems import (
    MalformedBody,
    NotAcknowledged,
    TooManyReadings,
    WrongContentType,
    all_refused,
    field_errors,
    reading_refused,
)
from ingest.results import ItemResult, ReadingsAnswer
from models.reading import Refusal

SOURCE = "http"
# Below this size a body is examined faster than a thread is woken; above it the loop would serve nobody else meanwhile.
_INLINE_BYTES = 16 * 1024


def event_of(taken: Taken, trace: Headers) -> Event:
    """What is published for a reading: keyed by its machine, with the headers of architecture §3."""
    reading = taken.reading
    headers = (*trace, ("content-type", b"application/json"), ("equipment", reading.equipment.encode()))
    return Event(READINGS, reading.machine_id.encode(), taken.value, headers)


class ReadingsDoor:
    """Takes bodies of readings. Belongs to one event loop; never blocks it."""

    def __init__(
        self,
        acceptance: Acceptance,
        producer: Producer,
        metrics: IngestMetrics,
        telemetry: Telemetry,
        clock: Callable[[], datetime],
        *,
        max_readings: int,
        ack_timeout_s: float,
    ) -> None:
        """`clock` gives UTC. A request holds `max_readings` at most and waits `ack_timeout_s` seconds at most."""
        self._acceptance, self._producer = acceptance, producer
        self._metrics, self._telemetry, self._clock = metrics, telemetry, clock
        self._max_readings, self._ack_timeout_s = max_readings, ack_timeout_s

    async def post(self, request: Request) -> Response:
        """202 with a result per reading once the log has acknowledged every accepted one; else a Problem."""
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if media_type not in formats.MEDIA_TYPES:
            raise WrongContentType(f"readings come as {', '.join(formats.MEDIA_TYPES)}")
        body = await request.body()
        received_at = self._clock()
        if len(body) <= _INLINE_BYTES:
            examined = self._examine(media_type, body, received_at)
        else:
            examined = await asyncio.to_thread(self._examine, media_type, body, received_at)
        refusals = [verdict for verdict in examined.verdicts if isinstance(verdict, Refusal)]
        for refusal in refusals:
            self._metrics.refused.labels(SOURCE, refusal.code).inc()
        if not examined.taken:
            if formats.is_single(media_type, body):
                raise reading_refused(refusals[0])
            raise all_refused(_results(examined, []))
        outcomes = await self._publish(examined.taken)
        results = _results(examined, outcomes)
        if any(outcomes):
            raise self._not_acknowledged(outcomes, results)
        return json_response(ReadingsAnswer(len(results) - len(refusals), len(refusals), results), 202)

    def _examine(self, media_type: str, body: bytes, received_at: datetime) -> Examined:
        acceptance = self._acceptance
        try:
            items = formats.split(media_type, body, self._max_readings, acceptance.profiles, acceptance.equipment)
        except formats.BodyError as error:
            raise MalformedBody(str(error), code=error.code) from error
        except formats.TooMany as error:
            raise TooManyReadings(str(error)) from error
        return acceptance.examine_all(items, received_at)

    async def _publish(self, taken: Sequence[Taken]) -> list[LogError | None]:
        """Per reading None when the log has acknowledged it, else why not."""
        machine_id = taken[0].reading.machine_id if len(taken) == 1 else None
        started = time.perf_counter()
        with self._telemetry.sending(READINGS, machine_id) as trace:
            try:
                futures = self._producer.publish([event_of(each, trace) for each in taken])
            except LogUnavailable as error:
                outcomes: list[LogError | None] = [error] * len(taken)
            else:
                self._metrics.in_flight.inc(len(futures))
                for future in futures:
                    future.add_done_callback(lambda _: self._metrics.in_flight.dec())
                outcomes = await acknowledgements(futures, self._ack_timeout_s)
        self._metrics.publish_seconds.observe(time.perf_counter() - started)
        for outcome in outcomes:
            if outcome is None:
                self._metrics.accepted.labels(SOURCE).inc()
            else:
                self._metrics.unacknowledged.labels(SOURCE, code_of(outcome)).inc()
        return outcomes

    def _not_acknowledged(self, outcomes: Sequence[LogError | None], results: list[ItemResult]) -> NotAcknowledged:
        waits = [error.retry_after_s for error in outcomes if isinstance(error, LogUnavailable)]
        count = sum(result.status == 503 for result in results)
        detail = (
            f"{count} of {len(results)} readings are not acknowledged; send them again with the event_id in results"
        )
        return NotAcknowledged(detail, results, retry_after_s=max(waits, default=1.0))


def code_of(error: LogError) -> str:
    """The documented code of what a log said instead of an acknowledgement."""
    if isinstance(error, LogFull):
        return "log_full"
    return "log_unavailable" if isinstance(error, LogUnavailable) else "publish_unknown"


_NOT_TAKEN = {
    "log_full": "the log has no room at the moment",
    "log_unavailable": "the log cannot be reached",
    "publish_unknown": "the log has not acknowledged it in time; it may be stored or not",
}


def _results(examined: Examined, outcomes: Sequence[LogError | None]) -> list[ItemResult]:
    """One result per item, in order; `outcomes` belong to `examined.taken`."""
    results = []
    for index, verdict in enumerate(examined.verdicts):
        if isinstance(verdict, Refusal):
            result = ItemResult(
                index=index,
                status=422,
                machine_id=verdict.machine_id or UNSET,
                code=verdict.code,
                detail=verdict.detail,
                errors=field_errors(verdict) or UNSET,
            )
        else:
            result = _taken_result(index, examined.taken[verdict], outcomes[verdict])
        results.append(result)
    return results


def _taken_result(index: int, taken: Taken, outcome: LogError | None) -> ItemResult:
    machine_id, event_id = taken.reading.machine_id, taken.reading.event_id
    if outcome is None:
        return ItemResult(index=index, status=202, machine_id=machine_id, event_id=event_id)
    code = code_of(outcome)
    return ItemResult(
        index=index, status=503, machine_id=machine_id, event_id=event_id, code=code, detail=_NOT_TAKEN[code]
    )
