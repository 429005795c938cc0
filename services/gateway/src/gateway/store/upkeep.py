"""What the passing of time asks of the store: partitions for the days to come, and an end for what is not kept."""

from dataclasses import dataclass

from sqlalchemy import Column, delete, func, select, text

from gateway.retention import DAY_US, Retention
from gateway.store import days, replays
from gateway.store.bulk import among
from gateway.store.engine import Store
from gateway.store.schema import assessments, dead_letters, event_ids, machines, redrives
from gateway.store.webhook_schema import webhook_deliveries

SLICE = 2_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many assessments and dead letters one round has dropped; whole partitions are counted as days."""

    assessments: int
    days: int
    dead_letters: int


def round_of(store: Store, now_us: int, retention: Retention, slice_rows: int = SLICE) -> Dropped:
    """Make the days ahead and drop what is too old, in transactions of at most `slice_rows` rows.

    Two rounds at once, by two gateways, do the same work in turns. Raises StoreAway; what was done by then stays done.
    """
    before_us = retention.dropped_us(now_us)
    today = days.day_of(now_us)
    days.make(store, range(today, days.day_of(retention.too_new_us(now_us))))
    if store.is_embedded:
        rows, dropped_days = _forget_machines(store, before_us, slice_rows), 0
    else:
        rows = sum(_forget_day(store, day, slice_rows) for day in _days_before(store, before_us))
        dropped_days = len(days.drop_before(store, before_us))
    letters_us = retention.dead_letters_us(now_us)
    _drop(store, redrives.c.asked_at, redrives.c.id, letters_us, slice_rows)
    _drop(store, webhook_deliveries.c.made_at, webhook_deliveries.c.id, letters_us, slice_rows)
    replays.forget_before(store, letters_us)
    gone = _drop(store, dead_letters.c.refused_at, dead_letters.c.id, letters_us, slice_rows)
    return Dropped(rows, dropped_days, gone)


def _days_before(store: Store, before_us: int) -> list[int]:
    return sorted(day for day in days.there(store) if day < days.day_of(before_us))


def _forget_day(store: Store, day: int, slice_rows: int) -> int:
    """Delete the ids of a day whose partition is dropped next. Returns how many.

    By primary key in slices: the partition itself tells which ids, so that no index on time has to be written.
    """
    start_us, end_us = day * DAY_US, (day + 1) * DAY_US
    table, gone = assessments.c, 0
    after: tuple[str, int, str] = ("", start_us, "")
    place = func.row(table.machine_id, table.observed_at, table.event_id)
    while True:
        with store.transaction() as connection:
            query = select(table.machine_id, table.observed_at, table.event_id)
            query = query.where(table.observed_at >= start_us, table.observed_at < end_us, place > func.row(*after))
            query = query.order_by(table.machine_id, table.observed_at, table.event_id).limit(slice_rows)
            if not (rows := connection.execute(query).all()):
                return gone
            ids = sorted(row.event_id for row in rows)
            gone += connection.execute(delete(event_ids).where(among(connection, event_ids.c.event_id, ids))).rowcount
            last = rows[-1]
        after = (last.machine_id, last.observed_at, last.event_id)


def _forget_machines(store: Store, before_us: int, slice_rows: int) -> int:
    """Delete the assessments of each machine that are too old, with their ids. Returns how many."""
    with store.transaction() as connection:
        names = connection.execute(select(machines.c.id).order_by(machines.c.id)).scalars().all()
    gone = 0
    for name in names:
        while (deleted := _forget_some(store, name, before_us, slice_rows)) > 0:
            gone += deleted
    return gone


def _forget_some(store: Store, machine_id: str, before_us: int, slice_rows: int) -> int:
    table = assessments.c
    query = select(table.observed_at, table.event_id).where(table.machine_id == machine_id)
    query = query.where(table.observed_at < before_us).order_by(table.observed_at, table.event_id).limit(slice_rows)
    with store.transaction() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return 0
    with store.transaction() as connection:
        # The writers of a file take turns from their first statement on; it must not be one that only reads.
        connection.execute(text("BEGIN IMMEDIATE"))
        rows = connection.execute(query).all()
        if rows:
            last = rows[-1]
            older = table.observed_at < last.observed_at
            same = (table.observed_at == last.observed_at) & (table.event_id <= last.event_id)
            connection.execute(delete(assessments).where(table.machine_id == machine_id, older | same))
            connection.execute(delete(event_ids).where(event_ids.c.event_id.in_([row.event_id for row in rows])))
    return len(rows)


def _drop(store: Store, at: Column[int], key: Column[str], before_us: int, slice_rows: int) -> int:
    """Delete the rows of a table whose time is before `before_us`. Returns how many."""
    gone = 0
    while True:
        with store.transaction() as connection:
            old = select(key).where(at < before_us).order_by(at).limit(slice_rows)
            ids = sorted(connection.execute(old).scalars())
        if not ids:
            return gone
        with store.transaction() as connection:
            gone += connection.execute(delete(key.table).where(among(connection, key, ids))).rowcount
