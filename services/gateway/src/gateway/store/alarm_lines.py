"""The alarm lines in the store: one row per machine, read and written only while the machine's row is locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from gateway.alarms.line import Basis, Line, decode_line, encode_line, new_line
from gateway.store.alarm_schema import alarm_lines
from gateway.store.bulk import among, put_each
from gateway.store.engine import Store
from gateway.store.schema import machines


class LineMoved(Exception):
    """Somebody wrote a line without holding its machine: this program is wrong, nothing may be kept."""


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line, the equipment of its machine, and how often the row was written; version 0 is not stored yet.

    `due_us` is when what waits is let through although nothing has come since, in wall-clock time.
    """

    line: Line
    equipment: str
    version: int
    due_us: int | None = None


def hold_machines(connection: Connection, names: Iterable[str]) -> None:
    """Lock these machines until the transaction ends, in the order in which every writer locks them."""
    if connection.dialect.name == "sqlite":
        # The writers of a file take turns from their first statement on; it must not be one that only reads.
        connection.execute(text("BEGIN IMMEDIATE"))
        return
    locking = select(machines.c.id).where(among(connection, machines.c.id, sorted(names))).order_by(machines.c.id)
    connection.execute(locking.with_for_update(key_share=True)).all()


def read(connection: Connection, equipment_of: Mapping[str, str]) -> dict[str, StoredLine]:
    """The lines of the machines that are named with their equipment; new ones where there is none.

    An empty equipment is the one that is stored.
    """
    table = alarm_lines.c
    query = select(table.machine_id, table.line, table.equipment, table.version, table.due_at)
    query = query.where(among(connection, table.machine_id, sorted(equipment_of)))
    found = {
        name: StoredLine(decode_line(line), equipment_of[name] or equipment, version, due_us)
        for name, line, equipment, version, due_us in connection.execute(query)
    }
    new = {name: StoredLine(new_line(name), equipment_of[name], 0) for name in equipment_of if name not in found}
    return found | new


def write(connection: Connection, lines: Collection[StoredLine], due_us: Mapping[str, int]) -> None:
    """Put the lines where their versions were read. `due_us`: wall clock, by equipment, for lines that still wait.

    Raises LineMoved.
    """
    ordered = sorted(lines, key=lambda stored: stored.line.alarms.machine_id)
    rows: list[dict[str, object]] = [
        {
            "machine_id": stored.line.alarms.machine_id,
            "equipment": stored.equipment,
            "version": stored.version + 1,
            "line": encode_line(stored.line),
            "due_at": due_us.get(stored.equipment) if stored.line.waiting.held else None,
        }
        for stored in ordered
    ]
    written = put_each(connection, alarm_lines, rows, onto="version")
    if len(written) != len(rows):
        raise LineMoved(sorted({str(row["machine_id"]) for row in rows} - written)[0])


def due(store: Store, now_us: int, limit: int) -> list[str]:
    """Up to `limit` machines whose waiting readings are due, by name."""
    table = alarm_lines.c
    query = select(table.machine_id).where(table.due_at <= now_us).order_by(table.machine_id).limit(limit)
    with store.transaction() as connection:
        return list(connection.execute(query).scalars())


def find(store: Store, machine_id: str) -> Line | None:
    """The line of a machine, None before its first reading."""
    query = select(alarm_lines.c.line).where(alarm_lines.c.machine_id == machine_id)
    with store.transaction() as connection:
        found = connection.execute(query).scalar_one_or_none()
        return decode_line(found) if found is not None else None


def bases(store: Store, equipment: str, machines: Sequence[str] | None = None) -> dict[str, Basis]:
    """How far the history of each machine of an equipment has come, by id in order; only of `machines` if given."""
    table = alarm_lines.c
    query = select(table.machine_id, table.line).where(table.equipment == equipment).order_by(table.machine_id)
    with store.transaction() as connection:
        if machines is not None:
            query = query.where(among(connection, table.machine_id, machines))
        return {name: decode_line(line).basis for name, line in connection.execute(query)}
