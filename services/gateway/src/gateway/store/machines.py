"""The machine registry: registered by a person or on first sight, with the newest word of each machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, update

from chassis.assessment import Status
from gateway.machine_state import Patience, State
from gateway.store.bulk import insert_or_skip
from gateway.store.choices import Choice, contains, in_state, is_at_risk, on_line, state_code
from gateway.store.engine import Store
from gateway.store.schema import machines

_NEIGHBOURS = 25


@dataclass(frozen=True, slots=True)
class Last:
    """A machine's newest assessment, by event time. Times are microseconds since 1970 UTC; `top_reason` is JSON."""

    observed_at: int
    received_at: int
    event_id: str
    failure_probability: float
    anomaly_score: float
    prediction: int
    anomaly: bool
    status: Status
    top_mode: str | None
    top_reason: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A machine's newest reading that could not be judged, and `since` when without a break none could."""

    refused_at: int
    refused_since: int
    refused_code: str
    refused_detail: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is registered about a machine, and how many of its readings are stored."""

    id: str
    equipment: str
    product_type: str | None
    line: str | None
    registered_at: int
    first_seen_at: int | None
    stored: int


@dataclass(frozen=True, slots=True)
class Machine:
    """One row of the registry."""

    facts: Facts
    last: Last | None
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class Word:
    """The part of a machine that the live stream shows."""

    machine_id: str
    observed_at: int | None
    refused_at: int | None
    failure_probability: float | None
    prediction: int | None
    anomaly: bool | None
    top_mode: str | None


class Sort(StrEnum):
    """Orders of the list; a minus turns them round. Machines without a value count as 0 or as the oldest."""

    ID = "id"
    ID_DOWN = "-id"
    PROBABILITY = "probability"
    PROBABILITY_DOWN = "-probability"
    AGE = "age"
    AGE_DOWN = "-age"


@dataclass(frozen=True, slots=True)
class Order:
    """How machines are listed: `after` is the sort value and the id of the last machine of the page before."""

    sort: Sort = Sort.ID
    after: tuple[str | float | int, str] | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How many machines are in each state, and how many of the live and stale ones are predicted to fail."""

    by_state: dict[State, int]
    at_risk: int

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


_MACHINE = [machines.c[name] for part in (Facts, Last, Refused) for name in part.__slots__]
_LAST = len(Facts.__slots__)
_REFUSED = _LAST + len(Last.__slots__)
_SORTED_BY: dict[str, ColumnElement[str] | ColumnElement[float] | ColumnElement[int]] = {
    "id": machines.c.id,
    "probability": func.coalesce(machines.c.failure_probability, 0.0),
    # The age falls as the time rises: `age` lists the freshest first.
    "age": -func.coalesce(machines.c.observed_at, 0),
}


def page(store: Store, choice: Choice, order: Order, now_us: int, patience: Patience) -> list[Machine]:
    """Up to `order.limit` machines in order."""
    key = _SORTED_BY[order.sort.removeprefix("-")]
    down = order.sort.startswith("-")
    query = select(*_MACHINE).where(*on_line(choice), *in_state(choice, now_us, patience))
    if order.after is not None:
        value, machine_id = order.after
        beyond = key < value if down else key > value
        query = query.where(or_(beyond, and_(key == value, machines.c.id > machine_id)))
    query = query.order_by(key.desc() if down else key, machines.c.id).limit(order.limit)
    with store.transaction() as connection:
        return [_machine(row) for row in connection.execute(query)]


def sort_value(machine: Machine, sort: Sort) -> str | float | int:
    """The value by which `page` orders a machine: what its cursor remembers."""
    match sort.removeprefix("-"):
        case "probability":
            return machine.last.failure_probability if machine.last is not None else 0.0
        case "age":
            return -machine.last.observed_at if machine.last is not None else 0
        case _:
            return machine.facts.id


def counts(store: Store, choice: Choice, now_us: int, patience: Patience) -> Counts:
    """Machines by state among those on the line and with the text of `choice`, whatever its state."""
    state = state_code(now_us, patience)
    risky = func.sum(case((is_at_risk(now_us, patience), 1), else_=0))
    query = select(state, func.count(), risky).where(*on_line(choice)).group_by(state)
    by_state, at_risk = dict.fromkeys(State, 0), 0
    with store.transaction() as connection:
        for code, count, risk in connection.execute(query):
            by_state[State(code)] = count
            at_risk += risk
    return Counts(by_state, at_risk)


def find(store: Store, machine_id: str) -> Machine | None:
    """The machine with this id."""
    with store.transaction() as connection:
        row = connection.execute(select(*_MACHINE).where(machines.c.id == machine_id)).one_or_none()
        return _machine(row) if row is not None else None


def words(store: Store) -> list[Word]:
    """The newest word of all machines, in the order of their ids."""
    columns = [machines.c["id" if name == "machine_id" else name] for name in Word.__slots__]
    with store.transaction() as connection:
        return [Word(*row) for row in connection.execute(select(*columns).order_by(machines.c.id))]


def longest_silent(store: Store, limit: int) -> list[Machine]:
    """The machines that have reported, the one that has been silent for the longest time first."""
    seen = machines.c.observed_at.is_not(None)
    query = select(*_MACHINE).where(seen).order_by(machines.c.observed_at, machines.c.id).limit(limit)
    with store.transaction() as connection:
        return [_machine(row) for row in connection.execute(query)]


def nearest(store: Store, machine_id: str, count: int) -> Sequence[str]:
    """Up to `count` known ids that look like `machine_id`: its neighbours in order and ids that contain it."""
    after = select(machines.c.id).where(machines.c.id >= machine_id).order_by(machines.c.id)
    before = select(machines.c.id).where(machines.c.id < machine_id).order_by(machines.c.id.desc())
    inside = select(machines.c.id).where(contains(machines.c.id, machine_id)).order_by(machines.c.id)
    found: set[str] = set()
    with store.transaction() as connection:
        for query in (after, before, inside):
            found.update(connection.execute(query.limit(_NEIGHBOURS)).scalars())
    return get_close_matches(machine_id, sorted(found), n=count, cutoff=0.3)


def register(
    store: Store, machine_id: str, equipment: str, product_type: str | None, line: str | None, now_us: int
) -> bool:
    """Register a machine, or change what is registered. Returns whether it is new."""
    facts = {"equipment": equipment, "product_type": product_type, "line": line}
    row = {"id": machine_id, "registered_at": now_us, **facts}
    with store.transaction() as connection:
        inserting = insert_or_skip(connection, machines).values(row).returning(machines.c.id)
        if connection.execute(inserting).scalar() is not None:
            return True
        connection.execute(update(machines).where(machines.c.id == machine_id).values(facts))
        return False


def _machine(row: Row[Any]) -> Machine:
    facts, last, refused = row[:_LAST], row[_LAST:_REFUSED], row[_REFUSED:]
    return Machine(
        Facts(*facts),
        Last(*last) if last[0] is not None else None,
        Refused(*refused) if refused[0] is not None else None,
    )
