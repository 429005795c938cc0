"""What a finished replay says about itself: how many transitions, their hash, and whether they equal the live ones."""

import hashlib
from collections.abc import Iterable

import msgspec

from gateway.alarms.transition import decode_transition
from gateway.store import Store, replay_logs
from gateway.store.replays import Replay

# Transitions are a handful for an alarm; who has more than this replays a shorter range.
MOST_TRANSITIONS = 500_000


class ReplayResult(msgspec.Struct, frozen=True, kw_only=True):
    """Transitions of the replay and of the live history between its beginning and its end.

    Hashes are those of the canonical log: one line per transition, by machine and number. `equals_live` holds byte for
    byte; else `first_difference` names the machine and the number of the first transition that is not the same.
    `skipped_actions` are actions of people that found no alarm to act on.
    """

    transitions: int
    log_hash: str
    live_transitions: int
    live_log_hash: str
    equals_live: bool
    first_difference: str | None
    skipped_actions: int


def result_of(store: Store, replay: Replay, skipped: int) -> ReplayResult:
    """The result, from what is kept of the replay."""
    found = replay_logs.transitions(store, replay, MOST_TRANSITIONS)
    new, old = found["new"], found["old"]
    return ReplayResult(
        transitions=len(new),
        log_hash=_hash(new),
        live_transitions=len(old),
        live_log_hash=_hash(old),
        equals_live=new == old,
        first_difference=_first_difference(old, new),
        skipped_actions=skipped,
    )


def _hash(bodies: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for body in bodies:
        digest.update(body + b"\n")
    return f"sha256:{digest.hexdigest()}"


def _first_difference(old: list[bytes], new: list[bytes]) -> str | None:
    if old == new:
        return None
    at = next((number for number, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
    longer = old if len(old) > len(new) else new
    ours = [decode_transition(bodies[at]) for bodies in (old, new)] if at is not None else []
    first = (
        min(ours, key=lambda each: (each.machine_id, each.seq))
        if ours
        else decode_transition(longer[min(len(old), len(new))])
    )
    return f"{first.machine_id}/{first.seq}"
