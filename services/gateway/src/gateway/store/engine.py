"""The store: an engine, its transactions, and what is away. `postgres` and `sqlite` hold what differs between them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.store import postgres, sqlite
from gateway.store.postgres import Limits

# What PostgreSQL says of itself or of its schema while it cannot serve: a table that is not there yet, a standby that
# takes no writes, a session that it ended, a row without a partition (which the next attempt makes).
_AWAY_STATES = frozenset({"42P01", "25006", "25P03", "23514"})


class StoreAway(Exception):
    """The database cannot be used now. Nothing of the transaction was kept; try again after `retry_after_s`."""

    def __init__(self, cause: Exception, retry_after_s: float = 1.0) -> None:
        reason = type(cause.orig if isinstance(cause, DBAPIError) and cause.orig is not None else cause).__name__
        super().__init__(f"the database cannot be used now: {reason.strip('_')}")
        self.retry_after_s = retry_after_s


class Store:
    """One database. Safe to use from several threads: every transaction takes a connection of its own."""

    engine: Engine

    def __init__(self, url: str, limits: Limits | None = None, password_file: Path | None = None) -> None:
        """`url` is SQLAlchemy's, such as `sqlite:///var/gateway.sqlite3`. Opens nothing yet.

        `limits` bound what a PostgreSQL server may cost; its password is read from `password_file` at each connect.
        """
        if url.startswith("sqlite"):
            self.engine = sqlite.engine(url)
        else:
            self.engine = postgres.engine(url, limits or Limits(), password_file)
        # Days for which this process has seen a partition; only hints, the database knows.
        self.known_days: set[int] = set()
        # Machines that this process has seen registered; hints as well.
        self.known_machines: set[str] = set()
        # The kinds of transitions that other systems are told of.
        self.announced: frozenset[str] = frozenset()

    @property
    def is_embedded(self) -> bool:
        """The database is a file of this host, which belongs to this service alone."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose changes are kept when the block ends, and none of them when it raises.

        Raises StoreAway when the database is out of reach, frozen, locked, full, or without its tables. When the
        connection breaks during the commit, StoreAway may come although the changes were kept: whatever is written
        here is keyed, so that writing it again changes nothing.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError) as error:
            raise StoreAway(error) from error
        except (DBAPIError, psycopg.Error) as error:
            # psycopg's own errors come out of a COPY, which SQLAlchemy does not know.
            if not _is_away(error):
                raise
            self.known_days.clear()
            raise StoreAway(error) from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _is_away(error: DBAPIError | psycopg.Error) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _AWAY_STATES
    return error.sqlstate in _AWAY_STATES


def is_usable(url: str) -> bool:
    """Whether `url` names a database this store speaks to."""
    try:
        return make_url(url).drivername in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}
    except ArgumentError:
        return False
