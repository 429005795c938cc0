"""Many rows in one statement: a document that PostgreSQL unfolds, a COPY, or a statement run per row in SQLite.

A JSON document is the cheapest way into PostgreSQL for rows that meet others there: made by msgspec, read by the
server, one parameter of one prepared statement. Arrays cost psycopg several times the CPU time, measured.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    any_,
    bindparam,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

Rows = Sequence[Mapping[str, object]]
News = Mapping[str, ColumnElement[Any]]


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
    inserting = insert_or_skip(connection, table).returning(key)
    if connection.dialect.name == "postgresql":
        return set(connection.execute(inserting.from_select(list(rows[0]), _unfolded(table, rows))).scalars())
    return set(connection.execute(inserting, list(rows)).scalars())


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
    """
    (key,) = table.primary_key.columns
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        news = _unfolded(table, rows).subquery("news").c
        connection.execute(update(table).where(key == news[key.name]).values(dict(values(dict(news)))))
        return
    incoming = {name: bindparam(f"in_{name}", type_=table.c[name].type) for name in rows[0]}
    changing = update(table).where(key == incoming[key.name]).values(dict(values(incoming)))
    connection.execute(changing, [{f"in_{name}": value for name, value in row.items()} for row in rows])


def put_each(connection: Connection, table: Table, rows: Rows, onto: str) -> set[str]:
    """Insert each row, or put it over the one with its primary key, one text column, if that has the version before.

    `onto` names the column that counts the versions. Returns the keys of the rows that are there now: a missing one
    means that somebody else has written in between.
    """
    (key,) = table.primary_key.columns
    if not rows:
        return set()
    names = list(rows[0])
    if connection.dialect.name == "postgresql":
        inserting = postgresql.insert(table).from_select(names, _unfolded(table, rows))
        news = inserting.excluded
        putting = inserting.on_conflict_do_update(
            index_elements=[key],
            set_={name: news[name] for name in names if name != key.name},
            where=table.c[onto] == news[onto] - 1,
        ).returning(key)
        return set(connection.execute(putting).scalars())
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


def _unfolded(table: Table, rows: Rows) -> Select[*tuple[Any, ...]]:
    """The rows as a SELECT, with the types of the table's columns. Bytes are base64 in JSON."""
    document = bindparam("rows", msgspec.json.encode(rows).decode(), type_=Text())
    types = {name: table.c[name].type for name in rows[0]}
    binary = {name for name, kind in types.items() if isinstance(kind, LargeBinary)}
    given = [column(name, Text() if name in binary else kind) for name, kind in types.items()]
    incoming = (
        func.json_to_recordset(document.cast(postgresql.JSON)).table_valued(*given).render_derived("incoming", True)
    )
    return select(
        *(func.decode(incoming.c[name], "base64").label(name) if name in binary else incoming.c[name] for name in types)
    )
