"""Why an alarm was raised, in one document that can be checked offline: the record, its seals, and what differs."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import msgspec

from chassis.assessment import Assessment
from gateway.alarms.advice import Advice, advice_for
from gateway.alarms.policy import Policy
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.transition import Transition


class Source(msgspec.Struct, frozen=True):
    """Where the assessment lay on the log."""

    topic: str
    partition: int
    offset: int


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decided about one alarm.

    `assessment` carries inputs, units, contributions, the trace of the published limits, and the digest of its model.
    `before` is what was remembered of the machine when it took effect, so that the raise can be decided again.
    `transitions` are those of the alarm so far. `seals` are hashes of every single value, by JSON pointer: they name a
    value that was changed later. They show accidents and careless edits; against a forger, sign the document.
    """

    format: int
    alarm_id: str
    source: Source
    assessment: Assessment
    policy: Policy
    policy_digest: str
    before: MachineAlarms
    transitions: list[Transition]
    advice: Advice
    seals: dict[str, str]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(DecisionRecord)


def record_of(
    alarm_id: str,
    source: Source,
    assessment: Assessment,
    policy: Policy,
    before: MachineAlarms,
    transitions: list[Transition],
) -> DecisionRecord:
    """The sealed record. `transitions` are those of the alarm so far, its raise among them."""
    raised = next(each for each in transitions if each.alarm_id == alarm_id and each.kind == "raised")
    record = DecisionRecord(
        format=1,
        alarm_id=alarm_id,
        source=source,
        assessment=assessment,
        policy=policy,
        policy_digest=raised.policy_digest,
        before=before,
        transitions=transitions,
        advice=advice_for(raised.mode, assessment),
        seals={},
    )
    return msgspec.structs.replace(record, seals=seals_of(msgspec.to_builtins(record)))


def encode_record(record: DecisionRecord) -> bytes:
    """Canonical JSON: fields in the order of the classes, no spaces."""
    return _encoder.encode(record)


def decode_record(value: bytes) -> DecisionRecord:
    """The record in `value`. Raises msgspec.ValidationError or msgspec.DecodeError for anything else."""
    return _decoder.decode(value)


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, and every empty list or object, with its JSON pointer (RFC 6901), in order."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    if not inner or not value:
        yield pointer, value
        return
    for key, each in inner:
        yield from leaves(each, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


def seals_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The seal of every value of a record's document, but of the seals themselves."""
    sealed = {name: value for name, value in document.items() if name != "seals"}
    return {pointer: sha256(msgspec.json.encode(value)).hexdigest()[:16] for pointer, value in leaves(sealed)}
