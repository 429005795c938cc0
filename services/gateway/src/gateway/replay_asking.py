"""From a request for a replay to a stored one: its policy, its model, its machines, and why it cannot be."""

from collections.abc import Callable
from typing import Annotated
from uuid import uuid4

import msgspec

from gateway.alarms.policy import encode_policy
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.bodies import text_of
from gateway.instants import SECOND_US, micros
from gateway.policy_doors import in_force, policy_of, version_with
from gateway.policy_views import Instant, Name
from gateway.problems import MalformedQuery, RangeTooLong, ReplayConflict, UnknownReplayModel
from gateway.store import Store, alarm_lines, replay_models, replays
from gateway.store.replays import Replay
from gateway.stored_histories import lead_us

_MOST_UNFINISHED = 20
# A model that has not been told of for three roll calls is gone.
TOLD_WITHIN_US = 1_800 * SECOND_US


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


def ask(
    store: Store, asked: Asked, who: str, equipment: str, now_us: int, ask_for_models: Callable[[], object]
) -> Replay:
    """Store the replay that is asked for.

    Raises RangeTooLong, MalformedQuery, InvalidAlarmPolicy, UnknownPolicy, UnknownReplayModel, ReplayConflict.
    """
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


def _policy(store: Store, asked: Asked, equipment: str) -> tuple[StandingPolicy, int]:
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
    known = replay_models.told_since(store, equipment, now_us - TOLD_WITHIN_US)
    for card in known:
        if wanted in (card.digest, card.version):
            return card.digest
    ask_for_models()
    names = ", ".join(card.version for card in known[:5]) or "none has been told yet; ask again in a moment"
    raise UnknownReplayModel(f"inference has no such model for {equipment}; it can score with: {names}")
