"""Many rows in one statement: arrays that PostgreSQL unfolds, or one prepared statement run per row in SQLite."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Label,
    Table,
    any_,
    bindparam,
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
    if connection.dialect.name == "postgresql":
        connection.execute(table.insert().from_select(list(rows[0]), _unfolded(table, rows)))
    else:
        connection.execute(table.insert(), list(rows))


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
        connection.execute(update(table).where(key == news[key.name]).values(dict(values(news))))
        return
    incoming = {name: bindparam(f"in_{name}", type_=table.c[name].type) for name in rows[0]}
    changing = update(table).where(key == incoming[key.name]).values(dict(values(incoming)))
    connection.execute(changing, [{f"in_{name}": value for name, value in row.items()} for row in rows])


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """The column has one of the values: the same statement however many there are, where the database can."""
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
    return column.in_(list(values))


def _unfolded(table: Table, rows: Rows) -> Any:
    return select(*(_column(table, name, [row[name] for row in rows]) for name in rows[0]))


def _column(table: Table, name: str, values: list[object]) -> Label[Any]:
    # Several functions that return sets in one SELECT list go forward together, row by row.
    return func.unnest(bindparam(f"in_{name}", values, type_=ARRAY(table.c[name].type))).label(name)
