"""The doors for what people found: verdicts on alarms, failures without one, and the track record of both."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, UnsupportedMediaType
from gateway import actor
from gateway.alarm_doors import AlarmId, answer, known
from gateway.alarm_records import policy_of
from gateway.alarm_verdict_views import (
    Grouping,
    OutcomeRequest,
    OutcomeView,
    TrackRecordGroup,
    TrackRecordList,
    VerdictRequest,
    outcome_view,
)
from gateway.alarm_views import AlarmDetail
from gateway.alarms.track_record import Judged, Missed, track_record, track_records
from gateway.bodies import body_of, text_of
from gateway.instants import micros
from gateway.machines import known as known_machine
from gateway.problems import (
    MalformedQuery,
    RedriveKeyReused,
    StoreUnavailable,
    UnknownAlarm,
    UnknownMachine,
    UnknownPolicy,
)
from gateway.store import Store, verdicts
from gateway.store.verdicts import Outcome, Verdict

# The newest verdicts count; older ones say little about the models of today.
MOST = 50_000
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_BODY = (BodyTooLarge, UnsupportedMediaType, MalformedQuery, StoreUnavailable)
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Chosen by the client; the same failure under the same key is stored once",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
}
_verdict = msgspec.json.Decoder(VerdictRequest)
_outcome = msgspec.json.Decoder(OutcomeRequest)


def alarm_verdict_routes(prefix: str, store: Store, clock: Callable[[], datetime], default_equipment: str) -> APIRouter:
    """The routes of verdicts, outcomes and the track record below `prefix`."""
    router = APIRouter(prefix=prefix, tags=["verdicts"])

    @router.post(
        "/alarms/{alarm_id}/verdict",
        summary="Say what was found about an alarm",
        responses=answers(200, AlarmDetail, (UnknownAlarm, *_BODY)),
        openapi_extra=request_body(VerdictRequest, examples={"right": {"finding": "confirmed", "actor": "ann"}})
        | {"parameters": [actor.PARAMETER]},
    )
    async def give_verdict(alarm_id: AlarmId, request: Request) -> Response:
        """The newest verdict counts, the ones before stay on record. The same again changes nothing."""
        asked = await body_of(request, _verdict)
        _check(asked.note, asked.true_mode)
        who = actor.actor_of(request, asked.actor)

        def give() -> Response:
            now_us = micros(clock())
            verdict = Verdict(
                finding=asked.finding,
                true_mode=asked.true_mode,
                failed_at=micros(asked.failed_at) if asked.failed_at is not None else None,
                cost=asked.cost,
                down_h=asked.down_h,
                note=asked.note.strip(),
                actor=who,
                given_at=now_us,
            )
            verdicts.give(store, known(store, alarm_id), verdict)
            return answer(store, known(store, alarm_id), now_us)

        return await run_in_threadpool(give)

    @router.post(
        "/outcomes",
        summary="Tell of a failure that no alarm announced",
        responses=answers(200, OutcomeView) | answers(201, OutcomeView, (UnknownMachine, RedriveKeyReused, *_BODY)),
        openapi_extra=request_body(OutcomeRequest) | {"parameters": [_KEY_PARAMETER, actor.PARAMETER]},
    )
    async def tell_outcome(request: Request) -> Response:
        """201 when it is new, 200 when the same request came before under this key."""
        asked = await body_of(request, _outcome)
        _check(asked.note, asked.mode, asked.machine_id)
        who, name = actor.actor_of(request, asked.actor), _key(request)

        def tell() -> Response:
            known_machine(store, asked.machine_id)
            outcome = Outcome(
                id=name,
                machine_id=asked.machine_id,
                mode=asked.mode,
                failed_at=micros(asked.failed_at),
                cost=asked.cost,
                down_h=asked.down_h,
                note=asked.note.strip(),
                actor=who,
                told_at=micros(clock()),
            )
            digest = hashlib.blake2b(msgspec.json.encode((who, asked)), digest_size=16).digest()
            if (told := verdicts.tell(store, outcome, digest)) is None:
                raise RedriveKeyReused("this Idempotency-Key belongs to another failure")
            return json_response(outcome_view(told[0]), status=201 if told[1] else 200)

        return await run_in_threadpool(tell)

    @router.get(
        "/track-record",
        summary="How often alarms were right",
        responses=answers(200, TrackRecordList, (UnknownPolicy, MalformedQuery, StoreUnavailable)),
    )
    def get_track_record(
        by: Annotated[list[Grouping] | None, Query(max_length=3, description="What tells groups apart")] = None,
        equipment: Annotated[str | None, Query(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")] = None,
    ) -> Response:
        """Default: by condition and machine class. Over the newest 50,000 verdicts and 50,000 missed failures."""
        named = equipment if equipment is not None else default_equipment
        return json_response(_records(store, named, by if by is not None else ["mode", "machine_class"]))

    return router


def _records(store: Store, equipment: str, by: list[Grouping]) -> TrackRecordList:
    if (policy := policy_of(store, equipment)) is None:
        raise UnknownPolicy(f"there is no alarm policy for {equipment[:64]}")
    alarms, failures = verdicts.judged(store, equipment, None, MOST), verdicts.missed(store, equipment, None, MOST)

    def group(each: Judged | Missed) -> tuple[str | None, str | None, str | None]:
        return (
            each.mode if "mode" in by else None,
            each.machine_class if "machine_class" in by else None,
            each.version if "version" in by else None,
        )

    found = track_records(alarms, failures, policy.costs, policy.min_verdicts, group)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].judged, tuple(name or "" for name in pair[0])))
    return TrackRecordList(
        equipment=equipment,
        currency=policy.costs.currency,
        groups=[
            TrackRecordGroup(mode=mode, machine_class=machine_class, version=version, record=record)
            for (mode, machine_class, version), record in ordered
        ],
        total=track_record(alarms, failures, policy.costs, policy.min_verdicts),
    )


def _check(note: str, *names: str | None) -> None:
    text_of(note, "/note")
    # A pattern's `$` lets a line break pass at the end.
    if any(name is not None and name.endswith("\n") for name in names):
        raise MalformedQuery("a name ends with a line break")


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if key is None:
        return uuid4().hex
    if not _KEY.fullmatch(key):
        raise MalformedQuery("an Idempotency-Key has 1 to 128 letters, digits, dots, colons, dashes or underscores")
    return key
