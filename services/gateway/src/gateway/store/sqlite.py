"""The embedded database: SQLite, a file of this host."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Engine, create_engine, event

_BUSY_TIMEOUT_MS = 5_000
_TRY_AGAIN_S = 0.02


def engine(url: str) -> Engine:
    """An engine whose connections wait for each other instead of failing. Opens nothing yet."""
    made = create_engine(url)
    event.listen(made, "connect", _set_up)
    return made


def _set_up(connection: Any, _: Any) -> None:
    """Write-ahead log: readers never wait for the writer. FULL: a commit survives a power cut.

    The log's offsets are committed after ours, in another file; with less than FULL they could outlive our rows.
    """
    cursor = connection.cursor()
    # First, so that the others wait for a lock as well.
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch the file to the write-ahead log. SQLite does not wait by itself for another that switches it just now."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_TRY_AGAIN_S)
