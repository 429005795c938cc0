"""What people found, as failures on the line of time: confirmed verdicts, and outcomes that no alarm announced."""

from collections.abc import Sequence

from sqlalchemy import func, select

from gateway.alarms.comparison import Failure
from gateway.store.alarm_schema import alarms
from gateway.store.bulk import among
from gateway.store.engine import Store
from gateway.store.verdict_schema import outcomes, verdicts


def failures(
    store: Store, equipment: str, from_us: int, to_us: int, horizon_us: int, machines: Sequence[str] | None = None
) -> list[Failure]:
    """The failures that are known to have come, or to have been averted, in [`from_us`, `to_us`), in order of time.

    A confirmed alarm that does not say when its failure came counts as one that was due half a horizon after its raise:
    whoever had warned up to half a horizon earlier or later would have warned as well.
    """
    verdict, outcome = verdicts.c, outcomes.c
    at_us = func.coalesce(verdict.failed_at, alarms.c.raised_at + horizon_us // 2)
    confirmed = (
        select(alarms.c.machine_id, func.coalesce(verdict.true_mode, alarms.c.mode), at_us)
        .select_from(verdicts.join(alarms, alarms.c.id == verdict.alarm_id))
        .where(verdict.is_current.is_(True), verdict.finding == "confirmed", verdict.equipment == equipment)
        .where(at_us >= from_us, at_us < to_us)
    )
    missed = select(outcome.machine_id, outcome.mode, outcome.failed_at).where(
        outcome.equipment == equipment, outcome.failed_at >= from_us, outcome.failed_at < to_us
    )
    with store.transaction() as connection:
        if machines is not None:
            confirmed = confirmed.where(among(connection, alarms.c.machine_id, machines))
            missed = missed.where(among(connection, outcome.machine_id, machines))
        # Several alarms may have announced one failure, and be confirmed for it.
        found = {Failure(*row) for query in (confirmed, missed) for row in connection.execute(query)}
    return sorted(found, key=lambda each: (each.at_us, each.machine_id, each.mode))


def confirmed_ids(store: Store, equipment: str, from_us: int, to_us: int) -> frozenset[str]:
    """The ids of the alarms raised in the range that the verdict which counts confirms."""
    verdict = verdicts.c
    query = select(verdict.alarm_id).where(
        verdict.is_current.is_(True),
        verdict.finding == "confirmed",
        verdict.equipment == equipment,
        verdict.raised_at >= from_us,
        verdict.raised_at < to_us,
    )
    with store.transaction() as connection:
        return frozenset(connection.execute(query).scalars())
