"""What the platform holds after a run: stored rows, dead letters, the records of its topics and its commits.

Plain data without a client, so that the checker can be given hand-made ones.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.faults.payload import Fact


class Place(NamedTuple):
    """Where a record lies; as text it is the origin of a dead letter."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Row:
    """A stored assessment: the fact in it, the place on `pm.assessments` it came from, its bytes."""

    fact: Fact
    place: Place
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored dead letter. `fact` is None when its bytes are no reading; `raw` is the fact of the bytes alone."""

    origin: str
    code: str
    fact: Fact | None
    raw: Fact


@dataclass(frozen=True, slots=True)
class OnTopic:
    """A record as the checker's own reader found it. `origin` is set on dead letters: the record they bury."""

    place: Place
    fact: Fact | None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """One offset that a group committed, in the order in which the broker stored them."""

    group: str
    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything since the beginning of the run. `starts` and `ends` are the offsets around it per partition."""

    rows: list[Row] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    earlier: frozenset[str] = frozenset()
    """Ids that earlier runs have stored: what their network still delivers now is a repetition of those."""
    records: list[OnTopic] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    ends: dict[tuple[str, int], int] = field(default_factory=dict)
    readers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The consumer groups and the topics each must have read to the end."""
    rewinds: dict[str, int] = field(default_factory=dict)
    """How often an operator moved a group back to the beginning: steps back that are no fault."""
