"""One service in a process of its own, on ports that it keeps over restarts."""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tools.child import Child
from tools.ports import free_port

ROOT = Path(__file__).parents[2]
# What belongs to the services alone: nothing of the caller's environment decides how they run.
_OURS = re.compile(r"^(INGEST|INFERENCE|GATEWAY|LOG|KAFKA|PM|OTEL)_")
_PROBE_TIMEOUT_S = 2.0
READY_WITHIN_S = 180  # two seconds where nobody else works


class Service:
    """A process that answers `/livez` and `/readyz` on `url`, and `/metrics` on `metrics_url`."""

    def __init__(
        self, name: str, arguments: Sequence[str], prefix: str, output: Path, settings: Mapping[str, str]
    ) -> None:
        """`arguments` follow the Python interpreter; `prefix` is that of the service's settings, such as `INGEST`."""
        self.name = name
        self.port, self.metrics_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.metrics_url = f"http://127.0.0.1:{self.metrics_port}/metrics"
        own = {f"{prefix}_HOST": "127.0.0.1", f"{prefix}_PORT": str(self.port)}
        own[f"{prefix}_METRICS_PORT"] = str(self.metrics_port)
        self._arguments, self._settings, self._output = arguments, own | dict(settings), output
        self._make()

    def _make(self) -> None:
        command, environment = [sys.executable, *self._arguments], environment_with(self._settings)
        self.child = Child(self.name, command, self._output, environment=environment, directory=ROOT)

    @contextmanager
    def changed(
        self, *, arguments: Sequence[str] | None = None, settings: Mapping[str, str] | None = None
    ) -> Iterator[None]:
        """Run with other arguments or more settings inside the `with` block, on the same ports; killed at both ends.

        Inside and afterwards nothing runs until it is started.
        """
        before = self._arguments, self._settings
        self.kill()
        self._arguments, self._settings = arguments or self._arguments, self._settings | dict(settings or {})
        self._make()
        try:
            yield
        finally:
            self.kill()
            self._arguments, self._settings = before
            self._make()

    @property
    def pid(self) -> int:
        """Id of the process that runs, or that ran last."""
        return self.child.pid

    @property
    def is_running(self) -> bool:
        return self.child.is_running

    @property
    def status(self) -> int | None:
        """Exit status of the process that ran last, negative for a signal; None while it runs."""
        return self.child.status

    def start(self, ready_within_s: float | None = READY_WITHIN_S) -> None:
        """Start, and wait until it is ready; None does not wait. Raises ChildError with the end of its log."""
        self.child.start()
        if ready_within_s is not None:
            self.await_ready(ready_within_s)

    def await_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Wait until `/readyz` answers 200. Raises ChildError when it does not, or when the process ends."""
        self.child.await_ready(lambda: self.probe("/readyz") == 200, within_s)

    def probe(self, path: str) -> int | None:
        """Status of `GET path`; None when nobody answers within two seconds."""
        try:
            return httpx.get(f"{self.url}{path}", timeout=_PROBE_TIMEOUT_S).status_code
        except httpx.TransportError:
            return None

    def metrics(self) -> str:
        """What `/metrics` says now. Raises httpx.HTTPError."""
        return httpx.get(self.metrics_url, timeout=_PROBE_TIMEOUT_S).raise_for_status().text

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.child.kill()

    def terminate(self) -> None:
        """SIGTERM, without waiting; see `wait`."""
        self.child.terminate()

    def wait(self, within_s: float) -> int:
        """Its exit status. Raises ChildError when it still runs after `within_s` seconds."""
        return self.child.wait(within_s)

    def stop(self, within_s: float = 10) -> None:
        """SIGTERM, and SIGKILL when it still runs after `within_s` seconds."""
        self.child.stop(within_s)

    def freeze(self) -> None:
        """SIGSTOP."""
        self.child.freeze()

    def thaw(self) -> None:
        """SIGCONT."""
        self.child.thaw()

    def log_text(self) -> str:
        """Its log over all starts, one JSON object a line."""
        return self.child.log_text()


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """Our environment without any setting of the services, and `settings`."""
    return {name: value for name, value in os.environ.items() if not _OURS.match(name)} | dict(settings)
