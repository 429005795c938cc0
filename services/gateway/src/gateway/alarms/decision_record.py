"""Why an alarm was raised, in one document that can be checked offline: the record, its seal, and what differs."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from chassis.assessment import Assessment
from gateway.alarms.advice import Advice, advice_for
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import observation_of
from gateway.alarms.policy import Policy
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.standing_policy import standing
from gateway.alarms.transition import Transition


class Source(msgspec.Struct, frozen=True):
    """Where the assessment stood on the log."""

    topic: str
    partition: int
    offset: int


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decided about one alarm.

    `before` is what was remembered of the machine when the raising assessment came, so that the raise can be decided
    again. `seals` are hashes of every single value, by JSON pointer: they name a value that was changed later. They
    show accidents and careless edits; against a forger, sign the document.
    """

    format: int
    alarm_id: str
    source: Source
    units: dict[str, str]
    assessment: Assessment
    policy: Policy
    policy_digest: str
    before: MachineAlarms
    transitions: list[Transition]
    advice: Advice
    seals: dict[str, str]


def record_of(
    alarm_id: str,
    source: Source,
    units: dict[str, str],
    assessment: Assessment,
    policy: Policy,
    before: MachineAlarms,
    transitions: list[Transition],
) -> DecisionRecord:
    """The sealed record. `transitions` are those of the alarm so far; `units` those of the signals, by name."""
    raised = next(each for each in transitions if each.alarm_id == alarm_id and each.kind == "raised")
    record = DecisionRecord(
        format=1,
        alarm_id=alarm_id,
        source=source,
        units=units,
        assessment=assessment,
        policy=policy,
        policy_digest=raised.policy_digest,
        before=before,
        transitions=transitions,
        advice=advice_for(raised.mode, assessment),
        seals={},
    )
    return msgspec.structs.replace(record, seals=_seals(_values(record)))


def first_difference(record: DecisionRecord) -> str | None:
    """The JSON pointer of the first value that does not hold, in the order of the record; None when all do.

    Checks the seals, the digest of the policy, the advice, and that `before`, the assessment and the policy give the
    raise again. The scores themselves are recomputed by whoever has the model.
    """
    seals = _seals(_values(record))
    for pointer in [*seals, *record.seals]:
        if seals.get(pointer) != record.seals.get(pointer):
            return pointer
    policy = standing(record.policy)
    if policy.digest != record.policy_digest:
        return "/policy_digest"
    _, found = observe(record.before, observation_of(record.assessment), policy)
    raised = [index for index, each in enumerate(record.transitions) if each.kind == "raised"]
    for index in raised or [0]:
        if not raised or record.transitions[index] not in found:
            return f"/transitions/{index}"
    advice = advice_for(record.transitions[raised[0]].mode, record.assessment)
    return None if advice == record.advice else "/advice"


def _values(record: DecisionRecord) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(record)
    del document["seals"]
    return document


def _seals(document: dict[str, Any]) -> dict[str, str]:
    return {pointer: sha256(msgspec.json.encode(value)).hexdigest()[:16] for pointer, value in _leaves("", document)}


def _leaves(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, and every empty list or object, with its JSON pointer (RFC 6901)."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    if not inner or not value:
        yield pointer, value
        return
    for key, each in inner:
        yield from _leaves(f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}", each)
