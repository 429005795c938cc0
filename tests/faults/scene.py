"""One fault under load: the load runs, the fault happens, everything settles, the ledger is closed, a row comes out."""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from tests.faults.checker import READINGS, Account, Finding
from tests.faults.history import Attempt, History
from tests.faults.load import Load, Pace
from tests.faults.payload import raw_fact
from tests.faults.readings import Sent, readings
from tests.faults.rig import Marks, Rig
from tests.faults.snapshot import Place
from tests.server import poll_until
from tools.child import ChildError

_GIVE_UP_S = 300.0
_STOP_S = 30.0
_PORTION = 1_000
# Processes that want to run, for each processor: the suite alone makes less than two of it.
_BUSY_LOAD = 4.0

T = TypeVar("T")
Installation = Literal["one broker", "three brokers", "mutants"]


class Late(AssertionError):
    """A promise about time was not kept. Where others take the processors away that proves nothing."""


class Proof(NamedTuple):
    """Whether the fault bit, and by what one can see it."""

    bit: bool
    words: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to harm the installation. `harm` returns the proof; AssertionError in it is a promise that was broken.

    `events`, in the whole suite `full_events`, are sent at `rate` per second (None: as fast as they are taken), and
    more for as long as the fault lasts; `installation` says where.
    `arrange` changes order and number of what is sent; its times are spread over `spread_s` seconds. `redelivers`: the
    stream role must have published something twice, else nothing is proved. `buries`: dead letters are expected; a
    fault that only takes a dependency away must not make any. `only_full`: played with `--full` and when it is named.
    """

    name: str
    harm: Callable[["Scene"], Proof]
    events: int = 1_000
    full_events: int = 4_000
    rate: float | None = 800
    installation: Installation = "one broker"
    redelivers: bool = False
    buries: bool = False
    only_full: bool = False
    spread_s: float | None = None
    pace: Pace = field(default_factory=Pace)
    arrange: Callable[[list[Sent], random.Random], list[Sent]] = lambda sending, _: sending


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the table. `tries` counts how often the fault was played until it proved something."""

    fault: str
    account: Account
    proof: Proof
    seconds: float
    broken: str = ""
    is_control: bool = False
    tries: int = 1

    @property
    def verdict(self) -> str:
        """`pass`, `FAIL`, or `inconclusive` when nothing broke but nothing was proved either.

        A control passes as `caught` when the ledger has seen what it lost.
        """
        if self.is_control:
            return "caught" if self.account.count("LOST") and not self.broken else "inconclusive"
        if self.broken or not self.account.holds:
            return "FAIL"
        return "pass" if self.proof.bit else "inconclusive"


class Scene:
    """What a fault sees: the installation, the load that runs, the history so far, a seeded choice of moments."""

    def __init__(
        self, rig: Rig, marks: Marks, run: str, load: Load, history: History, chance: random.Random, *, full: bool
    ) -> None:
        """`run` is the beginning of every id and machine; `full` is for the whole suite with its long faults."""
        self.rig, self.marks, self.run, self.load, self.history = rig, marks, run, load, history
        self.chance, self._full = chance, full
        self.rewinds: Counter[str] = Counter()

    def seconds(self, full: float, ci: float) -> float:
        """How long a fault lasts: `full` in the whole suite, `ci` in the short one."""
        return full if self._full else ci

    def at(self, share: float) -> None:
        """Wait until `share` (0 to 1) of the readings are settled."""
        self.until(lambda: self.load.settled >= share * self.load.total, _GIVE_UP_S, f"{share:.0%} of the load")

    def until(self, probe: Callable[[], T | None], within_s: float, what: str) -> T:
        """The first truthy result of `probe()`. Raises Late."""
        try:
            return poll_until(probe, within_s, what)
        except AssertionError as error:
            raise Late(str(error)) from None

    def last(self, seconds: float) -> tuple[float, float]:
        """Let the fault last; the Unix times of its beginning and end."""
        begun = time.time()
        time.sleep(seconds)
        return begun, time.time()

    def finish(self) -> None:
        """Wait until everything is sent and worked off. Raises TimeoutError."""
        self.load.release()
        self.load.join(_GIVE_UP_S)
        self.rig.settle()

    def poison(self, values: Sequence[bytes], topic: str = READINGS) -> list[Place]:
        """Put bytes on a topic, past the door; each is accepted, under the place where it lies."""
        places = self.rig.topics.write(topic, values)
        now = time.time()
        for place, value in zip(places, values, strict=True):
            fact = raw_fact(str(place), value)
            self.history.note([Attempt(fact.id, "foreign", 0, 1, now, fact.sha256, "accepted", None, None, now)])
        return places

    def rewind(self, group: str, topics: tuple[str, ...]) -> None:
        """Move a group whose members are all stopped back to the beginning of its topics."""
        self.rig.administration.to_beginning(group, topics)
        self.rewinds[group] += 1

    def rewind_to_mark(self, group: str, topics: tuple[str, ...]) -> None:
        """Move a group whose members are all stopped back to where this run began."""
        ends = self.rig.topics.ends(topics)
        self.rig.administration.move(group, {place: self.marks.offsets.get(place, 0) for place in ends})
        self.rewinds[group] += 1

    def attempts(self, between: tuple[float, float], whose: str = "") -> list[Attempt]:
        """The attempts that began and were answered between two Unix times, with ids that begin with `whose`."""
        begun, ended = between
        return [
            a for a in self.history if a.t_ack and begun <= a.t_send and a.t_ack <= ended and a.id.startswith(whose)
        ]

    def outcomes(self, between: tuple[float, float]) -> Counter[str]:
        """How many attempts between two times were accepted, refused, unknown."""
        return Counter(attempt.outcome for attempt in self.attempts(between))


