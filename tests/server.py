"""A real standalone server in a process of its own, for tests that look at it from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx

ROOT = Path(__file__).parents[1]
ARTIFACT = ROOT / "models/artifacts/milling"
REAL_FILE = ROOT.parent / "shared/data/ai4i2020.csv"
T = TypeVar("T")


def web_build() -> Path:
    """The built web application; a plain page stands in where only the services are tested and it is not built."""
    built = ROOT / "web/dist"
    return built if (built / "index.html").exists() else ROOT / "tests/house/plain_web"


class Standalone:
    """One server on its own ports with its state in `state`; may be started again after it was stopped or killed."""

    def __init__(self, state: Path, fleet: int = 0, **settings: str) -> None:
        self.state = state
        self.port, self.metrics_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {
            "STANDALONE_PORT": str(self.port),
            "STANDALONE_METRICS_PORT": str(self.metrics_port),
            "STANDALONE_FLEET": str(fleet),
            "STANDALONE_STATE": str(state),
            "STANDALONE_WEB": str(web_build()),
            "INFERENCE_ARTIFACT": str(ARTIFACT),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.output = state / "server.log"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server was not started"
        return self._process

    def start(self) -> None:
        """Start and wait until `/readyz` answers 200."""
        self.state.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "standalone"], cwd=ROOT, env=self._environment, stdout=output, stderr=output
            )
        poll_until(self._is_ready, 60, f"the server is ready\n{self.output.read_text()[-2000:]}")

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output.read_text()[-4000:]}")
        try:
            return httpx.get(f"{self.url}/readyz", timeout=1).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """kill -9: nothing gets a chance to tidy up."""
        self.process.kill()
        self.process.wait(10)

    def stop(self, how: signal.Signals = signal.SIGTERM, within_s: float = 10) -> float:
        """End it by a signal; the seconds it took. Raises TimeoutExpired when it takes longer than `within_s`."""
        started = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(within_s)
        return time.monotonic() - started

    def end(self) -> None:
        """Whatever its state, it is gone after this."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)


def poll_until(probe: Callable[[], T | None], deadline_s: float, what: str) -> T:
    """The first truthy result of `probe()`; raises AssertionError when there is none within `deadline_s`."""
    deadline = time.monotonic() + deadline_s
    while time.monotonic() < deadline:
        if result := probe():
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {deadline_s} s: {what}")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
