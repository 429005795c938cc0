"""The embedded database: SQLite, a file of this host."""

from typing import Any

from sqlalchemy import Engine, create_engine, event

_BUSY_TIMEOUT_MS = 5_000


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
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
