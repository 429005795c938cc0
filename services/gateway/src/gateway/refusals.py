"""What a dead letter says about a machine: which one could not be judged, since when, and why."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec

from chassis.dead_letter import DeadLetter
from gateway.instants import micros

MACHINE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
EVENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
FOREIGN = "foreign"
# Header of a record that was put back on its topic: the id of the dead letter.
REDRIVE_OF = "redrive-of"

# The reasons for which a reading cannot be judged. Other dead letters (a conflict of ids, a broken assessment) say
# something about the sender or about us, not about the machine's reading.
JUDGEMENT_CODES = frozenset(
    {
        "bad_timestamp",
        "duplicate_key",
        "invalid_event_id",
        "malformed_json",
        "missing_signal",
        "out_of_range",
        "timestamp_out_of_range",
        "unknown_equipment",
        "unknown_field",
        "unknown_product_type",
        "wrong_type",
        "wrong_unit_suspected",
    }
)
_CLOCK_CODES = frozenset({"bad_timestamp", "timestamp_out_of_range"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reading of a machine that could not be judged. `at_us` is event time where the reading tells it."""

    machine_id: str
    equipment: str | None
    at_us: int
    code: str
    detail: str


class _Named(msgspec.Struct):
    event_id: str | None = None


_named = msgspec.json.Decoder(_Named)


class _Observed(msgspec.Struct):
    observed_at: datetime | None = None


_observed = msgspec.json.Decoder(_Observed)


def machine_of(key: bytes | None) -> str | None:
    """The machine id in a record's key; None when the key is not one."""
    text = key.decode("ascii", errors="replace") if key is not None else ""
    return text if MACHINE_ID.fullmatch(text) else None


def event_of(value: bytes) -> str | None:
    """The event id that a refused record names; None when it names none, or is no JSON object."""
    try:
        event_id = _named.decode(value).event_id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return event_id if event_id is not None and EVENT_ID.fullmatch(event_id) else None


def code_of(letter: DeadLetter) -> str:
    """The reason code, or `foreign` for a text that cannot be one: headers on the topic are untrusted."""
    return letter.code if _CODE.fullmatch(letter.code) else FOREIGN


def refusal_of(letter: DeadLetter) -> Refusal | None:
    """The refusal in a dead letter; None when it does not make a machine impossible to judge."""
    machine_id = machine_of(letter.key)
    if machine_id is None or letter.code not in JUDGEMENT_CODES:
        return None
    named = dict(letter.headers).get("equipment", b"").decode("ascii", errors="replace")
    equipment = named if MACHINE_ID.fullmatch(named) else None
    return Refusal(machine_id, equipment, _event_time_us(letter), letter.code, printable(letter.detail))


def printable(text: str, limit: int = 512) -> str:
    """Untrusted text without control characters (PostgreSQL takes no NUL), cut to `limit` characters."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:limit])


def _event_time_us(letter: DeadLetter) -> int:
    """When the refused reading was observed, as far as it says so believably; else when it was refused."""
    refused_at_us = micros(letter.refused_at)
    if letter.code in _CLOCK_CODES:
        return refused_at_us
    try:
        observed_at = _observed.decode(letter.value).observed_at
    except (msgspec.DecodeError, UnicodeDecodeError):
        return refused_at_us
    if observed_at is None or observed_at.tzinfo is None:
        return refused_at_us
    return min(micros(observed_at), refused_at_us)
