"""Requests to ingest from a few threads: as fast as they are taken, or at a rate, each sent until it is accepted."""

import http.client
import queue
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import msgspec

_WORKERS = 4
_TIMEOUT_S = 20
_GIVE_UP_S = 60.0


class Poster:
    """One connection to ingest."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_S)

    def post(self, body: bytes) -> int:
        """How many readings of the NDJSON body were accepted; repeated while the log has no room.

        Raises RuntimeError for any other answer.
        """
        deadline = time.monotonic() + _GIVE_UP_S
        while True:
            headers = {"content-type": "application/x-ndjson"}
            self._connection.request("POST", "/ingest/readings", body, headers)
            answer = self._connection.getresponse()
            text = answer.read()
            if answer.status == 202:
                return int(msgspec.json.decode(text)["accepted"])
            if answer.status not in (429, 503) or time.monotonic() > deadline:
                raise RuntimeError(f"ingest answered {answer.status}: {text[:300]!r}")
            # The ids are ours, so what was taken the first time is a duplicate and counted once.
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


class Posting:
    """Sends `requests` in their order with a few workers, at `rate` requests a second when it is given."""

    def __init__(self, url: str, requests: Sequence[bytes], rate: float | None = None) -> None:
        self._url, self._rate = url, rate
        self._requests: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
        for numbered in enumerate(requests):
            self._requests.put(numbered)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._failed: list[BaseException] = []
        self._started = time.monotonic()
        self.accepted = 0
        self.late_s = 0.0
        self._threads = [threading.Thread(target=self._work, name=f"posting-{n}") for n in range(_WORKERS)]

    @property
    def is_running(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def check(self) -> None:
        """Raises what a worker failed with."""
        if self._failed:
            raise self._failed[0]

    def _work(self) -> None:
        try:
            with Poster(self._url) as poster:
                while not self._stop.is_set():
                    number, body = self._requests.get_nowait()
                    self._wait_for(number)
                    accepted = poster.post(body)
                    with self._lock:
                        self.accepted += accepted
        except queue.Empty:
            return
        except BaseException as error:
            self._failed.append(error)
            self._stop.set()

    def _wait_for(self, number: int) -> None:
        if self._rate is None:
            return
        ahead_s = self._started + number / self._rate - time.monotonic()
        if ahead_s > 0:
            self._stop.wait(ahead_s)
        else:
            self.late_s = max(self.late_s, -ahead_s)

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
