"""Databases on a server: where they are, and how to get an empty one."""

import re
import secrets

import psycopg
from psycopg import sql

_SQLALCHEMY = re.compile(r"^postgresql(\+psycopg)?://")


class Database:
    """A database on a server that runs; tests make their own empty ones beside it."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's, `postgresql+psycopg://user:password@host:port/name`; its user may create databases."""
        if _SQLALCHEMY.match(url) is None:
            raise ValueError("the URL of a PostgreSQL database begins with postgresql+psycopg://")
        self.url = url if "+psycopg" in url.partition("://")[0] else url.replace("://", "+psycopg://", 1)

    @property
    def connection_string(self) -> str:
        """The URL without the name of a driver, as psycopg and psql take it."""
        return self.url.replace("+psycopg", "", 1)

    def new_database(self) -> str:
        """URL of a new, empty database on the same server. Raises psycopg.Error."""
        name = f"pm_{secrets.token_hex(6)}"
        with psycopg.connect(self.connection_string, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        before, _, query = self.url.partition("?")
        return f"{before.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")

    def drop(self, url: str) -> None:
        """Drop a database that `new_database` made, and end whoever uses it."""
        name = url.partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self.connection_string, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
