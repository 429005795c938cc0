"""What people found, in the store: verdicts on alarms, failures that no alarm announced, and both for counting."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, desc, func, select, update

from gateway.alarms.track_record import Finding, Findings, Judged, Missed
from gateway.store import alarm_lines
from gateway.store.alarm_schema import alarm_lines as lines
from gateway.store.alarms import Alarm
from gateway.store.bulk import among, insert_or_skip
from gateway.store.engine import Store
from gateway.store.schema import assessments, machines
from gateway.store.verdict_schema import outcomes, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody found about an alarm. `failed_at` is event time, `given_at` wall clock, in microseconds.

    `cost` is money in the policy's currency in place of the price of a visit; `down_h` hours down for the visit.
    """

    finding: Finding
    true_mode: str | None
    failed_at: int | None
    cost: float | None
    down_h: float
    note: str
    actor: str
    given_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many alarms of a group have this finding, counting the newest verdict of each."""

    equipment: str
    mode: str
    machine_class: str
    version: str
    finding: Finding
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found about the alarms of one condition and machine class, each with the version of the model.

    The sums by finding, how many failures were missed, and the newest 1,000 known leads in seconds.
    """

    findings: list[tuple[str, Findings]]
    missed: list[tuple[str, int]]
    leads: list[tuple[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A failure that no alarm announced. `cost` and `down_h` replace what the policy assumes, where known."""

    id: str
    machine_id: str
    mode: str
    failed_at: int
    cost: float | None
    down_h: float | None
    note: str
    actor: str
    told_at: int


_LEADS = 1_000
_VERDICT = [verdicts.c[each.name] for each in fields(Verdict)]
_OUTCOME = [outcomes.c[each.name] for each in fields(Outcome)]


def give(store: Store, alarm: Alarm, verdict: Verdict, message_id: str | None = None) -> bool:
    """Store a verdict; the one that counted so far is kept. False when it says what that one says already.

    A message that has brought a verdict on this alarm before brings none again, whatever was found since.
    """
    table = verdicts.c
    with store.transaction() as connection:
        alarm_lines.hold_machines(connection, [alarm.machine_id])
        mine = table.alarm_id == alarm.id
        if message_id is not None:
            came = select(table.number).where(mine, table.message_id == message_id).limit(1)
            if connection.execute(came).first() is not None:
                return False
        before = _current(connection, alarm.id)
        if before is not None and _content(before) == _content(verdict):
            return False
        number = connection.execute(select(func.coalesce(func.max(table.number), 0)).where(mine)).scalar_one()
        connection.execute(update(verdicts).where(mine).values(is_current=False))
        known = {
            "alarm_id": alarm.id,
            "number": number + 1,
            "is_current": True,
            "equipment": alarm.equipment,
            "mode": alarm.mode,
            "machine_class": _class_of(connection, alarm.machine_id),
            "version": alarm.model_digest,
            "raised_at": alarm.raised_at,
            "message_id": message_id,
        }
        connection.execute(verdicts.insert().values(known | asdict(verdict)))
        return True


def current(store: Store, alarm_id: str) -> Verdict | None:
    """The verdict that counts."""
    with store.transaction() as connection:
        return _current(connection, alarm_id)


def tell(store: Store, outcome: Outcome, request: bytes) -> tuple[Outcome, bool] | None:
    """Store a failure without an alarm. Returns what is stored under its id and whether it is new.

    None when another request (a digest of 16 bytes) came under the id before. The machine must be registered.
    """
    with store.transaction() as connection:
        equipment = select(func.coalesce(lines.c.equipment, machines.c.equipment)).select_from(
            machines.outerjoin(lines, lines.c.machine_id == machines.c.id)
        )
        row = asdict(outcome) | {
            "request": request,
            "equipment": connection.execute(equipment.where(machines.c.id == outcome.machine_id)).scalar_one(),
            "machine_class": _class_of(connection, outcome.machine_id),
            "version": _version_at(connection, outcome.machine_id, outcome.failed_at),
        }
        if connection.execute(insert_or_skip(connection, outcomes).values(row).returning(outcomes.c.id)).scalar():
            return outcome, True
        known = select(outcomes.c.request, *_OUTCOME).where(outcomes.c.id == outcome.id)
        stored, *values = connection.execute(known).one()
        names = (each.name for each in fields(Outcome))
        return (Outcome(**dict(zip(names, values, strict=True))), False) if stored == request else None


def judged(store: Store, equipment: str, mode: str | None, limit: int) -> list[Judged]:
    """The newest `limit` alarms of an equipment (and condition) with the verdict that counts."""
    table = verdicts.c
    query = select(
        table.mode,
        table.machine_class,
        table.version,
        table.raised_at,
        table.finding,
        table.failed_at,
        table.cost,
        table.down_h,
    ).where(table.is_current.is_(True), table.equipment == equipment)
    if mode is not None:
        query = query.where(table.mode == mode)
    names = ("mode", "machine_class", "version", "raised_us", "finding", "failed_us", "cost", "down_h")
    with store.transaction() as connection:
        rows = connection.execute(query.order_by(desc(table.given_at), table.alarm_id).limit(limit))
        return [Judged(**dict(zip(names, row, strict=True))) for row in rows]


def tallies(store: Store, about: Collection[tuple[str, str, str]]) -> list[Tally]:
    """How often each finding was made, by version of the model.

    At least for these (equipment, condition, machine class); others may be among the answer.
    """
    if not about:
        return []
    table = verdicts.c
    names = [table[each.name] for each in fields(Tally) if each.name != "count"]
    with store.transaction() as connection:
        wanted = zip((table.equipment, table.mode, table.machine_class), zip(*about, strict=True), strict=True)
        named = [among(connection, column, sorted(set(values))) for column, values in wanted]
        query = select(*names, func.count().label("count")).where(table.is_current.is_(True), *named)
        return [Tally(**row._mapping) for row in connection.execute(query.group_by(*names))]


def classes_of(store: Store, machine_ids: Collection[str]) -> dict[str, str]:
    """The class of each machine: its product type, empty where unknown."""
    with store.transaction() as connection:
        named = among(connection, machines.c.id, sorted(machine_ids))
        rows = connection.execute(select(machines.c.id, machines.c.product_type).where(named))
        return {machine_id: product_type or "" for machine_id, product_type in rows}


def standing(store: Store, equipment: str, mode: str, machine_class: str) -> Standing:
    """What was found about the alarms of a condition and machine class."""
    table, told = verdicts.c, outcomes.c
    group = (table.equipment == equipment, table.mode == mode, table.machine_class == machine_class)
    sums = (
        func.count(),
        func.count() - func.count(table.cost),
        func.coalesce(func.sum(table.cost), 0.0),
        func.sum(table.down_h),
    )
    found = select(table.version, table.finding, *sums).where(table.is_current.is_(True), *group)
    mine = (told.equipment == equipment, told.mode == mode, told.machine_class == machine_class)
    lead = select(table.version, table.raised_at, table.failed_at).where(
        table.is_current.is_(True), *group, table.finding == "confirmed", table.failed_at.is_not(None)
    )
    names = ("finding", "count", "unpriced", "cost", "down_h")
    with store.transaction() as connection:
        rows = connection.execute(found.group_by(table.version, table.finding)).all()
        failures = connection.execute(select(told.version, func.count()).where(*mine).group_by(told.version)).all()
        leads = connection.execute(lead.order_by(desc(table.given_at)).limit(_LEADS)).all()
    return Standing(
        [(version, Findings(**dict(zip(names, values, strict=True)))) for version, *values in rows],
        [(version, count) for version, count in failures],
        [(version, (failed_at - raised_at) / 1e6) for version, raised_at, failed_at in leads],
    )


def missed(store: Store, equipment: str, mode: str | None, limit: int) -> list[Missed]:
    """The newest `limit` failures of an equipment (and mode) that no alarm announced."""
    table = outcomes.c
    names = ("mode", "machine_class", "version", "cost", "down_h")
    query = select(*(table[name] for name in names)).where(table.equipment == equipment)
    if mode is not None:
        query = query.where(table.mode == mode)
    with store.transaction() as connection:
        rows = connection.execute(query.order_by(desc(table.told_at), table.id).limit(limit))
        return [Missed(**dict(zip(names, row, strict=True))) for row in rows]


def _current(connection: Connection, alarm_id: str) -> Verdict | None:
    query = select(*_VERDICT).where(verdicts.c.alarm_id == alarm_id, verdicts.c.is_current.is_(True))
    row = connection.execute(query).one_or_none()
    return Verdict(**row._mapping) if row is not None else None


def _content(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in asdict(verdict).items() if name != "given_at"}


def _class_of(connection: Connection, machine_id: str) -> str:
    known = connection.execute(select(machines.c.product_type).where(machines.c.id == machine_id))
    return known.scalar_one_or_none() or ""


def _version_at(connection: Connection, machine_id: str, at_us: int) -> str:
    """The model that judged the last reading before the failure; empty when none is kept."""
    table = assessments.c
    query = select(table.model_digest).where(table.machine_id == machine_id, table.observed_at <= at_us)
    row: Row[str] | None = connection.execute(query.order_by(desc(table.observed_at)).limit(1)).one_or_none()
    return row[0] if row is not None else ""
