"""How often alarms were raised, and which model judged at that time."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, case, func, select

from chassis.assessment import ModelRef, decode
from gateway.store.alarm_schema import alarms
from gateway.store.engine import Store
from gateway.store.schema import assessments, machines


@dataclass(frozen=True, slots=True)
class Spell:
    """A model and the event time (microseconds) of the first reading that it judged."""

    from_us: int
    model: ModelRef


def raised(store: Store, equipment: str, from_us: int, windows: int, width_us: int) -> list[int]:
    """How many alarms that nothing hid were raised in each window of `width_us` from `from_us` on."""
    table = alarms.c
    place = ((table.raised_at - from_us) // width_us).label("place")
    query = select(place, func.count()).where(table.equipment == equipment, table.hidden_by == "")
    query = query.where(table.raised_at >= from_us, table.raised_at < from_us + windows * width_us).group_by(place)
    counts = [0] * windows
    with store.transaction() as connection:
        for at, count in connection.execute(query):
            counts[at] = count
    return counts


def spells(store: Store, equipment: str, from_us: int, windows: int, width_us: int) -> list[Spell]:
    """The models that judged, in order, as one machine met them: one that reports now and did so all the time, if any.

    Looks at the first reading of each window and at the last one of all, and in between only where the model is another
    one: a model that came and went again within one window is not seen.
    """
    to_us = from_us + windows * width_us + 1
    with store.transaction() as connection:
        if (machine_id := _witness(connection, equipment, from_us)) is None:
            return []
        starts = (from_us + place * width_us for place in range(windows))
        looks = [_first(connection, machine_id, start, start + width_us) for start in starts]
        looks.append(_last(connection, machine_id, from_us, to_us))
        found: list[Row[int, str, bytes]] = []
        for look in looks:
            while look is not None and (not found or look.model_digest != found[-1].model_digest):
                if not found:
                    found.append(look)
                    continue
                before = found[-1]
                change = _first(connection, machine_id, before.observed_at, to_us, before.model_digest)
                assert change is not None
                found.append(change)
    return [Spell(row.observed_at, decode(row.body).model) for row in found]


def _witness(connection: Connection, equipment: str, from_us: int) -> str | None:
    table = machines.c
    was_there = case((table.first_seen_at <= from_us, 0), else_=1)
    query = select(table.id).where(table.equipment == equipment, table.observed_at >= from_us)
    return connection.execute(query.order_by(was_there, table.observed_at.desc(), table.id).limit(1)).scalar()


def _first(
    connection: Connection, machine_id: str, from_us: int, to_us: int, other_than: str | None = None
) -> Row[int, str, bytes] | None:
    """The first reading of [`from_us`, `to_us`), or the first one that another model judged."""
    table = assessments.c
    query = _readings(machine_id, from_us, to_us)
    if other_than is not None:
        query = query.where(table.model_digest != other_than)
    return connection.execute(query.order_by(table.observed_at, table.event_id).limit(1)).one_or_none()


def _last(connection: Connection, machine_id: str, from_us: int, to_us: int) -> Row[int, str, bytes] | None:
    table = assessments.c
    query = _readings(machine_id, from_us, to_us)
    return connection.execute(query.order_by(table.observed_at.desc(), table.event_id.desc()).limit(1)).one_or_none()


def _readings(machine_id: str, from_us: int, to_us: int) -> Select[int, str, bytes]:
    table = assessments.c
    query = select(table.observed_at, table.model_digest, table.body).where(table.machine_id == machine_id)
    return query.where(table.observed_at >= from_us, table.observed_at < to_us)
