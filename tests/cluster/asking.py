"""Clients that ask for judgements without a pause, a connection for each question, and keep every failure."""

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import msgspec

from tests.example import EXAMPLE

_BODY = msgspec.json.encode(EXAMPLE)


@dataclass(frozen=True, slots=True)
class Failure:
    """A question without a judgement: when (Unix seconds), through which port, and what came instead."""

    at: float
    port: int
    what: str


class Asking:
    """POST /api/predict from some threads, in turn through each port of the node; between `with` and its end.

    `rate` is questions per second of all threads together; None: as fast as they are answered.
    """

    def __init__(
        self, address: str, host: str, ports: Sequence[int], *, workers: int = 4, rate: float | None = 50
    ) -> None:
        self._address, self._host, self._ports = address, host, ports
        self._interval_s = workers / rate if rate else 0.0
        self._end = threading.Event()
        self._lock = threading.Lock()
        self.asked = 0
        self.failures: list[Failure] = []
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(workers)]

    def _work(self, number: int) -> None:
        due = time.monotonic()
        while not self._end.wait(max(0.0, due - time.monotonic())):
            due = max(due + self._interval_s, time.monotonic() - 1)
            number += 1
            port = self._ports[number % len(self._ports)]
            failure = self._ask(port)
            with self._lock:
                self.asked += 1
                if failure:
                    self.failures.append(Failure(time.time(), port, failure))

    def _ask(self, port: int) -> str:
        """Empty when the answer is a judgement, else what is wrong."""
        connection = http.client.HTTPConnection(self._address, port, timeout=15)
        try:
            connection.request(
                "POST",
                "/api/predict",
                _BODY,
                {"host": self._host, "content-type": "application/json", "connection": "close"},
            )
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        if answer.status == 200 and b'"prediction"' in said:
            return ""
        return f"{answer.status} {said[:100]!r}"

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(30)
