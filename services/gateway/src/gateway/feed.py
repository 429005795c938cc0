"""The live feed: the newest word of every machine in memory, cut into frames that all clients share.

Assessments and refusals come in, in any order; `cut` makes a frame of what changed. Frames stay in a ring for a
minute, so that a client can resume after a broken connection, and so that a slow client costs no memory: it is a
position in the ring, and one that falls out of it starts again with a hello.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import msgspec

from chassis.assessment import Assessment
from gateway.highlights import top_mode
from gateway.instants import SECOND_US, micros
from gateway.live_messages import Columns, Frame, Hello
from gateway.machine_state import Patience, State, state_of
from gateway.refusals import Refusal

_SWEEP_US = SECOND_US
_AGE_US = SECOND_US // 10
# Below this a probability rounds to 0 %: no page says which failure it would be.
_WORTH = 0.005


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the newest assessment of a machine said; `observed_at_us` in microseconds since 1970 UTC."""

    observed_at_us: int
    failure_probability: float
    prediction: int
    anomaly: bool
    top_mode: str | None


@dataclass(frozen=True, slots=True)
class SentFrame:
    """A frame in the ring: its number, when it was cut, its JSON, and the machines in it by index."""

    sequence: int
    cut_at_us: int
    data: bytes
    changed: frozenset[int]


@dataclass(slots=True)
class _Entry:
    index: int
    machine_id: str
    state: State = State.NEVER_SEEN
    verdict: Verdict | None = None
    refused_at_us: int | None = None
    body: bytes | None = None


