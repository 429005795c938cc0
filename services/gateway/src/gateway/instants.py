"""Instants as integers: microseconds since 1970-01-01 UTC. Sortable, exact, and the same on every database."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US = 1_000_000
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds since the epoch of a time with a zone. Raises TypeError for a time without one."""
    return (at - EPOCH) // _MICROSECOND


def instant(at_us: int) -> datetime:
    """The time in UTC, exactly."""
    return EPOCH + timedelta(microseconds=at_us)