def play(rig: Rig, fault: Fault, folder: Path, *, events: int | None = None, full: bool = False, seed: int) -> Result:
    """Send, harm, settle, account. `events` replaces the number of the fault. The history stays in `folder`."""
    name = re.sub("[^A-Za-z0-9]+", "-", fault.name)  # also the beginning of machine ids
    with closing(History(folder / f"{name}.jsonl")) as history:
        return _played(rig, fault, history, f"{name[:20]}-{seed}", events=events, full=full, seed=seed)


def _played(rig: Rig, fault: Fault, history: History, run: str, *, events: int | None, full: bool, seed: int) -> Result:
    started = time.monotonic()
    marks = rig.mark()
    pace = replace(fault.pace, rate=fault.rate, give_up_s=_GIVE_UP_S)
    chance = random.Random(seed)
    count = events or (fault.full_events if full else fault.events)
    sending = fault.arrange(list(readings(run, count, seed=seed, spread_s=fault.spread_s)), chance)

    def more(portion: int) -> list[Sent]:
        return list(readings(run, _PORTION, seed=seed, after=count + portion * _PORTION))

    load = Load(rig.plant.ingest.url, history, sending, pace, more)
    scene = Scene(rig, marks, run, load, history, chance, full=full)
    load.start()
    broken = ""
    proof = Proof(False, "")
    try:
        proof = fault.harm(scene)
    except (Late, ChildError) as error:
        broken, proof = too_late(error, os.getloadavg()[0] / (os.cpu_count() or 1))
        rig.restore()
    except AssertionError as error:
        rig.restore()
        broken = first_line(error)
    except Exception:
        # Nobody knows what this means. The senders stop before their history is closed.
        load.stop()
        with suppress(TimeoutError):
            load.join(_STOP_S)
        raise
    finally:
        for link in rig.links.values():
            link.heal()
    try:
        scene.finish()
    except TimeoutError as error:
        broken = broken or str(error)
        load.stop()
    account = rig.account(history, marks, scene.rewinds)
    if account.dead and not fault.buries:
        broken = broken or f"{account.dead} dead letters of good readings"
    if not account.accepted:
        proof = Proof(False, f"{proof.words}, but nothing was accepted")
    if fault.redelivers and not account.redelivered:
        proof = Proof(False, f"{proof.words}, but nothing was published twice")
    is_control = fault.installation == "mutants"
    return Result(fault.name, account, proof, time.monotonic() - started, broken, is_control)


def too_late(error: Exception, load: float) -> tuple[str, Proof]:
    """What is broken and what is proved when something took too long with `load` processes for each processor."""
    if load < _BUSY_LOAD:
        return first_line(error), Proof(False, "")
    return "", Proof(False, f"{first_line(error)}, with {load:.0f} processes for each processor")


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def first(findings: list[Finding], limit: int = 5) -> str:
    """The first findings, for a person."""
    return "; ".join(f"{finding.kind} {finding.about}" for finding in findings[:limit])