class Feed:
    """Written by one thread, read by many: every method may be called from any thread."""

    def __init__(self, patience: Patience, keep_s: float) -> None:
        """Frames stay for `keep_s` seconds."""
        self._patience, self._keep_us = patience, round(keep_s * SECOND_US)
        self._lock = Lock()
        self._entries: dict[str, _Entry] = {}
        self._changed: dict[str, _Entry] = {}
        self._frames: deque[SentFrame] = deque()
        self._sequence = 0
        self._announced: list[_Entry] = []
        self._modes: dict[str, int] = {}
        self._swept_at_us: int | None = None
        self._hello: tuple[int, bytes] | None = None

    @property
    def sequence(self) -> int:
        """The number of the newest frame; 0 before the first."""
        return self._sequence

    def load(self, machines: Iterable[tuple[str, Verdict | None, int | None]]) -> None:
        """Take what the store knows, where it is newer: machine id, newest verdict, time of the newest refusal."""
        with self._lock:
            for machine_id, verdict, refused_at_us in machines:
                entry = self._entry(machine_id)
                if verdict is not None and self._judge(entry, verdict):
                    entry.body = None  # older than what the store has
                if refused_at_us is not None:
                    self._refuse(entry, refused_at_us)

    def assess(self, assessment: Assessment, body: bytes) -> None:
        """Take an assessment and its bytes; one that is not newer than the machine's last changes nothing."""
        verdict = Verdict(
            micros(assessment.observed_at),
            assessment.failure_probability,
            assessment.prediction,
            assessment.anomaly,
            top_mode(assessment),
        )
        with self._lock:
            entry = self._entry(assessment.machine_id)
            if self._judge(entry, verdict):
                entry.body = body

    def refuse(self, refusal: Refusal) -> None:
        """Take a reading that could not be judged."""
        with self._lock:
            self._refuse(self._entry(refusal.machine_id), refusal.at_us)

    def cut(self, now_us: int) -> SentFrame | None:
        """Make a frame of what changed since the last one, by news or by silence; None when nothing did."""
        with self._lock:
            self._sweep(now_us)
            while self._frames and self._frames[0].cut_at_us < now_us - self._keep_us:
                self._frames.popleft()
            if not self._changed:
                return None
            entries = sorted(self._changed.values(), key=lambda entry: entry.index)
            self._changed = {}
            for entry in entries:
                entry.state = self._state(entry, now_us)
            new = [entry for entry in entries if entry.index >= len(self._announced)]
            self._announced += new
            new_modes = self._name_modes(entries)
            self._sequence += 1
            frame = Frame(
                sequence=self._sequence,
                server_time=now_us // 1000,
                index=[entry.index for entry in entries],
                new=[(entry.index, entry.machine_id) for entry in new],
                new_modes=new_modes,
                **self._columns(entries, now_us),
            )
            sent = SentFrame(self._sequence, now_us, msgspec.json.encode(frame), frozenset(frame.index))
            self._frames.append(sent)
            return sent

    def hello(self, now_us: int) -> tuple[int, bytes]:
        """The number of the newest frame and the JSON of the picture up to it; the frames after it complete it."""
        with self._lock:
            if self._hello is None or self._hello[0] != self._sequence:
                hello = Hello(
                    sequence=self._sequence,
                    server_time=now_us // 1000,
                    machines=[entry.machine_id for entry in self._announced],
                    modes=list(self._modes),
                    columns=Columns(**self._columns(self._announced, now_us)),
                )
                self._hello = self._sequence, msgspec.json.encode(hello)
            return self._hello

    def since(self, sequence: int) -> list[SentFrame] | None:
        """The frames after number `sequence`, in order; None when some of them are no longer (or not yet) there."""
        with self._lock:
            missing = self._sequence - sequence
            if missing < 0 or missing > len(self._frames):
                return None
            return [self._frames[-back] for back in range(missing, 0, -1)]

    def latest(self, machine_id: str) -> tuple[int, bytes | None] | None:
        """The index of a machine and the bytes of its newest assessment, if one came by; None for an unknown one."""
        with self._lock:
            entry = self._entries.get(machine_id)
            return (entry.index, entry.body) if entry is not None else None

    def states(self) -> dict[State, int]:
        """How many machines are in each state, as of the last frame."""
        with self._lock:
            counts = dict.fromkeys(State, 0)
            for entry in self._announced:
                counts[entry.state] += 1
            return counts

    def _entry(self, machine_id: str) -> _Entry:
        entry = self._entries.get(machine_id)
        if entry is None:
            entry = self._entries[machine_id] = _Entry(len(self._entries), machine_id)
            self._changed[machine_id] = entry
        return entry

    def _judge(self, entry: _Entry, verdict: Verdict) -> bool:
        if entry.verdict is not None and entry.verdict.observed_at_us >= verdict.observed_at_us:
            return False
        entry.verdict = verdict
        self._changed[entry.machine_id] = entry
        return True

    def _refuse(self, entry: _Entry, at_us: int) -> None:
        if entry.refused_at_us is None or entry.refused_at_us < at_us:
            entry.refused_at_us = at_us
            self._changed[entry.machine_id] = entry

    def _sweep(self, now_us: int) -> None:
        """Once a second: find the machines whose state changed by silence alone."""
        if self._swept_at_us is not None and abs(now_us - self._swept_at_us) < _SWEEP_US:
            return
        self._swept_at_us = now_us
        for machine_id, entry in self._entries.items():
            if entry.state is not self._state(entry, now_us):
                self._changed[machine_id] = entry

    def _state(self, entry: _Entry, now_us: int) -> State:
        observed_at_us = entry.verdict.observed_at_us if entry.verdict is not None else None
        return state_of(observed_at_us, entry.refused_at_us, now_us, self._patience)

    def _name_modes(self, entries: Iterable[_Entry]) -> list[str]:
        """Gives the failure modes that no frame has named yet their places."""
        new: list[str] = []
        for entry in entries:
            mode = _mode(entry.verdict)
            if mode is not None and mode not in self._modes:
                self._modes[mode] = len(self._modes)
                new.append(mode)
        return new

    def _columns(self, entries: list[_Entry], now_us: int) -> dict[str, list[Any]]:
        verdicts = [entry.verdict for entry in entries]
        return {
            "probability": [verdict and per_mille(verdict.failure_probability) for verdict in verdicts],
            "condition": [self._condition(entry) for entry in entries],
            "age": [verdict and round((now_us - verdict.observed_at_us) / _AGE_US) for verdict in verdicts],
        }

    def _condition(self, entry: _Entry) -> int:
        verdict = entry.verdict
        if verdict is None:
            return int(entry.state)
        # A mode that no frame has named yet comes with the next one, as this machine does.
        place = self._modes.get(_mode(verdict) or "", -1) + 1
        return int(entry.state) | verdict.prediction << 3 | verdict.anomaly << 4 | place << 5


def per_mille(probability: float) -> int:
    """Rounded, but never to a certainty that is none: 0.9999 is 999."""
    if probability in (0, 1):
        return round(probability * 1000)
    return min(999, max(1, round(probability * 1000)))


def _mode(verdict: Verdict | None) -> str | None:
    """The most likely failure mode, where a failure is likely enough to be worth a word."""
    worth = verdict is not None and (verdict.prediction == 1 or verdict.failure_probability >= _WORTH)
    return verdict.top_mode if verdict is not None and worth else None
