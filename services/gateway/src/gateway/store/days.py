"""The partitions of the assessments, one per UTC day of event time. An embedded database has none and needs none.

A partition is made on its own and then attached: that keeps neither readers nor writers of the others waiting.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from gateway.instants import EPOCH
from gateway.retention import DAY_US
from gateway.store.engine import Store

_LOCK = 7_201_002
_NAME = re.compile(r"assessments_d(\d{8})")
_PARTITIONS = text(
    "SELECT relname FROM pg_class JOIN pg_inherits ON pg_class.oid = inhrelid"
    " WHERE inhparent = 'assessments'::regclass ORDER BY relname"
)


def day_of(at_us: int) -> int:
    """The number of the UTC day, counted from 1970-01-01."""
    return at_us // DAY_US


def make(store: Store, days: Iterable[int]) -> None:
    """Make the partitions of these days that are missing. Raises StoreAway."""
    missing = set(days) - store.known_days
    if store.is_embedded or not missing:
        return
    with store.transaction() as connection:
        _hold(connection)
        there = _there(connection)
        for day in sorted(missing - there):
            attach(connection, day)
    store.known_days |= missing | there


def drop_before(store: Store, before_us: int) -> list[int]:
    """Drop, and return, the partitions of the days that ended by `before_us`. Raises StoreAway.

    Dropping waits for whoever reads the history, and everybody else then waits behind it: not longer than the lock
    timeout, and StoreAway says that it is for the next time.
    """
    last = day_of(before_us)
    with store.transaction() as connection:
        _hold(connection)
        old = sorted(day for day in _there(connection) if day < last)
        for day in old:
            connection.execute(text(f"DROP TABLE {name_of(day)}"))
    store.known_days -= set(old)
    return old


def there(store: Store) -> set[int]:
    """The days that have a partition."""
    with store.transaction() as connection:
        return _there(connection)


def attach(connection: Connection, day: int) -> None:
    """Make the partition of a day."""
    name, start, end = name_of(day), day * DAY_US, (day + 1) * DAY_US
    connection.execute(text(f"CREATE TABLE {name} (LIKE assessments INCLUDING DEFAULTS INCLUDING STORAGE)"))
    connection.execute(text(f"ALTER TABLE assessments ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})"))


def name_of(day: int) -> str:
    """The partition's table: `assessments_d20260504`."""
    return f"assessments_d{datetime.fromtimestamp(day * 86_400, UTC):%Y%m%d}"


def _there(connection: Connection) -> set[int]:
    matches = (_NAME.fullmatch(name) for name in connection.execute(_PARTITIONS).scalars())
    dates = (datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC) for match in matches if match)
    return {(date - EPOCH).days for date in dates}


def _hold(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
