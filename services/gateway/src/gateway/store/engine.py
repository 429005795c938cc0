"""The store: an engine, its transactions, its schema. Everything that differs between databases is in this module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS = 5_000


class StoreAway(Exception):
    """The database cannot be used now. Nothing of the transaction was kept; try again after `retry_after_s`."""

    def __init__(self, cause: Exception, retry_after_s: float = 1.0) -> None:
        super().__init__(f"the database cannot be used now: {type(cause).__name__}")
        self.retry_after_s = retry_after_s


class Store:
    """One database. Safe to use from several threads: every transaction takes a connection of its own."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's, such as `sqlite:///var/gateway.sqlite3`. Opens nothing yet."""
        self.engine: Engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        if self.is_embedded:
            event.listen(self.engine, "connect", _set_up_sqlite)

    @property
    def is_embedded(self) -> bool:
        """The database is a file of this host, which belongs to this service alone."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose changes are kept when the block ends, and none of them when it raises.

        Raises StoreAway when the database is out of reach, locked, full, or without its tables.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise StoreAway(error) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreAway(error) from error
            raise

    def migrate(self) -> None:
        """Bring the schema to the newest version; creates the database file and its folder when missing."""
        database = self.engine.url.database
        if self.is_embedded and database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        with self.transaction() as connection:
            command.upgrade(_alembic(connection), "head")

    def schema_problem(self) -> str | None:
        """None when the schema is the one this program was written for, else a sentence."""
        try:
            with self.transaction() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
        except StoreAway as error:
            return str(error)
        head = ScriptDirectory.from_config(_alembic(None)).get_current_head()
        if current == head:
            return None
        return f"the database schema is at {current or 'nothing'}, not at {head}: run `pm-gateway migrate`"

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def insert_or_skip(connection: Connection, table: Table) -> Insert:
    """An INSERT that skips the rows whose primary key is taken. RETURNING then names the inserted rows only."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def is_usable(url: str) -> bool:
    """Whether `url` names a database this store speaks to."""
    try:
        return make_url(url).get_backend_name() in {"sqlite", "postgresql"}
    except ArgumentError:
        return False


def _alembic(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _set_up_sqlite(connection: Any, _: Any) -> None:
    """Write-ahead log: readers never wait for the writer. FULL: a commit survives a power cut.

    The log's offsets are committed after ours, in another file; with less than FULL they could outlive our rows.
    """
    cursor = connection.cursor()
    # First, so that the others wait for a lock as well.
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
