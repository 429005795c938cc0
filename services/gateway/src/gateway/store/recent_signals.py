"""What the machines of one kind of equipment read lately: a sample of all of them, spread evenly over the time."""

from array import array
from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from gateway.store.engine import Store
from gateway.store.schema import assessments, machines

# Of each stretch of time the first readings: more stretches spread better, each costs a search in the index.
_STRETCHES = 50
_signals = msgspec.json.Decoder(dict[str, float])


@dataclass(frozen=True, slots=True)
class Sample:
    """Readings as columns, in the order in which they were stored; `from_us` is when the first one there was."""

    from_us: int
    readings: int
    signals: "dict[str, array[float]]"


def sample(store: Store, equipment: str, since_us: int, until_us: int, limit: int) -> Sample:
    """At most about `limit` readings that were observed and stored in [`since_us`, `until_us`], all if there are fewer.

    The signals are those of the newest reading; readings with other signals are left out.
    """
    table = assessments.c
    known = assessments.join(machines, machines.c.id == table.machine_id)
    # The time of observation leaves out the partitions of other days.
    wanted = select(table.signals).select_from(known).where(machines.c.equipment == equipment)
    wanted = wanted.where(table.observed_at.between(since_us, until_us)).order_by(table.stored_at)
    oldest = wanted.with_only_columns(table.stored_at).where(table.stored_at >= since_us).limit(1)
    found: list[bytes] = []
    with store.transaction() as connection:
        first_us = connection.execute(oldest).scalar()
        if first_us is None:
            return Sample(since_us, 0, {})
        step_us = max(1, -(-(until_us + 1 - first_us) // _STRETCHES))
        for start_us in range(first_us, until_us + 1, step_us):
            stretch = wanted.where(table.stored_at >= start_us, table.stored_at < start_us + step_us)
            found += connection.execute(stretch.limit(-(-limit // _STRETCHES))).scalars()
    rows = [_signals.decode(signals) for signals in found]
    if not rows:
        return Sample(since_us, 0, {})
    alike = [row for row in rows if row.keys() == rows[-1].keys()]
    columns = {name: array("d", (row[name] for row in alike)) for name in rows[-1]}
    return Sample(first_us, len(alike), columns)
