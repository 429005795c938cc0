"""The alarms as people ask for them: one row each, folded from the log of transitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, literal, or_, select

from gateway.alarms.transition import Overlay, State, Transition, decode_transition
from gateway.store.alarm_schema import alarm_events, alarms
from gateway.store.bulk import among
from gateway.store.engine import Store

# Above every instant in microseconds until the year 2255.
_PRIORITY_STEP = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm. Times are microseconds of event time; `version` is the number of its newest transition.

    `hidden_by` is the overlay at the raise; `overlay` says what hides it now.
    """

    id: str
    machine_id: str
    equipment: str
    mode: str
    state: State
    is_open: bool
    priority: int
    rank: int
    raised_at: int
    event_id: str
    score: float | None
    model_digest: str
    policy_digest: str
    hidden_by: Overlay
    acknowledged_at: int | None = None
    returned_at: int | None = None
    ended_at: int | None = None
    version: int
    changed_by: str
    changed_at: int
    assignee: str = ""
    shelved_until: int | None = None
    suppressed_from: int | None = None
    suppressed_until: int | None = None
    out_of_service: bool = False

    def overlay(self, now_us: int) -> Overlay:
        """What hides the alarm at this instant; nothing hides one that is over."""
        if not self.is_open:
            return ""
        if self.out_of_service:
            return "out_of_service"
        start, end = self.suppressed_from, self.suppressed_until
        if start is not None and end is not None and start <= now_us < end:
            return "suppressed"
        # A silent machine keeps its shelf until its next reading; nobody is kept from seeing the alarm by that.
        return "shelved" if self.shelved_until is not None and now_us < self.shelved_until else ""


AlarmState = Literal["unacknowledged", "acknowledged", "returned_unacknowledged", "normal"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alarms: those that have all that is named. `is_open` None: open or over."""

    is_open: bool | None = True
    state: AlarmState | None = None
    priority: int | None = None
    machine_id: str | None = None
    mode: str | None = None
    overlay: Literal["none", "shelved", "suppressed", "out_of_service"] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What tells whether an open alarm has changed: its version, and what hides it now."""

    machine_id: str
    version: int
    overlay: str


def rank_of(priority: int, raised_at: int) -> int:
    """The order of work: the most urgent priority first, in it the newest alarm first."""
    return priority * _PRIORITY_STEP - raised_at


def page(
    store: Store, wanted: Wanted, by: Literal["rank", "raised"], after: tuple[int, str] | None, limit: int, now_us: int
) -> list[Alarm]:
    """Up to `limit` alarms after the (sort value, id): `rank` is the order of work, `raised` the newest first."""
    table = alarms.c
    query = select(*table).where(*_conditions(wanted, now_us))
    if by == "rank":
        if after is not None:
            query = query.where(table.rank >= after[0])
            query = query.where(or_(table.rank > after[0], table.id > after[1]))
        query = query.order_by(table.rank, table.id)
    else:
        if after is not None:
            query = query.where(table.raised_at <= after[0])
            query = query.where(or_(table.raised_at < after[0], table.id < after[1]))
        query = query.order_by(table.raised_at.desc(), table.id.desc())
    with store.transaction() as connection:
        return [_alarm(row) for row in connection.execute(query.limit(limit))]


def counts(store: Store, wanted: Wanted, now_us: int) -> list[tuple[State, int, bool, int]]:
    """Open alarms by state, priority and whether an overlay hides them: how many."""
    table = alarms.c
    hidden = case((_overlay(now_us) == "none", literal(0)), else_=literal(1))
    grouped = select(table.state, table.priority, hidden, func.count()).where(*_conditions(wanted, now_us))
    with store.transaction() as connection:
        rows = connection.execute(grouped.group_by(table.state, table.priority, hidden))
        return [(state, priority, bool(is_hidden), number) for state, priority, is_hidden, number in rows]


def standing(store: Store, now_us: int) -> dict[str, Standing]:
    """All open alarms by id."""
    table = alarms.c
    query = select(table.id, table.machine_id, table.version, _overlay(now_us)).where(table.is_open.is_(True))
    with store.transaction() as connection:
        return {row[0]: Standing(row[1], row[2], row[3]) for row in connection.execute(query)}


def find(store: Store, alarm_id: str) -> Alarm | None:
    """The alarm with this id."""
    with store.transaction() as connection:
        return next(iter(named(connection, [alarm_id])), None)


def raised_between(store: Store, from_us: int, to_us: int, limit: int) -> list[Alarm]:
    """Up to `limit` alarms raised in [`from_us`, `to_us`), in that order."""
    table = alarms.c
    query = select(*table).where(table.raised_at >= from_us, table.raised_at < to_us)
    with store.transaction() as connection:
        return [_alarm(row) for row in connection.execute(query.order_by(table.raised_at, table.id).limit(limit))]


def transitions_of(store: Store, alarm_id: str, limit: int) -> list[Transition]:
    """The newest `limit` transitions of an alarm, in the order in which they took effect."""
    table = alarm_events.c
    query = select(table.body).where(table.alarm_id == alarm_id).order_by(table.seq.desc()).limit(limit)
    with store.transaction() as connection:
        bodies = connection.execute(query).scalars().all()
    return [decode_transition(body) for body in reversed(bodies)]


def named(connection: Connection, ids: Sequence[str]) -> list[Alarm]:
    """The alarms with these ids, in no order."""
    if not ids:
        return []
    rows = connection.execute(select(*alarms.c).where(among(connection, alarms.c.id, ids)))
    return [_alarm(row) for row in rows]


def _overlay(now_us: int) -> ColumnElement[str]:
    """`Alarm.overlay` in SQL, with `none` where nothing hides the alarm; a test holds the two together."""
    table = alarms.c
    return case(
        (table.is_open.is_(False), "none"),
        (table.out_of_service.is_(True), "out_of_service"),
        (and_(table.suppressed_from <= now_us, table.suppressed_until > now_us), "suppressed"),
        (table.shelved_until > now_us, "shelved"),
        else_="none",
    )


def _conditions(wanted: Wanted, now_us: int) -> list[ColumnElement[bool]]:
    table = alarms.c
    named = (
        (table.is_open, wanted.is_open),
        (table.state, wanted.state),
        (table.priority, wanted.priority),
        (table.machine_id, wanted.machine_id),
        (table.mode, wanted.mode),
        (_overlay(now_us), wanted.overlay),
    )
    return [column == value for column, value in named if value is not None]


def _alarm(row: Row[*tuple[Any, ...]]) -> Alarm:
    return Alarm(**row._mapping)
