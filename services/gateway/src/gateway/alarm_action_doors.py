"""The door for what people do to alarms: who, why, and which version of the alarm they have seen."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, FieldError, Problem, UnsupportedMediaType
from gateway import actor
from gateway.alarm_doors import AlarmId, answer, known
from gateway.alarm_views import ActionName, AlarmAction, AlarmDetail
from gateway.alarms.actions import Action, ActionKind
from gateway.alarms.illegal_actions import AlarmMoved, IllegalAction, NoteRequired, UnknownCondition, WrongDeadline
from gateway.bodies import body_of, text_of
from gateway.entity_tags import IF_MATCH, version_of
from gateway.instants import instant, micros
from gateway.metrics import GatewayMetrics
from gateway.problems import (
    AlarmConflict,
    IllegalAlarmAction,
    MalformedQuery,
    StoreUnavailable,
    UnknownAlarm,
    VersionRequired,
)
from gateway.store import Store, alarm_deeds
from gateway.store.alarms import Alarm

_KINDS: dict[ActionName, ActionKind] = {
    "ack": "acknowledge",
    "shelve": "shelve",
    "unshelve": "unshelve",
    "assign": "assign",
    "note": "note",
    "close": "close",
    "suppress": "suppress",
    "unsuppress": "unsuppress",
    "out-of-service": "remove_from_service",
    "return-to-service": "return_to_service",
}
_PROBLEMS = (
    UnknownAlarm,
    AlarmConflict,
    BodyTooLarge,
    UnsupportedMediaType,
    IllegalAlarmAction,
    MalformedQuery,
    VersionRequired,
    StoreUnavailable,
)
_action = msgspec.json.Decoder(AlarmAction)


def alarm_action_routes(prefix: str, store: Store, clock: Callable[[], datetime], metrics: GatewayMetrics) -> APIRouter:
    """The routes that change alarms below `prefix`."""
    router = APIRouter(prefix=f"{prefix}/alarms", tags=["alarms"])

    @router.post(
        "/{alarm_id}/{action}",
        summary="Acknowledge, shelve, assign, note, close, suppress, take out of service",
        responses=answers(200, AlarmDetail, _PROBLEMS),
        openapi_extra=request_body(AlarmAction, examples={"acknowledge": {"actor": "ann", "note": "on my way"}})
        | {"parameters": [IF_MATCH, actor.PARAMETER]},
    )
    async def act(
        alarm_id: AlarmId, action: Annotated[ActionName, Path(description="What to do")], request: Request
    ) -> Response:
        """Answered once it is stored. 409 says who was faster; `close` comes after `ack`; shelving must end."""
        asked = _checked(await body_of(request, _action))
        who, version = actor.actor_of(request, asked.actor), version_of(request)

        def carry_out() -> Response:
            now_us = micros(clock())
            alarm = known(store, alarm_id)
            try:
                after, made = alarm_deeds.carry_out(
                    store, alarm, _deed(action, asked, alarm, who, version, now_us), now_us
                )
            except IllegalAction as error:
                raise _problem(error, known(store, alarm_id)) from error
            metrics.count_alarms(made, 0)
            return answer(store, after, now_us)

        return await run_in_threadpool(carry_out)

    return router


def _deed(name: ActionName, asked: AlarmAction, alarm: Alarm, who: str, version: int, now_us: int) -> Action:
    return Action(
        kind=_KINDS[name],
        mode=alarm.mode,
        actor=who,
        at_us=now_us,
        alarm_id=alarm.id,
        note=asked.note.strip(),
        version=version,
        from_us=micros(asked.from_) if asked.from_ is not None else None,
        until_us=micros(asked.until) if asked.until is not None else None,
        one_shot=asked.one_shot,
        assignee=asked.assignee.strip(),
    )


def _checked(asked: AlarmAction) -> AlarmAction:
    text_of(asked.note, "/note")
    if not asked.assignee.isprintable():
        raise MalformedQuery("not a name", errors=[FieldError("/assignee", "control characters")])
    return asked


def _problem(error: IllegalAction, alarm: Alarm) -> Problem:
    """What cannot be done as it was asked is 422; what the alarm is too far for is 409, with who and when."""
    if isinstance(error, NoteRequired | WrongDeadline | UnknownCondition):
        return IllegalAlarmAction(str(error), code=error.code)
    by, at_us, version = alarm.changed_by, alarm.changed_at, alarm.version
    if isinstance(error, AlarmMoved):
        by, at_us, version = error.changed_by, error.changed_us, error.version
    when = instant(at_us).isoformat(timespec="seconds")
    return AlarmConflict(f"{error}: {by} changed it last at {when}, it is version {version} now", code=error.code)
