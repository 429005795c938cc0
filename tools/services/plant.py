"""The whole platform as separate processes: ingest, inference (serve, and stream more than once), gateway, Nginx."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.child import Child, ChildError
from tools.services.edge import Edge
from tools.services.service import READY_WITHIN_S, ROOT, Service, environment_with

ARTIFACT = ROOT / "models/artifacts/milling"
WEB = ROOT / "web/dist"
_PREPARED_WITHIN_S = 180
# The part of the plant, the arguments of the interpreter, the prefix of the settings.
_SERVE = (["-m", "inference", "serve"], "INFERENCE")
_STREAM = (["-m", "inference", "stream"], "INFERENCE")
_INGEST = (["-m", "ingest", "serve"], "INGEST")
_GATEWAY = (["-m", "gateway", "serve"], "GATEWAY")


class Plant:
    """Processes on one log and one database; each may be killed, frozen, stopped and started again by itself.

    `plant.start()`, or a `with` block, creates the topics, migrates the database and starts everything in the order
    in which data come; `close()` kills what still runs. Readings go in at `plant.url`/ingest, or at
    `plant.ingest.url` without the Nginx.
    """

    def __init__(
        self,
        directory: Path,
        log: Mapping[str, str],
        database_url: str,
        *,
        streams: int = 2,
        settings: Mapping[str, str] | None = None,
        overrides: Mapping[str, Mapping[str, str]] | None = None,
        commands: Mapping[str, Sequence[str]] | None = None,
        web: Path = WEB,
        port: int | None = None,
    ) -> None:
        """Start nothing yet. Raises ToolMissing without Nginx.

        `log`: the settings of the log, such as `KafkaCluster.client_environment()`. `settings` are environment
        variables for every process, `overrides` for those of `ingest`, `serve`, `stream`, `gateway` or one of
        `stream-1`, ...; `commands` replaces the interpreter's arguments of one of them. `port`: that of the Nginx.
        """
        self.directory = directory
        self._shared = {"INFERENCE_ARTIFACT": str(ARTIFACT), "GATEWAY_DATABASE_URL": database_url}
        self._shared |= {**log, **(settings or {})}
        self._overrides, self._commands = overrides or {}, commands or {}
        self.gateway = self._service("gateway", *_GATEWAY)
        self.streams = [self._service(f"stream-{n + 1}", *_STREAM, "stream") for n in range(streams)]
        self.serve = self._service("serve", *_SERVE)
        self.ingest = self._service("ingest", *_INGEST)
        ports = {"serve": self.serve.port, "ingest": self.ingest.port, "gateway": self.gateway.port}
        self.edge = Edge(directory / "nginx", web, ports, port)

    def _service(self, name: str, arguments: Sequence[str], prefix: str, kind: str = "") -> Service:
        settings = self._shared | dict(self._overrides.get(kind, {})) | dict(self._overrides.get(name, {}))
        command = self._commands.get(name) or self._commands.get(kind) or arguments
        return Service(name, command, prefix, self.directory / f"{name}.log", settings)

    @property
    def url(self) -> str:
        """Where the Nginx listens."""
        return self.edge.url

    @property
    def services(self) -> list[Service]:
        """All services, in the order in which they are started: from the end of the line to its beginning."""
        return [self.gateway, *self.streams, self.serve, self.ingest]

    def prepare(self) -> None:
        """Create the topics and migrate the database; both may be done again. Raises ChildError."""
        if self._shared.get("LOG_KIND") == "kafka":
            self._run("pm-topics", ["-m", "chassis.kafka_log"])
        self._run("pm-gateway migrate", ["-m", "gateway", "migrate"])

    def _run(self, name: str, arguments: Sequence[str]) -> None:
        output = self.directory / "prepare.log"
        environment = environment_with(self._shared)
        child = Child(name, [sys.executable, *arguments], output, environment=environment, directory=ROOT)
        child.start()
        if child.wait(_PREPARED_WITHIN_S) != 0:
            raise ChildError(f"{name} ended with status {child.status}:\n{child.log_text()[-2000:]}")

    def start(self, ready_within_s: float = READY_WITHIN_S) -> None:
        """Prepare, start everything at once, wait until all are ready. Raises ChildError and leaves nothing running."""
        with self._undone_on_error():
            self.prepare()
            for service in self.services:
                service.start(ready_within_s=None)
            self.edge.start()
            for service in self.services:
                service.await_ready(ready_within_s)

    @contextmanager
    def _undone_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def stop(self, within_s: float = 10) -> None:
        """SIGTERM to all at once, the door first; SIGKILL to what still runs after `within_s` seconds."""
        self.edge.stop()
        running = [service for service in reversed(self.services) if service.is_running]
        for service in running:
            service.terminate()
        for service in running:
            try:
                service.wait(within_s)
            except ChildError:
                service.kill()

    def close(self) -> None:
        """Kill what still runs."""
        self.edge.child.kill()
        for service in self.services:
            service.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
