"""Bringing a database to the schema of this program, and telling whether this program can work with a database.

Revisions are numbers of four digits. A migration that leaves older programs working (it only adds tables, and columns
that may be missing) keeps the row of `compatibility`; one that does not sets it to its own number. So an old gateway
that still runs while a new one has migrated knows whether it may go on.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from gateway.store.engine import Store, StoreAway
from gateway.store.postgres import PatientConnection
from gateway.store.schema import compatibility

_MIGRATIONS = Path(__file__).parent / "migrations"
# One number for all gateways of a database: who migrates keeps the others waiting.
_LOCK = 7_201_001


class SchemaTooNew(Exception):
    """The database has a schema that this program cannot work with: a newer program is needed."""


def migrate(store: Store) -> None:
    """Bring the schema to the newest version; creates the database file and its folder when missing.

    Two that start at once: one waits for the other and finds nothing to do. A newer schema that says that this
    program can work with it is left alone. Raises SchemaTooNew, StoreAway.
    """
    database = store.engine.url.database
    if store.is_embedded and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    with store.transaction() as connection:
        _hold(connection)
        current = _current(connection)
        if current is not None and current > head():
            if (problem := _problem(connection, current)) is not None:
                raise SchemaTooNew(problem)
            return
        command.upgrade(configuration(connection), "head")


def schema_problem(store: Store) -> str | None:
    """None when this program can work with the schema, else a sentence."""
    try:
        with store.transaction() as connection:
            return _problem(connection, _current(connection))
    except StoreAway as error:
        return str(error)


def head() -> str:
    """The revision this program was written for."""
    found = ScriptDirectory.from_config(configuration(None)).get_current_head()
    assert found is not None
    return found


def _problem(connection: Connection, current: str | None) -> str | None:
    ours = head()
    if current == ours:
        return None
    if current is None or current < ours:
        return f"the database schema is at {current or 'nothing'}, not at {ours}: run `pm-gateway migrate`"
    oldest = connection.execute(select(compatibility.c.oldest_program)).scalar_one_or_none()
    if oldest is not None and oldest <= ours:
        return None
    return f"the database schema is at {current}, which a program of {ours} cannot use: run a newer pm-gateway"


def _current(connection: Connection) -> str | None:
    # Asked without Alembic's own look-up, which fails for a revision that this program does not have.
    if not inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()


def _hold(connection: Connection) -> None:
    """Wait until nobody else migrates; the end of the transaction lets the next one in."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, PatientConnection)
    # A migration may copy tables, and may have to wait for another one to do so.
    driver.patience_s = None
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(text("SET LOCAL lock_timeout = '10s'"))


def configuration(connection: Connection | None) -> Config:
    """What Alembic's commands take; they work on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
