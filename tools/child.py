"""One process of ours: started with a command, its output in a file, frozen, thawed and ended by its recorded pid."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.missing import ToolMissing

# Linux ends a child with the *thread* that started it, so all of them are started by one that lives as long as we do.
_STARTER = ThreadPoolExecutor(1, thread_name_prefix="starter")
_POLL_S = 0.02


class ChildError(Exception):
    """A process ended too early, or was not ready in time; the message holds the end of its output."""


class Child:
    """A command that can be started again and again; one process at a time.

    The process gets a session of its own, so that Ctrl-C at the terminal reaches only us and we end it in order. On
    Linux it is killed when we are killed: no server outlives the tests that needed it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        output: Path,
        *,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        account: str | None = None,
    ) -> None:
        """`account`: a user to become first, possible for root only; `environment`: the whole of it, None for ours."""
        self.name = name
        self.output = output
        self._command = [*_prefix(account), *command]
        self._environment = dict(os.environ if environment is None else environment)
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self._frozen = False

    @property
    def pid(self) -> int:
        """Id of the process that runs, or that ran last. Raises ChildError before the first start."""
        if self._process is None:
            raise ChildError(f"{self.name} was not started")
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while it runs. Raises ChildError before the first start."""
        if self._process is None:
            raise ChildError(f"{self.name} was not started")
        return self._process.poll()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process; its output is appended to the file. Raises ChildError when it runs already."""
        if self.is_running:
            raise ChildError(f"{self.name} runs already as process {self.pid}")
        self.output.parent.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as output:
            self._process = _STARTER.submit(
                subprocess.Popen,
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                cwd=self._directory,
                start_new_session=True,
            ).result()
        self._frozen = False

    def await_ready(self, probe: Callable[[], bool], within_s: float) -> None:
        """Wait until `probe()`. Raises ChildError when the process ends first, or after `within_s` seconds."""
        deadline = time.monotonic() + within_s
        while not probe():
            if not self.is_running:
                raise ChildError(f"{self.name} ended with status {self.status}:\n{self.log_text()[-4000:]}")
            if time.monotonic() > deadline:
                raise ChildError(f"{self.name} was not ready within {within_s} s:\n{self.log_text()[-4000:]}")
            time.sleep(_POLL_S)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def terminate(self) -> None:
        """SIGTERM, without waiting for what it does about it."""
        self._signal(signal.SIGTERM)

    def wait(self, within_s: float) -> int:
        """Wait for its end; the exit status. Raises ChildError when it still runs after `within_s` seconds."""
        try:
            return self._process.wait(within_s) if self._process is not None else 0
        except subprocess.TimeoutExpired as error:
            raise ChildError(f"{self.name} still runs {within_s} s after it was asked to stop") from error

    def stop(self, within_s: float = 10) -> None:
        """SIGTERM, and SIGKILL when it still runs after `within_s` seconds; frozen processes are thawed first."""
        if not self.is_running:
            return
        if self._frozen:
            self.thaw()
        self.terminate()
        try:
            self.wait(within_s)
        except ChildError:
            self.kill()

    def freeze(self) -> None:
        """SIGSTOP: it stays there, holds its connections, and does nothing."""
        self._signal(signal.SIGSTOP)
        self._frozen = True

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was frozen."""
        self._signal(signal.SIGCONT)
        self._frozen = False

    def log_text(self) -> str:
        """Everything it has written since the file was made, over all starts."""
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def _signal(self, number: signal.Signals) -> None:
        if not self.is_running:
            raise ChildError(f"{self.name} does not run")
        os.kill(self.pid, number)


def _prefix(account: str | None) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if account is not None:
            raise ToolMissing("setpriv of util-linux is needed to start a server as another user than root")
        return []
    become = [f"--reuid={account}", f"--regid={account}", "--init-groups"] if account is not None else []
    return [setpriv, *become, "--pdeathsig=KILL", "--"]
