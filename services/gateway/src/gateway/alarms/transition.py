"""One change of an alarm, as an event: its canonical bytes, and the hash of a log of them."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

import msgspec

State = Literal["normal", "unacknowledged", "acknowledged", "returned_unacknowledged"]
Overlay = Literal["", "shelved", "suppressed", "out_of_service"]
Kind = Literal[
    "raised",
    "raised_again",
    "returned",
    "acknowledged",
    "closed",
    "escalated",
    "chatter_began",
    "chatter_ended",
    "shelved",
    "unshelved",
    "suppressed",
    "unsuppressed",
    "removed_from_service",
    "returned_to_service",
    "assigned",
    "noted",
]
SYSTEM = "system"
ACTIVE: frozenset[State] = frozenset({"unacknowledged", "acknowledged"})


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the alarm of one condition of one machine.

    `seq` counts the transitions of the machine from 1, in the order in which they took effect. `at_us` is event time,
    or the time the operator acted. `actor` is `system` or the name a person claims. `event_id` is the assessment that
    caused it, empty for an operator's action; `score` is that assessment's. `overlay` says what hid the alarm from the
    list at that moment. `until_us` is when a shelf or a suppression ends; `assignee` is set by `assigned`.
    """

    seq: int
    machine_id: str
    mode: str
    alarm_id: str
    kind: Kind
    before: State
    after: State
    at_us: int
    actor: str
    reason: str
    priority: int
    policy_digest: str
    event_id: str = ""
    score: float | None = None
    model_digest: str = ""
    overlay: Overlay = ""
    until_us: int | None = None
    assignee: str = ""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Transition)


def encode_transition(transition: Transition) -> bytes:
    """Canonical JSON: fields in the order of the class, every field present, no spaces."""
    return _encoder.encode(transition)


def decode_transition(value: bytes) -> Transition:
    """The transition in `value`. Raises msgspec.ValidationError or msgspec.DecodeError for anything else."""
    return _decoder.decode(value)


def log_hash(transitions: Iterable[Transition]) -> str:
    """`sha256:` and the hex digest of the whole log, one canonical line each, by machine and then by `seq`.

    The order in which machines were handled, or transitions are given, does not change it.
    """
    digest = sha256()
    for transition in sorted(transitions, key=lambda each: (each.machine_id, each.seq)):
        digest.update(encode_transition(transition) + b"\n")
    return f"sha256:{digest.hexdigest()}"


def alarm_id_of(machine_id: str, mode: str, event_id: str) -> str:
    """The id of the alarm that this assessment raises: 32 hex digits, the same in every replay."""
    return sha256("\0".join((machine_id, mode, event_id)).encode()).hexdigest()[:32]
