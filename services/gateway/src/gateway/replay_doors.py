"""The doors to replays: ask for one, see how far it is, stop it, go on, and what it changes."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, UnsupportedMediaType
from gateway import actor
from gateway.alarms.comparison import compare, compare_by_mode, past_of, terms_of
from gateway.bodies import body_of
from gateway.cursors import cursor as cursor_of
from gateway.cursors import place
from gateway.difference_views import difference_view, mode_views
from gateway.instants import micros
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
from gateway.replay_asking import TOLD_WITHIN_US, Asked, ask
from gateway.replay_result import MOST_TRANSITIONS
from gateway.replay_views import ModelList, ReplayDiff, ReplayItem, ReplayPage, ReplayRequest, replay_view
from gateway.store import (
    Store,
    alarm_policies,
    findings,
    replay_logs,
    replay_models,
    replay_progress,
    replays,
)
from gateway.store.replays import Replay

ReplayId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0" * 32])]
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


_asked = msgspec.json.Decoder(Asked)


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

        def answer() -> Response:
            made = ask(store, asked, who, asked.equipment or default_equipment, micros(clock()), ask_for_models)
            where = {"location": f"{prefix}/replays/{made.id}"}
            return json_response(msgspec.json.encode(_view(store, made)), status=202, headers=where)

        return await run_in_threadpool(answer)

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
        return json_response(ModelList(replay_models.told_since(store, None, micros(clock()) - TOLD_WITHIN_US)))

    return router


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
