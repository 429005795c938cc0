"""Why a reading cannot be accepted or judged: a coded answer for people and programs, never an exception."""

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN_LENGTH = 64

# The most telling first: what makes everything after it doubtful leads the refusal.
_PRECEDENCE = (
    "duplicate_key",
    "unknown_equipment",
    "missing_machine",
    "invalid_machine_id",
    "wrong_unit_suspected",
    "wrong_type",
    "out_of_range",
    "missing_signal",
    "unknown_product_type",
    "bad_timestamp",
    "invalid_event_id",
    "unknown_field",
)


@dataclass(frozen=True, slots=True)
class FieldIssue:
    """What is wrong at one place. `pointer` is a JSON pointer; `suggested` is the value in the profile's unit."""

    pointer: str
    detail: str
    code: str
    suggested: float | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reading that is not accepted. `code` is stable; `machine_id` is there when the reading named a valid one."""

    code: str
    detail: str
    errors: tuple[FieldIssue, ...] = ()
    machine_id: str | None = None


def refusal_for(issues: Sequence[FieldIssue], machine_id: str | None) -> Refusal:
    """One refusal for at least one issue; the most telling code and its sentence lead."""
    leading = min(issues, key=lambda issue: _PRECEDENCE.index(issue.code))
    more = len(issues) - 1
    detail = f"{leading.detail.rstrip('.')}; and {more} more." if more else leading.detail
    return Refusal(leading.code, detail, tuple(issues), machine_id)


def shown(text: str) -> str:
    """`text` as it may be echoed: at most 64 printable characters."""
    short = text[:_SHOWN_LENGTH]
    return "".join(char if char.isprintable() else "?" for char in short)
