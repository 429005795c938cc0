"""The history of a run: every reading that was sent, attempt by attempt, and what the door said of it.

One JSON object per line, written when an attempt begins and again when its answer is known, so that a generator that
dies leaves no sent reading out. The outcome of a reading follows from all its attempts together.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from tests.faults.payload import Fact

Outcome = Literal["accepted", "refused", "unknown"]
_FOR_GOOD = frozenset({413, 415, 422})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand over one reading. Times are Unix seconds; `t_ack` is None while, or if, no answer came."""

    id: str
    machine: str
    seq: int
    attempt: int
    t_send: float
    payload_sha256: str
    outcome: Outcome = "unknown"
    status: int | None = None
    code: str | None = None
    t_ack: float | None = None

    @property
    def fact(self) -> Fact:
        return Fact(self.id, self.payload_sha256)


class History:
    """All attempts, in memory and, when `path` is given, in a file. Safe to share between threads.

    `accepted_until` is the Unix time at which the newest attempt began that was accepted.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._attempts: dict[tuple[Fact, int], Attempt] = {}
        self._lock = threading.Lock()
        self._file = path.open("ab") if path else None
        self.accepted_until = 0.0

    @classmethod
    def read(cls, path: Path) -> "History":
        """The history in a file; later lines of an attempt replace earlier ones. Raises msgspec.DecodeError."""
        history = cls()
        with path.open("rb") as file:
            history.note(msgspec.json.decode(line, type=Attempt) for line in file)
        return history

    def note(self, attempts: Iterable[Attempt]) -> None:
        """Add attempts, or replace what was known of them."""
        with self._lock:
            for attempt in attempts:
                self._attempts[attempt.fact, attempt.attempt] = attempt
                if attempt.outcome == "accepted":
                    self.accepted_until = max(self.accepted_until, attempt.t_send)
                if self._file:
                    self._file.write(msgspec.json.encode(attempt) + b"\n")

    def __iter__(self) -> Iterator[Attempt]:
        with self._lock:
            return iter(list(self._attempts.values()))

    def outcomes(self) -> dict[Fact, Outcome]:
        """The outcome of each fact: accepted once any attempt was; refused for what it says, or at every attempt."""
        found: dict[Fact, list[Attempt]] = {}
        for attempt in self:
            found.setdefault(attempt.fact, []).append(attempt)
        return {fact: _together(attempts) for fact, attempts in found.items()}

    def counts(self) -> Counter[Outcome]:
        """How many facts have which outcome."""
        return Counter(self.outcomes().values())

    def close(self) -> None:
        """Write everything to the file and close it."""
        if self._file:
            self._file.close()


def _together(attempts: list[Attempt]) -> Outcome:
    outcomes = {attempt.outcome for attempt in attempts}
    if "accepted" in outcomes:
        return "accepted"
    # What is refused for its content was so at every attempt, also where the answer was lost.
    if outcomes == {"refused"} or any(attempt.status in _FOR_GOOD for attempt in attempts):
        return "refused"
    return "unknown"
