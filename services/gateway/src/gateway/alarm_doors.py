"""The doors to alarms: the list, one alarm, and how much they ask of people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from chassis.assessment import decode
from chassis.http_app import json_response
from chassis.openapi import answers
from gateway.alarm_load_views import AlarmLoad, load_view, span_of
from gateway.alarm_records import precisions_of, track_record_of
from gateway.alarm_views import (
    AlarmCount,
    AlarmDetail,
    AlarmPage,
    OverlayName,
    detail,
    item,
)
from gateway.alarms.advice import advice_for
from gateway.alarms.load import load
from gateway.cursors import cursor as cursor_of
from gateway.cursors import place
from gateway.instants import instant, micros
from gateway.machine_views import stored
from gateway.problems import MalformedQuery, RangeTooLong, StoreUnavailable, UnknownAlarm
from gateway.store import Store, alarm_deeds, alarms, assessments, verdicts
from gateway.store.alarms import Alarm, AlarmState, Wanted

AlarmId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0" * 32])]
_TRANSITIONS = 500
_LOAD_ALARMS = 50_000
_DAY = timedelta(days=1)


def alarm_routes(prefix: str, store: Store, clock: Callable[[], datetime], *, max_days: float) -> APIRouter:
    """The routes that read alarms below `prefix`; the load covers at most `max_days`."""
    router = APIRouter(prefix=f"{prefix}/alarms", tags=["alarms"])

    @router.get("", summary="Alarms", responses=answers(200, AlarmPage, (MalformedQuery, StoreUnavailable)))
    def list_alarms(
        open_: Annotated[Literal["yes", "no", "any"], Query(alias="open", description="Open or over")] = "yes",
        state: Annotated[AlarmState | None, Query()] = None,
        priority: Annotated[int | None, Query(ge=1, le=3)] = None,
        machine: Annotated[str | None, Query(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")] = None,
        mode: Annotated[str | None, Query(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")] = None,
        overlay: Annotated[OverlayName | None, Query(description="`none`: only alarms that nothing hides")] = None,
        sort: Annotated[Literal["rank", "raised"], Query(description="Most urgent or newest first")] = "rank",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=256, description="`next_cursor` of the page before")] = None,
    ) -> Response:
        """The list moves while it is read: an alarm whose rank changes between pages may come twice or not."""
        now_us = micros(clock())
        is_open = {"yes": True, "no": False, "any": None}[open_]
        wanted = Wanted(is_open, state, priority, machine, mode, overlay)
        after = _after(cursor, sort) if cursor is not None else None
        # Counted before they are listed: an alarm that comes in between must not be announced and then be missing.
        counted = alarms.counts(store, Wanted(True, machine_id=machine, mode=mode), now_us)
        found = alarms.page(store, wanted, sort, after, limit + 1, now_us)
        last = found[limit - 1] if len(found) > limit else None
        following = None
        if last is not None:
            following = cursor_of(f"alarms-{sort}", last.rank if sort == "rank" else last.raised_at, last.id)
        precisions = precisions_of(store, found[:limit])
        shown = [item(alarm, now_us, precisions.get(alarm.id)) for alarm in found[:limit]]
        counts = [AlarmCount(*each) for each in counted]
        return json_response(AlarmPage(shown, following, counts, instant(now_us)))

    @router.get(
        "/load",
        summary="Alarms per ten minutes and operator, bad actors, floods",
        responses=answers(200, AlarmLoad, (MalformedQuery, RangeTooLong, StoreUnavailable)),
    )
    def alarm_load(
        from_: Annotated[AwareDatetime | None, Query(alias="from", description="Default: a day before `to`")] = None,
        to: Annotated[AwareDatetime | None, Query(description="Default: now")] = None,
        operators: Annotated[int, Query(ge=1, le=1000)] = 1,
    ) -> Response:
        from_us, to_us = _range(from_, to if to is not None else clock(), max_days)
        found = alarms.raised_between(store, from_us, to_us, _LOAD_ALARMS + 1)
        if len(found) > _LOAD_ALARMS:
            reached = instant(found[-1].raised_at).isoformat()
            raise RangeTooLong(f"more than {_LOAD_ALARMS} alarms in the range; end at {reached}")
        return json_response(load_view(load([span_of(alarm) for alarm in found], from_us, to_us, operators)))

    @router.get(
        "/{alarm_id}",
        summary="One alarm with its transitions and advice",
        responses=answers(200, AlarmDetail, (UnknownAlarm, MalformedQuery, StoreUnavailable)),
    )
    def get_alarm(alarm_id: AlarmId) -> Response:
        """`ETag` is what an action sends as `If-Match`."""
        return answer(store, known(store, alarm_id), micros(clock()))

    return router


def known(store: Store, alarm_id: str) -> Alarm:
    """The alarm with this id. Raises UnknownAlarm."""
    if (alarm := alarm_deeds.find(store, alarm_id)) is None:
        raise UnknownAlarm(f"no alarm {alarm_id[:32]} is kept")
    return alarm


def answer(store: Store, alarm: Alarm, now_us: int) -> Response:
    """The alarm whole, with its version as the entity tag."""
    body = assessments.body(store, alarm.event_id)
    whole = detail(
        alarm,
        now_us,
        alarms.transitions_of(store, alarm.id, _TRANSITIONS),
        stored(body) if body is not None else None,
        advice_for(alarm.mode, decode(body)) if body is not None else None,
        precisions_of(store, [alarm]).get(alarm.id),
        verdicts.current(store, alarm.id),
        track_record_of(store, alarm),
    )
    return json_response(msgspec.json.encode(whole), headers={"etag": f'"{alarm.version}"'})


def _after(text: str, sort: str) -> tuple[int, str]:
    at, name = place(text, f"alarms-{sort}", int)
    return int(at), name


def _range(since: datetime | None, until: datetime, max_days: float) -> tuple[int, int]:
    try:
        start = since if since is not None else until - _DAY
    except OverflowError as error:
        raise RangeTooLong("`to` is before the beginning of the calendar") from error
    if start > until:
        raise RangeTooLong("`from` is later than `to`", code="range_backwards")
    if until - start > timedelta(days=max_days):
        raise RangeTooLong(f"a load spans at most {max_days:g} days")
    return micros(start), micros(until)
