"""A local port that leads to a Service of the cluster, also after its pod was replaced."""

import socket
import subprocess
import threading
from types import TracebackType
from typing import Self

from tests.cluster.namespace import Namespace, eventually
from tools.ports import free_port

_AGAIN_AFTER_S = 0.3


class Forward:
    """`kubectl port-forward` to a Service on 127.0.0.1, begun anew whenever it ends. A context manager."""

    def __init__(self, namespace: Namespace, service: str, port: int, local: int | None = None) -> None:
        self.port = local or free_port()
        self._command = ["kubectl", "-n", namespace.name, "port-forward", f"service/{service}", f"{self.port}:{port}"]
        self._environment = namespace.cluster.environment
        self._end = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=f"forward-{service}", daemon=True)

    def _keep(self) -> None:
        while not self._end.is_set():
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            self._process.wait()
            self._end.wait(_AGAIN_AFTER_S)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def __enter__(self) -> Self:
        self._thread.start()
        eventually(f"a way to {self._command[4]}", self._answers, 60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(10)
