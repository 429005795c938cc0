"""Many rows in one statement: a document that PostgreSQL unfolds, arrays, a COPY, or a statement per row in SQLite.

A JSON document is the cheapest way into PostgreSQL for small rows that meet others there: made by msgspec, read by the
server, one parameter of one prepared statement. Arrays, one for each column, cost psycopg twice the CPU time; with long
bytes among the columns the server saves four times that, measured. Statements are built once per table and columns: to
build one costs as much as to send twenty rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    LargeBinary,
    Select,
    Table,
    Text,
    Update,
    any_,
    bindparam,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import ReturningInsert

Rows = Sequence[Mapping[str, object]]
News = Mapping[str, ColumnElement[Any]]


def renewed(news: News) -> dict[str, ColumnElement[Any]]:
    """For `update_each`: every incoming column replaces the stored one, but the key `id`."""
    return {name: column for name, column in news.items() if name != "id"}


def insert_or_skip(connection: Connection, table: Table) -> Insert:
    """An INSERT that skips the rows whose primary key is taken. RETURNING then names the inserted rows only."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_new(connection: Connection, table: Table, rows: Rows) -> set[str]:
    """Insert the rows whose primary key, one text column, is free, in order. Returns the keys of the inserted rows.

    Sort the rows by their key: two writers then never wait for each other in a circle.
    """
    (key,) = table.primary_key.columns
    if not rows:
        return set()
    if connection.dialect.name == "postgresql":
        return set(connection.execute(_inserting(table, tuple(rows[0])), _document(rows)).scalars())
    return set(connection.execute(insert_or_skip(connection, table).returning(key), list(rows)).scalars())


def insert_all(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows whose primary key is known to be free."""
    if not rows:
        return
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        connection.execute(table.insert(), list(rows))
        return
    names = list(rows[0])
    copying = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        copy.set_types([_server_name(connection, table, name) for name in names])
        for row in rows:
            copy.write_row([row[name] for name in names])


def update_each(
    connection: Connection, table: Table, rows: Rows, values: Callable[[News], Mapping[str, object]]
) -> None:
    """Update the row that each of `rows` names by the table's primary key, one text column.

    `values` says what becomes of it: it gets the columns of the incoming row by name, and names columns of the table.
    A function of a module, not one made per call: the statement is remembered by it.
    """
    (key,) = table.primary_key.columns
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_updating(table, tuple(rows[0]), values), _document(rows))
        return
    incoming = {name: bindparam(f"in_{name}", type_=table.c[name].type) for name in rows[0]}
    changing = update(table).where(key == incoming[key.name]).values(dict(values(incoming)))
    connection.execute(changing, [{f"in_{name}": value for name, value in row.items()} for row in rows])


def put_each(connection: Connection, table: Table, rows: Rows, onto: str) -> set[str]:
    """Insert each row that is the first of its primary key, one text column, or put it over the version before.

    `onto` names the column that counts the versions, from 1. Returns the keys of the rows that are there now: a
    missing one means that somebody else has written in between.
    """
    (key,) = table.primary_key.columns
    if not rows:
        return set()
    names = list(rows[0])
    driver = connection.connection.driver_connection
    if isinstance(driver, psycopg.Connection):
        types = tuple(_server_name(connection, table, name) for name in names)
        inserting, updating = _putting(table, tuple(names), types, onto)
        put = _run(driver, inserting, [row for row in rows if row[onto] == 1])
        return put | _run(driver, updating, [row for row in rows if row[onto] != 1])
    into = sqlite.insert(table)
    newer = into.on_conflict_do_update(
        index_elements=[key],
        set_={name: into.excluded[name] for name in names if name != key.name},
        where=table.c[onto] == into.excluded[onto] - 1,
    ).returning(key)
    return set(connection.execute(newer, list(rows)).scalars())


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """The column has one of the values: the same statement however many there are, where the database can."""
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
    return column.in_(list(values))


def _server_name(connection: Connection, table: Table, name: str) -> str:
    """What the server calls the type of a column, without its length: `varchar`, `bigint`, `bytea`."""
    return table.c[name].type.compile(connection.dialect).partition("(")[0].lower()


def _document(rows: Rows) -> dict[str, str]:
    """The one parameter of the statements below. Bytes are base64 in JSON."""
    return {"rows": msgspec.json.encode(rows).decode()}


@lru_cache(maxsize=64)
def _inserting(table: Table, names: tuple[str, ...]) -> ReturningInsert[Any]:
    (key,) = table.primary_key.columns
    inserting = postgresql.insert(table).on_conflict_do_nothing().returning(key)
    return inserting.from_select(list(names), _unfolded(table, names))


@lru_cache(maxsize=64)
def _updating(table: Table, names: tuple[str, ...], values: Callable[[News], Mapping[str, object]]) -> Update:
    (key,) = table.primary_key.columns
    news = _unfolded(table, names).subquery("news").c
    return update(table).where(key == news[key.name]).values(dict(values(dict(news))))


@lru_cache(maxsize=64)
def _putting(
    table: Table, names: tuple[str, ...], types: tuple[str, ...], onto: str
) -> tuple[sql.Composed, sql.Composed]:
    """What inserts new rows, and what puts rows over the version before; each returns the keys."""
    (key,) = table.primary_key.columns
    columns = {name: sql.Identifier(name) for name in names}
    parts = {
        "table": sql.Identifier(table.name),
        "columns": sql.SQL(", ").join(columns.values()),
        "news": sql.SQL(", ").join(sql.SQL(f"%b::{kind}[]") for kind in types),
        "key": columns[key.name],
        "onto": columns[onto],
        "changes": sql.SQL(", ").join(
            sql.SQL("{0} = news.{0}").format(column) for name, column in columns.items() if name != key.name
        ),
    }
    inserting = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT * FROM unnest({news}) ON CONFLICT DO NOTHING RETURNING {key}"
    )
    updating = sql.SQL(
        "UPDATE {table} SET {changes} FROM unnest({news}) AS news ({columns})"
        " WHERE {table}.{key} = news.{key} AND {table}.{onto} = news.{onto} - 1 RETURNING {table}.{key}"
    )
    return inserting.format(**parts), updating.format(**parts)


def _run(driver: psycopg.Connection[Any], statement: sql.Composed, rows: Rows) -> set[str]:
    """Run a statement that takes an array for each column; the keys that it returns."""
    if not rows:
        return set()
    with driver.cursor() as cursor:
        cursor.execute(statement, [[row[name] for row in rows] for name in rows[0]])
        return {key for (key,) in cursor}


def _unfolded(table: Table, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """The rows of the document as a SELECT, with the types of the table's columns."""
    document = bindparam("rows", type_=Text())
    types = {name: table.c[name].type for name in names}
    binary = {name for name, kind in types.items() if isinstance(kind, LargeBinary)}
    given = [column(name, Text() if name in binary else kind) for name, kind in types.items()]
    incoming = (
        func.json_to_recordset(document.cast(postgresql.JSON)).table_valued(*given).render_derived("incoming", True)
    )
    return select(
        *(func.decode(incoming.c[name], "base64").label(name) if name in binary else incoming.c[name] for name in types)
    )
