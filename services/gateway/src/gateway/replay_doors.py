"""The doors to replays: ask for one, see how far it is, stop it, go on, and what it changes."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, UnsupportedMediaType
from gateway import actor
from gateway.alarms.comparison import compare, compare_by_mode, past_of, terms_of
from gateway.alarms.policy import encode_policy
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.bodies import body_of, text_of
from gateway.cursors import cursor as cursor_of
from gateway.cursors import place
from gateway.difference_views import difference_view, mode_views
from gateway.instants import SECOND_US, micros
from gateway.policy_doors import in_force, policy_of, version_with
from gateway.policy_views import Instant, Name
from gateway.problems import (
    InvalidAlarmPolicy,
    MalformedQuery,
    RangeTooLong,
    ReplayConflict,
    StoreUnavailable,
    UnknownPolicy,
    UnknownReplay,
    UnknownReplayModel,
)
from gateway.replay_result import MOST_TRANSITIONS
from gateway.replay_views import ModelList, ReplayDiff, ReplayItem, ReplayPage, ReplayRequest, replay_view
from gateway.store import (
    Store,
    alarm_lines,
    alarm_policies,
    findings,
    replay_logs,
    replay_models,
    replay_progress,
    replays,
)
from gateway.store.replays import Replay
from gateway.stored_histories import lead_us

ReplayId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0" * 32])]
_MOST_UNFINISHED = 20
# A model that has not been told of for three roll calls is gone.
_TOLD_WITHIN_US = 1_800 * SECOND_US
_ASK_PROBLEMS = (
    UnknownPolicy,
    ReplayConflict,
    BodyTooLarge,
    UnsupportedMediaType,
    InvalidAlarmPolicy,
    MalformedQuery,
    RangeTooLong,
    UnknownReplayModel,
    StoreUnavailable,
)


class _Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ReplayRequest` with its document as it came."""

    from_: Instant = msgspec.field(name="from")
    to: Instant
    equipment: Name | None = None
    machines: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=1_000)] | None = None
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    # Empty, or `null`: no draft.
    policy: msgspec.Raw = msgspec.Raw()
    policy_version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    actor: Annotated[str, msgspec.Meta(max_length=64)] | None = None


_asked = msgspec.json.Decoder(_Asked)


