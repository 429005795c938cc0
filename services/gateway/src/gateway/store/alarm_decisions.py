"""What decided about an alarm, in the store: noted with its raise, and kept whatever is dropped of the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from gateway.alarms.line import Raise
from gateway.alarms.slot import MachineAlarms, decode_alarms, encode_alarms
from gateway.store.bulk import among, insert_all
from gateway.store.decision_schema import alarm_decisions
from gateway.store.engine import Store
from gateway.store.schema import assessments, event_ids


@dataclass(frozen=True, slots=True)
class Decision:
    """What was remembered of the machine before, the raising assessment as it came, and where that lay."""

    before: MachineAlarms
    assessment: bytes
    partition: int
    offset: int


def note(connection: Connection, raises: Sequence[Raise]) -> None:
    """Keep what decided. The assessments are in the store: they have come before, or with the same batch."""
    if not raises:
        return
    table = assessments.c
    same = [table[column] == event_ids.c[column] for column in ("machine_id", "observed_at", "event_id")]
    query = select(table.event_id, table.body, table.source_partition, table.source_offset)
    query = query.select_from(event_ids.join(assessments, and_(*same)))
    names = sorted({each.event_id for each in raises})
    found = {
        row.event_id: row for row in connection.execute(query.where(among(connection, event_ids.c.event_id, names)))
    }
    rows = [
        {
            "alarm_id": each.alarm_id,
            "before": encode_alarms(each.before),
            "assessment": found[each.event_id].body,
            "source_partition": found[each.event_id].source_partition,
            "source_offset": found[each.event_id].source_offset,
        }
        for each in raises
        # Readings that have waited for longer than the retention are gone; their alarm has no record.
        if each.event_id in found
    ]
    insert_all(connection, alarm_decisions, rows)


def find(store: Store, alarm_id: str) -> Decision | None:
    """What decided about the alarm; None for one that is not kept, or was raised before this was kept."""
    table = alarm_decisions.c
    query = select(table.before, table.assessment, table.source_partition, table.source_offset)
    with store.transaction() as connection:
        row = connection.execute(query.where(table.alarm_id == alarm_id)).one_or_none()
    if row is None:
        return None
    return Decision(decode_alarms(row.before), row.assessment, row.source_partition, row.source_offset)
