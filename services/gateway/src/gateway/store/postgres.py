"""PostgreSQL through psycopg: every wait for the server is bounded, by the server itself and here.

The server ends statements that take too long. A server that is frozen, or whose host is gone, ends nothing; so each
wait for an answer has a deadline of its own, after which the connection is closed.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

RV = TypeVar("RV")
_MARGIN_S = 1.0
_PING_S = 1.0
_IDLE_S = 1.0
# A connection on which nothing comes for so long is probed so often, so many times, before it counts as lost.
_QUIET_S, _PROBE_S, _PROBES = 10, 5, 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a statement, a lock, a free connection and a new connection may take; connections there are."""

    statement_s: float = 5.0
    lock_s: float = 2.0
    pool_wait_s: float = 1.0
    connect_s: float = 3.0
    pool: int = 8


class PatientConnection(psycopg.Connection[Any]):
    """A connection that waits for the server's answers for at most `patience_s` seconds and then closes itself."""

    patience_s: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, timeout if timeout is not None else self.patience_s)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # No answer came. Whatever comes later would be taken for the answer to another question.
                self.pgconn.finish()
            raise

    def answers_within(self, seconds: float) -> bool:
        """Whether the server answers at all."""
        usual, self.patience_s = self.patience_s, seconds
        try:
            self.execute("")
            self.rollback()
        except psycopg.Error:
            return False
        finally:
            self.patience_s = usual
        return True


def engine(url: str, limits: Limits, password_file: Path | None) -> Engine:
    """An engine of `limits.pool` connections. Opens nothing yet."""
    made = create_engine(
        url,
        pool_size=limits.pool,
        max_overflow=0,
        pool_timeout=limits.pool_wait_s,
        # Last in, first out: connections that a quiet hour does not need stay unused and are closed by the server.
        pool_use_lifo=True,
        connect_args=_connect_arguments(limits),
    )

    @event.listens_for(made, "do_connect")
    def connect(_: Any, __: Any, arguments: list[Any], named: dict[str, Any]) -> PatientConnection:
        if password_file is not None:
            # Read each time: a password that is rotated is the new one at the next connection.
            named["password"] = _password(password_file)
        return PatientConnection.connect(*arguments, **named)

    @event.listens_for(made, "checkout")
    def check(connection: PatientConnection, record: Any, _: Any) -> None:
        """A connection that has been idle is asked first whether its server still answers; a busy one is trusted."""
        # Set at every use: who used it before (a migration) may have had more patience.
        connection.patience_s = limits.statement_s + _MARGIN_S
        idle_s = time.monotonic() - record.info.get("used_at", time.monotonic())
        if idle_s > _IDLE_S and not connection.answers_within(_PING_S):
            raise DisconnectionError("the server does not answer on an idle connection")

    @event.listens_for(made, "checkin")
    def note_use(_: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    return made


def _password(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        # It may be on its way: a mounted secret is replaced as a whole.
        raise psycopg.OperationalError(f"no password can be read: {type(error).__name__}") from error


def _connect_arguments(limits: Limits) -> dict[str, Any]:
    bounds = {
        "statement_timeout": limits.statement_s,
        "lock_timeout": limits.lock_s,
        "idle_in_transaction_session_timeout": limits.statement_s + _MARGIN_S,
    }
    # The server's side of the connection as well. A client that the network took away in the middle of a statement is
    # not idle and runs nothing, so no bound above ends it, and it holds its locks for as long as the server's host
    # believes in the connection: two hours by default.
    watch = {
        "tcp_keepalives_idle": _QUIET_S,
        "tcp_keepalives_interval": _PROBE_S,
        "tcp_keepalives_count": _PROBES,
        "tcp_user_timeout": (_QUIET_S + _PROBE_S * _PROBES) * 1000,
    }
    options = {name: round(seconds * 1000) for name, seconds in bounds.items()} | watch
    return {
        "application_name": "pm-gateway",
        # libpq counts whole seconds, from two on.
        "connect_timeout": max(2, round(limits.connect_s)),
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        "keepalives": 1,
        "keepalives_idle": _QUIET_S,
        "keepalives_interval": _PROBE_S,
        "keepalives_count": _PROBES,
        "tcp_user_timeout": round((limits.statement_s + _MARGIN_S) * 1000),
    }
