"""Which verdicts are new, for the clients of the live stream."""

from sqlalchemy import select

from gateway.store.alarm_schema import alarms
from gateway.store.engine import Store
from gateway.store.verdict_schema import verdicts


def given_since(store: Store, since_us: int) -> dict[tuple[str, int], str]:
    """The verdicts given since then (wall time): alarm id and number of the verdict, and the machine of the alarm."""
    table = verdicts.c
    query = select(table.alarm_id, table.number, alarms.c.machine_id).join(alarms, alarms.c.id == table.alarm_id)
    with store.transaction() as connection:
        rows = connection.execute(query.where(table.given_at >= since_us)).all()
    return {(row.alarm_id, row.number): row.machine_id for row in rows}
