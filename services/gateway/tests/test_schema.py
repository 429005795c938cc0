"""The schema: made by migrations, safe when two start at once, and honest about who can work with it."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from gateway.instants import micros
from gateway.retention import Retention
from gateway.store import Store, StoreAway, assessments, batch, machines, migration
from gateway.store.assessments import Judged
from gateway.store.migration import SchemaTooNew, migrate, schema_problem
from gateway.store.schema import metadata

Judge = Callable[..., Judged]


def write(store: Store, now: datetime, *judged: Judged) -> batch.Written:
    return batch.write(store, judged, [], micros(now), "milling", Retention(30))


def set_revision(store: Store, revision: str, oldest_program: str) -> None:
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": revision})
        connection.execute(text("UPDATE compatibility SET oldest_program = :number"), {"number": oldest_program})


def test_the_migrations_make_exactly_the_schema_of_the_program(store: Store) -> None:
    with store.transaction() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert schema_problem(store) is None


def test_a_database_without_its_tables_says_what_to_do(store_url: str) -> None:
    store = Store(store_url)
    assert "run `pm-gateway migrate`" in (schema_problem(store) or "")
    with pytest.raises(StoreAway):
        machines.words(store)
    store.close()


def test_a_database_that_cannot_be_opened_is_away(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/no/such/folder/new.sqlite3")
    with pytest.raises(StoreAway):
        machines.words(store)
    assert "cannot be used now" in (schema_problem(store) or "")


def test_two_that_migrate_at_once_both_succeed(store_url: str) -> None:
    stores, failures = [Store(store_url) for _ in range(4)], list[Exception]()
    together = threading.Barrier(len(stores))

    def start(store: Store) -> None:
        together.wait(10)
        try:
            migrate(store)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert [schema_problem(store) for store in stores] == [None] * len(stores)
    for store in stores:
        store.close()


def test_an_old_program_works_with_the_next_schema_when_that_says_so(store: Store, judge: Judge, now: datetime) -> None:
    with store.transaction() as connection:
        # What an additive migration may do: a table, and a column that may be missing.
        connection.execute(text("CREATE TABLE next_thing (id integer)"))
        for table in ("machines", "assessments", "event_ids", "dead_letters"):
            connection.execute(text(f"ALTER TABLE {table} ADD COLUMN next_column text"))
    set_revision(store, "9999", oldest_program=migration.head())
    assert schema_problem(store) is None
    migrate(store)
    assert len(write(store, now, judge("a"), judge("b", ago=1)).assessments.stored) == 2
    assert [stored.event_id for stored in assessments.newest(store, "M14860", None, 5)] == ["a", "b"]


def test_an_old_program_refuses_a_schema_that_needs_a_newer_one(store: Store) -> None:
    set_revision(store, "9999", oldest_program="9998")
    sentence = schema_problem(store)
    assert sentence == (
        f"the database schema is at 9999, which a program of {migration.head()} cannot use: run a newer pm-gateway"
    )
    with pytest.raises(SchemaTooNew, match="run a newer pm-gateway"):
        migrate(store)


def test_a_database_of_the_first_schema_keeps_its_history(store_url: str, judge: Judge, now: datetime) -> None:
    store, old = Store(store_url), judge("old", ago=3 * 86_400)
    with store.transaction() as connection:
        command.upgrade(migration.configuration(connection), "0001")
        connection.execute(text("INSERT INTO machines (id, equipment, registered_at) VALUES ('M14860', 'milling', 0)"))
        connection.execute(
            text(
                "INSERT INTO assessments VALUES ('old', 'M14860', :at, :at, :at, 0.02, 0.41, 0, false, 'assessed', 'd',"
                " :digest, 0, 7, :signals, :body)"
            ),
            {
                "at": micros(old.assessment.observed_at),
                "digest": assessments.reading_digest(old.assessment),
                "signals": b'{"torque":42.8}',
                "body": old.body,
            },
        )
    migrate(store)
    assert assessments.body(store, "old") == old.body
    written = write(store, now, old, judge("new")).assessments
    assert ([found.assessment.event_id for found in written.stored], len(written.duplicates)) == (["new"], 1)
    store.close()
