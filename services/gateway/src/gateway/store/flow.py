"""How readings flow into the store: how many lately, how long they took, how far the machines' clocks are off."""

from dataclasses import dataclass

from sqlalchemy import func, select

from gateway.store.engine import Store
from gateway.store.schema import assessments


@dataclass(frozen=True, slots=True)
class Passage:
    """When one reading was stored, received and observed (microseconds since 1970 UTC)."""

    stored_at: int
    received_at: int
    observed_at: int


def stored_since(store: Store, since_us: int) -> int:
    """How many assessments were stored at or after `since_us`."""
    with store.transaction() as connection:
        counting = select(func.count()).select_from(assessments).where(assessments.c.stored_at >= since_us)
        return connection.execute(counting).scalar_one()


def passages(store: Store, since_us: int, limit: int) -> list[Passage]:
    """The newest `limit` readings stored at or after `since_us`, newest first."""
    table = assessments.c
    query = (
        select(table.stored_at, table.received_at, table.observed_at)
        .where(table.stored_at >= since_us)
        .order_by(table.stored_at.desc())
        .limit(limit)
    )
    with store.transaction() as connection:
        return [Passage(*row) for row in connection.execute(query)]
