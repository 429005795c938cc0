"""The checker: history and snapshot in, everything that breaks the promise out. Pure.

LOST      accepted, but neither stored nor a dead letter
DOUBLE    stored or buried more than once, or both
PHANTOM   stored or buried, but never sent, or refused at the door each time it was
CORRUPT   stored or buried under an id that was sent, with content that was not
WRONG     stored with other numbers than the artifact gives for this reading
GAP       a record that was neither stored nor buried, an offset that is missing, a topic not read to its end
BACK      an offset that was committed below one that the group had committed before
UNKNOWN   the generator gave up before it knew: the run proves nothing about this reading
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tests.faults.history import Outcome
from tests.faults.payload import Fact
from tests.faults.snapshot import Snapshot

Kind = Literal["LOST", "DOUBLE", "PHANTOM", "CORRUPT", "WRONG", "GAP", "BACK", "UNKNOWN"]
KINDS: tuple[Kind, ...] = ("LOST", "DOUBLE", "PHANTOM", "CORRUPT", "WRONG", "GAP", "BACK", "UNKNOWN")
READINGS, ASSESSMENTS, DEAD_LETTERS = "pm.readings", "pm.assessments", "pm.dead-letters"


class Finding(NamedTuple):
    """One broken promise: its kind, and about what, for a person."""

    kind: Kind
    about: str


@dataclass(frozen=True, slots=True)
class Account:
    """The result of a run. `redelivered` are records that a station published more than once per record it read."""

    accepted: int
    refused: int
    stored: int
    dead: int
    redelivered: int
    findings: list[Finding] = field(default_factory=list)

    def count(self, kind: Kind) -> int:
        return sum(finding.kind == kind for finding in self.findings)

    @property
    def holds(self) -> bool:
        """Nothing is broken and nothing was left unknown."""
        return not self.findings


def check(
    outcomes: dict[Fact, Outcome], snapshot: Snapshot, wrong: Callable[[Sequence[bytes]], list[int]] | None = None
) -> Account:
    """Compare what was sent with what is kept. `wrong` gives the indices of bodies with wrong numbers."""
    kept = _kept(outcomes, snapshot)
    findings = [
        *_accounting(outcomes, kept),
        *_misjudged(snapshot, wrong),
        *_gaps(snapshot),
        *_backward(snapshot),
    ]
    counts = Counter(outcomes.values())
    return Account(
        accepted=counts["accepted"],
        refused=counts["refused"],
        stored=len(snapshot.rows),
        dead=len(snapshot.letters),
        redelivered=_redelivered(snapshot),
        findings=findings,
    )


def _kept(outcomes: dict[Fact, Outcome], snapshot: Snapshot) -> Counter[Fact]:
    """How often each fact is kept. A dead letter counts under its bytes if those were sent, else its reading."""
    kept = Counter(row.fact for row in snapshot.rows)
    for letter in snapshot.letters:
        kept[letter.raw if letter.fact is None or letter.raw in outcomes else letter.fact] += 1
    return kept


def _accounting(outcomes: dict[Fact, Outcome], kept: Counter[Fact]) -> Iterator[Finding]:
    sent_ids = {fact.id for fact in outcomes}
    for fact, outcome in outcomes.items():
        times = kept[fact]
        if outcome == "unknown":
            yield Finding("UNKNOWN", f"{fact.id}: kept {times} times")
        if outcome == "accepted" and times == 0:
            yield Finding("LOST", fact.id)
        if outcome == "refused" and times > 0:
            yield Finding("PHANTOM", f"{fact.id}: every attempt was refused")
        if times > 1:
            yield Finding("DOUBLE", f"{fact.id}: kept {times} times")
    for fact, times in kept.items():
        if fact in outcomes:
            continue
        if fact.id in sent_ids:
            yield Finding("CORRUPT", f"{fact.id}: its content is not what was sent")
        else:
            yield Finding("PHANTOM", f"{fact.id}: kept {times} times, never sent")


def _misjudged(snapshot: Snapshot, wrong: Callable[[Sequence[bytes]], list[int]] | None) -> Iterator[Finding]:
    if wrong is not None:
        for index in wrong([row.body for row in snapshot.rows]):
            yield Finding("WRONG", snapshot.rows[index].fact.id)


def _gaps(snapshot: Snapshot) -> Iterator[Finding]:
    stored = {row.fact.id for row in snapshot.rows} | snapshot.earlier
    buried = {letter.origin for letter in snapshot.letters}
    by_place = {record.place: record for record in snapshot.records}
    for record in snapshot.records:
        place = record.place
        if place.topic == DEAD_LETTERS:
            if (record.origin or str(place)) not in buried:
                yield Finding("GAP", f"{place}: the dead letter of {record.origin} is not stored")
        elif not (record.fact and record.fact.id in stored) and str(place) not in buried:
            yield Finding("GAP", f"{place}: neither stored nor buried")
    for row in snapshot.rows:
        source = by_place.get(row.place)
        if source is None or source.fact is None or source.fact.id != row.fact.id:
            yield Finding("GAP", f"{row.fact.id}: stored as from {row.place}, where another record lies")
    yield from _missing_offsets(snapshot)
    yield from _unread(snapshot)


def _missing_offsets(snapshot: Snapshot) -> Iterator[Finding]:
    found: dict[tuple[str, int], set[int]] = {}
    for record in snapshot.records:
        found.setdefault(record.place[:2], set()).add(record.place.offset)
    for partition, end in snapshot.ends.items():
        missing = set(range(snapshot.starts.get(partition, 0), end)) - found.get(partition, set())
        if missing:
            yield Finding("GAP", f"{partition[0]}/{partition[1]}: {len(missing)} offsets missing, from {min(missing)}")


def _unread(snapshot: Snapshot) -> Iterator[Finding]:
    committed = {(commit.group, commit.topic, commit.partition): commit.offset for commit in snapshot.commits}
    for group, topics in snapshot.readers.items():
        for (topic, partition), end in snapshot.ends.items():
            start = snapshot.starts.get((topic, partition), 0)
            if topic in topics and (reached := committed.get((group, topic, partition), start)) != end:
                yield Finding("GAP", f"{group} stands at {topic}/{partition}/{reached}, the end is {end}")


def _backward(snapshot: Snapshot) -> Iterator[Finding]:
    highest: dict[tuple[str, str, int], int] = {}
    rewound: Counter[tuple[str, str, int]] = Counter()
    for commit in snapshot.commits:
        key = (commit.group, commit.topic, commit.partition)
        before, highest[key] = highest.get(key, 0), commit.offset
        if commit.offset >= before:
            continue
        rewound[key] += 1
        if rewound[key] > snapshot.rewinds.get(commit.group, 0):
            yield Finding("BACK", f"{commit.group} {commit.topic}/{commit.partition}: {commit.offset} after {before}")
            highest[key] = before


def _redelivered(snapshot: Snapshot) -> int:
    """Results beyond one per reading: what the stream role worked on again after it had published it already."""
    buried = {letter.origin for letter in snapshot.letters}  # foreign rubbish is nobody's result
    on = Counter(record.place.topic for record in snapshot.records if str(record.place) not in buried)
    readings = sum(record.place.topic == READINGS for record in snapshot.records)
    from_readings = sum(
        record.origin is not None and record.origin.startswith(f"{READINGS}/")
        for record in snapshot.records
        if record.place.topic == DEAD_LETTERS
    )
    return max(0, on[ASSESSMENTS] + from_readings - readings)
