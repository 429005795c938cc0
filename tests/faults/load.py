"""The load generator: real HTTP against the door, a bounded number of requests at once, every attempt in the history.

What is unknown, and what the log did not take, is sent again with the same id until it is known.
"""

import http.client
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.faults.answers import NO_ANSWER, Said, said
from tests.faults.history import Attempt, History
from tests.faults.payload import Fact
from tests.faults.readings import Sent

_LONGEST_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How a load is sent: requests of `batch` readings from `workers` threads, at most `rate` readings/s (None: any).

    What is sent beyond the agreed number, while a fault still lasts, is sent at `later_rate`.
    `persist` also repeats what the log has not taken; without it only what was unknown once is repeated. After
    `give_up_s` without a final answer a reading stays as it is.
    """

    workers: int = 4
    batch: int = 25
    rate: float | None = None
    later_rate: float = 150.0
    timeout_s: float = 8.0
    persist: bool = True
    give_up_s: float = 180.0


class Load:
    """Sends readings in threads of its own. The readings of one machine are sent by one worker, in order."""

    def __init__(
        self,
        url: str,
        history: History,
        sending: Sequence[Sent],
        pace: Pace | None = None,
        more: Callable[[int], Sequence[Sent]] | None = None,
        host: str | None = None,
    ) -> None:
        """`url` is the base of the installation, such as http://127.0.0.1:8080; `host` its name where that differs.

        With `more` the load goes on after `sending` with what `more(0)`, `more(1)`, ... give, until `release`.
        """
        self._address, self._host = urlsplit(url), host
        self._history, self._pace = history, pace or Pace()
        self._stop = threading.Event()
        self._settled = 0
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._portions: list[list[list[Sent]]] = [self._shares(sending)]
        self._more = more
        self.total = len(sending)
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"load-{number}", daemon=True)
            for number in range(self._pace.workers)
        ]

    def _shares(self, sending: Sequence[Sent]) -> list[list[Sent]]:
        shares: list[list[Sent]] = [[] for _ in range(self._pace.workers)]
        for each in sending:
            shares[zlib.crc32(each.machine.encode()) % len(shares)].append(each)
        return shares

    @property
    def settled(self) -> int:
        """How many readings have their final answer, or were given up."""
        return self._settled

    @property
    def is_running(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send nothing new; what is under way is still waited for by `join`."""
        self._stop.set()

    def release(self) -> None:
        """Send the agreed number to its end, and no more after it."""
        self._released.set()

    def join(self, timeout_s: float) -> None:
        """Wait until everything is settled. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self.is_running:
            raise TimeoutError(f"{self._settled} of {self.total} readings settled within {timeout_s} s")

    def _work(self, worker: int) -> None:
        pace = self._pace
        address = (self._address.hostname or "", self._address.port or 80)
        sender = _Sender(*address, pace.timeout_s, self._history, {"host": self._host} if self._host else {})
        due = time.monotonic()
        for portion, batch in self._batches(worker):
            rate = pace.later_rate if portion else pace.rate
            interval_s = pace.batch * pace.workers / rate if rate else 0.0
            if self._stop.wait(max(0.0, due - time.monotonic())):
                break
            # After an outage the load goes on at its rate; what it could not send meanwhile makes no burst.
            due = max(due, time.monotonic() - interval_s) + interval_s
            self._hand_over(sender, batch)
            with self._lock:
                self._settled += len(batch)
        sender.close()

    def _batches(self, worker: int) -> Iterator[tuple[int, list[Sent]]]:
        portion = 0
        while True:
            share = self._portions[portion][worker]
            for start in range(0, len(share), self._pace.batch):
                if portion and self._released.is_set():
                    return
                yield portion, share[start : start + self._pace.batch]
            portion += 1
            with self._lock:
                if self._more is None or self._released.is_set():
                    return
                if portion == len(self._portions):
                    self._portions.append(self._shares(self._more(portion - 1)))

    def _hand_over(self, sender: "_Sender", batch: list[Sent]) -> None:
        """Send until every reading of the batch has its final answer, or time is up."""
        deadline = time.monotonic() + self._pace.give_up_s
        attempt, left = 1, batch
        ambiguous: set[Fact] = set()
        while True:
            answers, wait_s = sender.send(left, attempt)
            ambiguous |= {one.fact for one, answer in zip(left, answers, strict=True) if answer.outcome == "unknown"}
            left = [
                one
                for one, answer in zip(left, answers, strict=True)
                if answer.again and (self._pace.persist or one.fact in ambiguous)
            ]
            if not left or time.monotonic() > deadline:
                return
            attempt += 1
            self._stop.wait(wait_s)


class _Sender:
    """One keep-alive connection to the door."""

    def __init__(self, host: str, port: int, timeout_s: float, history: History, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
        self._history = history
        self._headers = {"content-type": "application/json", **headers}

    def send(self, batch: list[Sent], attempt: int) -> tuple[list[Said], float]:
        """What the door says of each reading, and how many seconds to wait before another attempt."""
        t_send = time.time()
        begun = [Attempt(each.fact.id, each.machine, each.seq, attempt, t_send, each.fact.sha256) for each in batch]
        self._history.note(begun)
        answers, wait_s = self._post(batch)
        t_ack = time.time()
        self._history.note(
            Attempt(a.id, a.machine, a.seq, attempt, t_send, a.payload_sha256, s.outcome, s.status, s.code, t_ack)
            for a, s in zip(begun, answers, strict=True)
        )
        return answers, wait_s

    def _post(self, batch: list[Sent]) -> tuple[list[Said], float]:
        body = b"[" + b",".join(each.body for each in batch) + b"]"
        try:
            self._connection.request("POST", "/ingest/readings", body, self._headers)
            answer = self._connection.getresponse()
            found = said(answer.status, answer.read(), len(batch))
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return [NO_ANSWER] * len(batch), 0.3
        wait_s = float(answer.getheader("Retry-After") or 0.1) if answer.status in (429, 503) else 0.1
        return found, min(wait_s, _LONGEST_WAIT_S)

    def close(self) -> None:
        self._connection.close()
