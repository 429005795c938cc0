"""The doors to a machine's history: its timeline for charts, and its assessments one by one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers
from gateway.cursors import cursor, place
from gateway.downsampling import keep
from gateway.instants import instant, micros
from gateway.machine_views import AssessmentPage, stored
from gateway.machines import MachineId, known
from gateway.problems import MalformedQuery, RangeTooLong, StoreUnavailable, UnknownMachine
from gateway.store import Store, assessments
from gateway.store.assessments import History, TooManyRows

_DEFAULT_RANGE = timedelta(hours=1)
_PROBLEMS = (UnknownMachine, MalformedQuery, StoreUnavailable)


class Timeline(msgspec.Struct, frozen=True):
    """A time range of one machine, column by column; every column has `points` values.

    `observed_at` is milliseconds since 1970 UTC, ascending. The points are readings as stored; when the range held
    more (`readings`) than were asked for, `downsampled` is true, and the smallest and largest failure probability,
    anomaly score and signal values of every stretch of time are among those that were kept.
    """

    machine_id: str
    from_: datetime = msgspec.field(name="from")
    to: datetime
    readings: int
    points: int
    downsampled: bool
    observed_at: list[int]
    failure_probability: list[float]
    anomaly_score: list[float]
    prediction: list[int]
    signals: dict[str, list[float]]


def history_routes(
    prefix: str, store: Store, clock: Callable[[], datetime], *, max_days: float, max_rows: int
) -> APIRouter:
    """The routes of the history below `prefix`; a timeline spans at most `max_days` and `max_rows` readings."""
    router = APIRouter(prefix=prefix, tags=["history"])

    @router.get(
        "/machines/{machine_id}/timeline",
        summary="A time range as columns, downsampled so that spikes survive",
        responses=answers(200, Timeline, (*_PROBLEMS, RangeTooLong)),
    )
    def timeline(
        machine_id: MachineId,
        from_: Annotated[AwareDatetime | None, Query(alias="from", description="Default: an hour before `to`")] = None,
        to: Annotated[AwareDatetime | None, Query(description="Default: now")] = None,
        max_points: Annotated[int, Query(ge=2, le=4000)] = 1000,
    ) -> Response:
        until = to if to is not None else clock()
        since = from_ if from_ is not None else _hour_before(until)
        _check(since, until, max_days)
        known(store, machine_id)
        try:
            columns = assessments.history(store, machine_id, micros(since), micros(until), max_rows)
        except TooManyRows as error:
            reached = instant(error.reached_us).isoformat()
            raise RangeTooLong(
                f"more than {max_rows} readings from {since.isoformat()} on; end at {reached}"
            ) from error
        return json_response(_timeline(machine_id, since, until, columns, max_points))

    @router.get(
        "/machines/{machine_id}/assessments",
        summary="Stored assessments, newest first",
        responses=answers(200, AssessmentPage, _PROBLEMS),
    )
    def list_assessments(
        machine_id: MachineId,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=256, description="`next_cursor` of the page before")] = None,
    ) -> Response:
        before = _before(cursor) if cursor is not None else None
        known(store, machine_id)
        return json_response(_page(store, machine_id, before, limit))

    return router


def _hour_before(until: datetime) -> datetime:
    try:
        return until - _DEFAULT_RANGE
    except OverflowError as error:
        raise RangeTooLong("`to` is before the beginning of the calendar") from error


def _check(since: datetime, until: datetime, max_days: float) -> None:
    if since > until:
        raise RangeTooLong("`from` is later than `to`", code="range_backwards")
    if until - since > timedelta(days=max_days):
        raise RangeTooLong(f"a timeline spans at most {max_days:g} days")


def _timeline(machine_id: str, since: datetime, until: datetime, columns: History, max_points: int) -> Timeline:
    series = [columns.failure_probability, *columns.signals.values(), columns.anomaly_score]
    rows = keep(columns.observed_at_us, series, max_points)
    readings = len(columns.observed_at_us)
    return Timeline(
        machine_id=machine_id,
        from_=since,
        to=until,
        readings=readings,
        points=len(rows),
        downsampled=len(rows) < readings,
        observed_at=[columns.observed_at_us[row] // 1000 for row in rows],
        failure_probability=[columns.failure_probability[row] for row in rows],
        anomaly_score=[columns.anomaly_score[row] for row in rows],
        prediction=[columns.prediction[row] for row in rows],
        signals={name: [column[row] for row in rows] for name, column in columns.signals.items()},
    )


def _page(store: Store, machine_id: str, before: tuple[int, str] | None, limit: int) -> AssessmentPage:
    found = assessments.newest(store, machine_id, before, limit + 1)
    shown = found[:limit]
    following = cursor("newest", shown[-1].observed_at_us, shown[-1].event_id) if len(found) > limit else None
    return AssessmentPage([stored(row.body) for row in shown], following)


def _before(text: str) -> tuple[int, str]:
    at_us, event_id = place(text, "newest", int)
    return int(at_us), event_id