def replay_routes(
    prefix: str,
    store: Store,
    clock: Callable[[], datetime],
    default_equipment: str,
    ask_for_models: Callable[[], object],
) -> APIRouter:
    """The routes below `prefix`. `ask_for_models` lets inference tell again which models it has."""
    router = APIRouter(prefix=prefix, tags=["replays"])

    @router.post(
        "/replays",
        status_code=202,
        summary="Run a stored history again, under another policy or through another model",
        responses=answers(202, ReplayItem, _ASK_PROBLEMS),
        openapi_extra=request_body(ReplayRequest) | {"parameters": [actor.PARAMETER]},
    )
    async def ask_replay(request: Request) -> Response:
        """Nothing of it touches live alarms. Replays are worked on one after the other."""
        asked = await body_of(request, _asked)
        who = actor.actor_of(request, asked.actor)

        def ask() -> Response:
            made = _ask(store, asked, who, asked.equipment or default_equipment, micros(clock()), ask_for_models)
            where = {"location": f"{prefix}/replays/{made.id}"}
            return json_response(msgspec.json.encode(_view(store, made)), status=202, headers=where)

        return await run_in_threadpool(ask)

    @router.get(
        "/replays",
        summary="Replays, the newest first",
        responses=answers(200, ReplayPage, (MalformedQuery, StoreUnavailable)),
    )
    def list_replays(
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[str | None, Query(max_length=256, description="`next_cursor` of the page before")] = None,
    ) -> Response:
        before = place(cursor, "replays", int) if cursor is not None else None
        found = replays.page(store, (int(before[0]), before[1]) if before is not None else None, limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        following = cursor_of("replays", last.asked_at, last.id) if last is not None else None
        progress = replay_progress.progress(store, [each.id for each in found[:limit]])
        return json_response(ReplayPage([replay_view(each, progress[each.id]) for each in found[:limit]], following))

    @router.get(
        "/replays/{replay_id}",
        summary="One replay: how far it is, and whether it equals live",
        responses=answers(200, ReplayItem, (UnknownReplay, MalformedQuery, StoreUnavailable)),
    )
    def get_replay(replay_id: ReplayId) -> Response:
        return json_response(_view(store, _known(store, replay_id)))

    @router.post(
        "/replays/{replay_id}/cancel",
        summary="Stop a replay where it is",
        responses=answers(200, ReplayItem, (UnknownReplay, ReplayConflict, MalformedQuery, StoreUnavailable)),
    )
    def cancel_replay(replay_id: ReplayId) -> Response:
        """What it has done is kept: `resume` goes on from there."""
        found = _known(store, replay_id)
        if not replays.cancel(store, replay_id, micros(clock())) and found.state != "cancelled":
            raise ReplayConflict(f"this replay is {_known(store, replay_id).state}")
        return json_response(_view(store, _known(store, replay_id)))

    @router.post(
        "/replays/{replay_id}/resume",
        summary="Go on with a replay that was cancelled or has failed",
        responses=answers(200, ReplayItem, (UnknownReplay, ReplayConflict, MalformedQuery, StoreUnavailable)),
    )
    def resume_replay(replay_id: ReplayId) -> Response:
        found = _known(store, replay_id)
        if not replays.resume(store, replay_id, micros(clock())) and found.state not in ("queued", "running"):
            raise ReplayConflict(f"this replay is {_known(store, replay_id).state}")
        return json_response(_view(store, _known(store, replay_id)))

    @router.get(
        "/replays/{replay_id}/diff",
        summary="Alarms gained, lost and moved, and what that costs",
        responses=answers(200, ReplayDiff, (UnknownReplay, MalformedQuery, StoreUnavailable)),
    )
    def get_diff(replay_id: ReplayId) -> Response:
        """With the verdicts and outcomes there are by now."""
        return json_response(_diff(store, _known(store, replay_id)))

    @router.get("/models", summary="Models to replay with", responses=answers(200, ModelList, (StoreUnavailable,)))
    def list_models() -> Response:
        """Inference is asked every ten minutes; what it has not told of for half an hour is left out."""
        return json_response(ModelList(replay_models.told_since(store, None, micros(clock()) - _TOLD_WITHIN_US)))

    return router


def _ask(
    store: Store, asked: _Asked, who: str, equipment: str, now_us: int, ask_for_models: Callable[[], object]
) -> Replay:
    if asked.from_ >= asked.to:
        raise RangeTooLong("`from` is not before `to`", code="range_backwards")
    policy, version = _policy(store, asked, equipment)
    if replays.unfinished(store) >= _MOST_UNFINISHED:
        raise ReplayConflict(f"{_MOST_UNFINISHED} replays wait or run already", code="too_many_replays")
    made = Replay(
        id=uuid4().hex,
        equipment=equipment,
        from_at=micros(asked.from_),
        to_at=micros(asked.to),
        start_at=micros(asked.from_) - lead_us(policy),
        model=_model(store, asked.model, equipment, now_us, ask_for_models),
        policy_version=version,
        policy_digest=policy.digest,
        policy=encode_policy(policy.policy),
        note=text_of(asked.note, "/note"),
        asked_by=who,
        asked_at=now_us,
        changed_at=now_us,
    )
    replays.create(store, made, alarm_lines.bases(store, equipment, asked.machines))
    return made


def _policy(store: Store, asked: _Asked, equipment: str) -> tuple[StandingPolicy, int]:
    """The policy to run under, and its version; 0 for a draft."""
    is_draft = bytes(asked.policy) not in (b"", b"null")
    if is_draft and asked.policy_version is not None:
        raise MalformedQuery("send a draft or name a version, not both")
    if is_draft:
        return standing(policy_of(bytes(asked.policy), equipment)), 0
    stored = (
        version_with(store, equipment, asked.policy_version)
        if asked.policy_version is not None
        else in_force(store, equipment)
    )
    return stored.standing(), stored.version


def _model(store: Store, wanted: str | None, equipment: str, now_us: int, ask_for_models: Callable[[], object]) -> str:
    """The digest of the wanted model, empty for the stored scores. Raises UnknownReplayModel."""
    if wanted is None:
        return ""
    known = replay_models.told_since(store, equipment, now_us - _TOLD_WITHIN_US)
    for card in known:
        if wanted in (card.digest, card.version):
            return card.digest
    ask_for_models()
    names = ", ".join(card.version for card in known[:5]) or "none has been told yet; ask again in a moment"
    raise UnknownReplayModel(f"inference has no such model for {equipment}; it can score with: {names}")


def _diff(store: Store, found: Replay) -> ReplayDiff:
    policy = alarm_policies.standing_of(found.policy).policy
    terms = terms_of(policy, found.from_at, found.to_at)
    logs = replay_logs.transitions(store, found, MOST_TRANSITIONS)
    old, new = (past_of(replay_logs.decoded(logs[which]), terms) for which in ("old", "new"))
    machines = replay_logs.machines_of(store, found.id)
    failures = findings.failures(store, found.equipment, found.from_at, found.to_at, terms.horizon_us, machines)
    confirmed = findings.confirmed_ids(store, found.equipment, found.start_at, found.to_at)
    return ReplayDiff(
        replay_id=found.id,
        is_complete=found.state == "done",
        failures=len(failures),
        currency=policy.costs.currency,
        difference=difference_view(compare(old, new, failures, confirmed, terms), confirmed),
        modes=mode_views(compare_by_mode(old, new, failures, confirmed, terms)),
    )


def _known(store: Store, replay_id: str) -> Replay:
    if (found := replays.find(store, replay_id)) is None:
        raise UnknownReplay(f"no replay {replay_id} is kept")
    return found


def _view(store: Store, found: Replay) -> ReplayItem:
    return replay_view(found, replay_progress.progress(store, [found.id])[found.id])
