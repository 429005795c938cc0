"""Conditions on machines in SQL: where they stand, what they are called, which state they are in."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, literal, or_

from gateway.machine_state import Patience, State
from gateway.store.schema import machines

_NEVER = -(2**62)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which machines: on a line, with a text in id or line (any case), in a state, or at risk."""

    line: str | None = None
    text: str | None = None
    state: State | None = None
    at_risk: bool = False


def on_line(choice: Choice) -> list[ColumnElement[bool]]:
    """The conditions of a choice that time does not change: line and text."""
    conditions: list[ColumnElement[bool]] = []
    if choice.line is not None:
        conditions.append(machines.c.line == choice.line)
    if choice.text:
        conditions.append(or_(contains(machines.c.id, choice.text), contains(machines.c.line, choice.text)))
    return conditions


def in_state(choice: Choice, now_us: int, patience: Patience) -> list[ColumnElement[bool]]:
    """The conditions of a choice that depend on the time."""
    conditions: list[ColumnElement[bool]] = []
    if choice.state is not None:
        conditions.append(state_code(now_us, patience) == int(choice.state))
    if choice.at_risk:
        conditions.append(is_at_risk(now_us, patience))
    return conditions


def contains(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """The column holds the text, in any case."""
    return func.lower(column).contains(text.lower(), autoescape=True)


def is_at_risk(now_us: int, patience: Patience) -> ColumnElement[bool]:
    """The machine reports, and its newest reading is predicted to fail."""
    reporting = state_code(now_us, patience).in_([int(State.LIVE), int(State.STALE)])
    return and_(func.coalesce(machines.c.prediction, 0) == 1, reporting)


def state_code(now_us: int, patience: Patience) -> ColumnElement[int]:
    """`machine_state.state_of` in SQL; a test holds the two together."""
    observed = func.coalesce(machines.c.observed_at, _NEVER)
    refused = func.coalesce(machines.c.refused_at, _NEVER)
    heard = case((refused > observed, refused), else_=observed)
    return case(
        (heard == _NEVER, literal(int(State.NEVER_SEEN))),
        (heard < now_us - patience.offline_after_us, literal(int(State.OFFLINE))),
        (refused > observed, literal(int(State.CANNOT_JUDGE))),
        (heard < now_us - patience.stale_after_us, literal(int(State.STALE))),
        else_=literal(int(State.LIVE)),
    )
