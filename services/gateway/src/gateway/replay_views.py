"""What the doors take and answer about replays."""

from datetime import datetime
from typing import Annotated

import msgspec

from chassis.replay import ModelCard
from gateway.alarms.policy import Policy
from gateway.difference_views import HistoryDifference, ModeDifference
from gateway.instants import instant
from gateway.policy_views import Instant, Name
from gateway.replay_result import ReplayResult
from gateway.store.replay_progress import Progress
from gateway.store.replays import Replay, ReplayState

_result = msgspec.json.Decoder(ReplayResult)


class ReplayRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to run again: event time [`from`, `to`) of the machines, default all of the equipment.

    `model`: digest or version of a model that inference can score with, see `/models`; default the stored scores.
    `policy`: a draft; or `policy_version`; default the version in force. `actor` unless the header says it.
    """

    from_: Instant = msgspec.field(name="from")
    to: Instant
    equipment: Name | None = None
    machines: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=1_000)] | None = None
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    policy: Policy | None = None
    policy_version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    actor: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class ReplayItem(msgspec.Struct, frozen=True, kw_only=True):
    """A replay and how far it is. `progress` is 0 to 1; `published` and `scored` count readings of another model.

    `model` is null for the stored scores, `policy_version` null for a draft. `waits_for` says what keeps it waiting,
    `error` why it failed.
    """

    replay_id: str
    equipment: str
    state: ReplayState
    from_: datetime = msgspec.field(name="from")
    to: datetime
    model: str | None
    policy_version: int | None
    policy_digest: str
    note: str
    asked_by: str
    asked_at: datetime
    changed_at: datetime
    progress: float
    machines: int
    machines_done: int
    readings: int
    published: int
    scored: int
    waits_for: str | None
    error: str | None
    result: ReplayResult | None


class ReplayPage(msgspec.Struct, frozen=True):
    """A page of replays, the newest first."""

    replays: list[ReplayItem]
    next_cursor: str | None


class ReplayDiff(msgspec.Struct, frozen=True, kw_only=True):
    """The live alarms (old) against those of the replay (new), at the prices of the replay's policy.

    `failures` are those that verdicts and outcomes tell of by now. `is_complete`: the replay is done; else only what it
    has run by now is compared.
    """

    replay_id: str
    is_complete: bool
    failures: int
    currency: str
    difference: HistoryDifference
    modes: list[ModeDifference]


class ModelList(msgspec.Struct, frozen=True):
    """The models that inference says it can score with, the live one first."""

    models: list[ModelCard]


REPLAY_STRUCTS = [ReplayRequest, ReplayItem, ReplayPage, ReplayDiff, ModelList]


def replay_view(replay: Replay, progress: Progress) -> ReplayItem:
    """The replay as it is now."""
    return ReplayItem(
        replay_id=replay.id,
        equipment=replay.equipment,
        state=replay.state,
        from_=instant(replay.from_at),
        to=instant(replay.to_at),
        model=replay.model or None,
        policy_version=replay.policy_version or None,
        policy_digest=replay.policy_digest,
        note=replay.note,
        asked_by=replay.asked_by,
        asked_at=instant(replay.asked_at),
        changed_at=instant(replay.changed_at),
        progress=1.0 if replay.state == "done" else progress.share,
        machines=progress.machines,
        machines_done=progress.machines_done,
        readings=progress.readings,
        published=progress.published,
        scored=progress.scored,
        waits_for=replay.error if replay.state == "running" else None,
        error=replay.error if replay.state == "failed" else None,
        result=_result.decode(replay.result) if replay.result is not None else None,
    )
