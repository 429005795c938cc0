"""A PostgreSQL server of our own: durable as in production, small, killed and frozen on demand."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tools.child import Child, ChildError
from tools.ports import free_port
from tools.postgres.database import Database
from tools.postgres.installation import account, binaries, may_enter

_INITDB_WITHIN_S = 120
_USER = "postgres"


class PostgresServer:
    """A server that starts with the `with` block and is gone after it; between them it may be killed and come back.

    Its data are in `directory`, or, when we are root and the server's user cannot enter that, in a temporary folder
    that ends with it. It keeps fsync on. Only 127.0.0.1 reaches it, with a password that `url` holds.
    """

    def __init__(self, directory: Path, *, max_connections: int = 50, settings: dict[str, str] | None = None) -> None:
        """`settings` are added to the server's configuration. Raises ToolMissing when there is no PostgreSQL."""
        self._binaries, self._account = binaries(), account()
        self._directory = directory
        self._temporary: Path | None = None
        self._settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": str(max_connections),
            "shared_buffers": "64MB",
            "log_min_duration_statement": "2s",
        } | (settings or {})
        self.port = free_port()
        self._password = secrets.token_urlsafe(24)
        self._child: Child | None = None
        self._frozen: list[int] = []

    @property
    def url(self) -> str:
        """SQLAlchemy's URL of the first, empty database."""
        return f"postgresql+psycopg://{_USER}:{self._password}@127.0.0.1:{self.port}/{_USER}"

    @property
    def database(self) -> Database:
        """The first database, beside which others can be made."""
        return Database(self.url)

    @property
    def pid(self) -> int:
        """Id of the postmaster. Raises ChildError before the first start."""
        return self._server.pid

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.is_running

    @property
    def _server(self) -> Child:
        if self._child is None:
            raise ChildError("PostgreSQL was not started")
        return self._child

    @property
    def data(self) -> Path:
        """Folder of the cluster's files."""
        return (self._temporary or self._directory) / "data"

    def start(self, ready_within_s: float = 180) -> None:
        """Start, with a new empty cluster at the first time, and wait until it takes connections."""
        if self._child is None:
            self._child = self._prepare()
        self._child.start()
        self._child.await_ready(self._takes_connections, ready_within_s)

    def _prepare(self) -> Child:
        self._directory.mkdir(parents=True, exist_ok=True)
        if not may_enter(self._directory):
            self._temporary = Path(tempfile.mkdtemp(prefix="pm-postgres-"))
        home = self._temporary or self._directory
        secret = home / "password"
        secret.touch(0o600)
        secret.write_text(self._password)
        if self._account is not None:
            shutil.chown(home, self._account)
            shutil.chown(secret, self._account)
        command = [str(self._binaries / "initdb"), "-D", str(self.data), "-U", _USER, f"--pwfile={secret}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        initdb = Child("initdb", command, self._directory / "initdb.log", directory=home, account=self._account)
        initdb.start()
        if initdb.wait(_INITDB_WITHIN_S) != 0:
            raise ChildError(f"PostgreSQL's cluster could not be made:\n{initdb.log_text()[-2000:]}")
        secret.unlink()
        command = [str(self._binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command += [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        return Child("PostgreSQL", command, self._directory / "postgres.log", directory=home, account=self._account)

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(self.database.connection_string, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to the server and to the processes of its connections at once, as when the machine dies."""
        pids = self._family()
        self._server.kill()
        for pid in pids[1:]:
            _send(pid, signal.SIGKILL)

    def stop(self, within_s: float = 20) -> None:
        """End the sessions and the server in order (SIGINT, "fast shutdown"); SIGKILL after `within_s` seconds."""
        if not self.is_running:
            return
        self.thaw()
        _send(self.pid, signal.SIGINT)
        try:
            self._server.wait(within_s)
        except ChildError:
            self.kill()

    def freeze(self) -> None:
        """SIGSTOP to the server and all its connections: they stay open and nothing is answered."""
        self._frozen = self._family()
        for pid in self._frozen:
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT to what was frozen."""
        for pid in self._frozen:
            _send(pid, signal.SIGCONT)
        self._frozen = []

    def _family(self) -> list[int]:
        """The server's process and its children, which have left its process group."""
        found = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True, timeout=10)
        pairs = [line.split() for line in found.stdout.splitlines()]
        return [self.pid, *(int(pid) for pid, parent in pairs if int(parent) == self.pid)]

    def log_text(self) -> str:
        """The server's own log."""
        return self._server.log_text()

    def close(self) -> None:
        """Whatever its state, it is gone after this, with a temporary folder when there was one."""
        if self.is_running:
            self.kill()
        if self._temporary is not None:
            shutil.rmtree(self._temporary)
            self._temporary = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # a connection that ended between the list and the signal
