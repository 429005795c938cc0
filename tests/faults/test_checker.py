"""The checker itself: a clean run passes, and every way to break the promise is named. The controls of all the rest."""

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.assessment import Assessment, encode
from inference.door import Judge
from inference.predictor import Predictor
from models.artifact import load
from models.profile import load_profile
from models.reading import ReadingDecoder
from tests.faults.checker import ASSESSMENTS, DEAD_LETTERS, READINGS, Kind, check
from tests.faults.history import Outcome
from tests.faults.payload import Fact, fact_of, raw_fact
from tests.faults.recomputation import Recomputation
from tests.faults.snapshot import Commit, Letter, OnTopic, Place, Row, Snapshot
from tests.server import ARTIFACT

ONE, TWO, POISON = Fact("run.1", "aa"), Fact("run.2", "bb"), raw_fact(f"{READINGS}/0/2", b"\xff")
READERS = {"stream": (READINGS,), "gateway": (ASSESSMENTS, DEAD_LETTERS)}


def clean() -> tuple[dict[Fact, Outcome], Snapshot]:
    """Two readings and one poison record: all read, two stored, one buried, everything committed."""
    outcomes: dict[Fact, Outcome] = {
        ONE: "accepted",
        TWO: "accepted",
        POISON: "accepted",
        Fact("run.3", "cc"): "refused",
    }
    snapshot = Snapshot(
        rows=[Row(ONE, Place(ASSESSMENTS, 0, 0), b""), Row(TWO, Place(ASSESSMENTS, 0, 1), b"")],
        letters=[Letter(POISON.id, "malformed_json", None, POISON)],
        records=[
            OnTopic(Place(READINGS, 0, 0), ONE),
            OnTopic(Place(READINGS, 0, 1), TWO),
            OnTopic(Place(READINGS, 0, 2), None),
            OnTopic(Place(ASSESSMENTS, 0, 0), ONE),
            OnTopic(Place(ASSESSMENTS, 0, 1), TWO),
            OnTopic(Place(DEAD_LETTERS, 0, 0), None, origin=POISON.id),
        ],
        commits=[
            Commit("stream", READINGS, 0, 1),
            Commit("stream", READINGS, 0, 3),
            Commit("gateway", ASSESSMENTS, 0, 2),
            Commit("gateway", DEAD_LETTERS, 0, 1),
        ],
        ends={(READINGS, 0): 3, (ASSESSMENTS, 0): 2, (DEAD_LETTERS, 0): 1},
        readers=READERS,
    )
    return outcomes, snapshot


def test_a_clean_run_holds() -> None:
    account = check(*clean())
    assert account.findings == []
    assert (account.accepted, account.refused, account.stored, account.dead, account.redelivered) == (3, 1, 2, 1, 0)


def test_a_repeated_assessment_is_redelivered_and_no_finding() -> None:
    outcomes, snapshot = clean()
    snapshot.records.append(OnTopic(Place(ASSESSMENTS, 0, 2), ONE))
    snapshot.commits.append(Commit("gateway", ASSESSMENTS, 0, 3))
    snapshot.ends[ASSESSMENTS, 0] = 3
    account = check(outcomes, snapshot)
    assert (account.holds, account.redelivered) == (True, 1)


def test_what_an_earlier_run_has_stored_may_arrive_once_more() -> None:
    outcomes, snapshot = clean()
    late = Fact("before.1", "dd")
    snapshot.records.extend([OnTopic(Place(READINGS, 0, 3), late), OnTopic(Place(ASSESSMENTS, 0, 2), late)])
    snapshot.commits.extend([Commit("stream", READINGS, 0, 4), Commit("gateway", ASSESSMENTS, 0, 3)])
    snapshot.ends[READINGS, 0], snapshot.ends[ASSESSMENTS, 0] = 4, 3
    assert check(outcomes, snapshot).count("GAP") == 2
    assert check(outcomes, dataclasses.replace(snapshot, earlier=frozenset({late.id}))).holds


Damage = Callable[[dict[Fact, Outcome], Snapshot], object]


def _lose_row(_: dict[Fact, Outcome], snapshot: Snapshot) -> object:
    return snapshot.rows.pop()


def _lose_letter(_: dict[Fact, Outcome], snapshot: Snapshot) -> object:
    return snapshot.letters.pop()


def _store_twice(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.rows.append(snapshot.rows[0])


def _store_and_bury(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.letters.append(Letter(f"{READINGS}/0/0", "out_of_range", ONE, raw_fact("x", b"")))


def _never_sent(outcomes: dict[Fact, Outcome], _: Snapshot) -> object:
    return outcomes.pop(TWO)


def _refused_yet_stored(outcomes: dict[Fact, Outcome], _: Snapshot) -> object:
    return outcomes.update({TWO: "refused"})


def _other_content(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.rows[1] = dataclasses.replace(snapshot.rows[1], fact=Fact(TWO.id, "other"))


def _skip_a_record(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.records[2:3] = []


def _foreign_rubbish(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.records.append(OnTopic(Place(ASSESSMENTS, 0, 2), None))
    snapshot.commits.append(Commit("gateway", ASSESSMENTS, 0, 3))
    snapshot.ends[ASSESSMENTS, 0] = 3


def _wrong_source(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.rows[0] = dataclasses.replace(snapshot.rows[0], place=Place(ASSESSMENTS, 0, 1))


def _not_read_to_the_end(_: dict[Fact, Outcome], snapshot: Snapshot) -> object:
    return snapshot.commits.pop()


def _committed_back(_: dict[Fact, Outcome], snapshot: Snapshot) -> None:
    snapshot.commits[0:2] = [Commit("stream", READINGS, 0, 2), Commit("stream", READINGS, 0, 1)]
    snapshot.commits.append(Commit("stream", READINGS, 0, 3))


def _given_up(outcomes: dict[Fact, Outcome], _: Snapshot) -> object:
    return outcomes.update({ONE: "unknown"})


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        (_lose_row, {"LOST", "GAP"}),
        (_lose_letter, {"LOST", "GAP"}),
        (_store_twice, {"DOUBLE"}),
        (_store_and_bury, {"DOUBLE"}),
        (_never_sent, {"PHANTOM"}),
        (_refused_yet_stored, {"PHANTOM"}),
        (_other_content, {"CORRUPT", "LOST"}),
        (_skip_a_record, {"GAP"}),
        (_foreign_rubbish, {"GAP"}),
        (_wrong_source, {"GAP"}),
        (_not_read_to_the_end, {"GAP"}),
        (_committed_back, {"BACK"}),
        (_given_up, {"UNKNOWN"}),
    ],
)
def test_every_broken_promise_is_named(damage: Damage, kinds: set[Kind]) -> None:
    outcomes, snapshot = clean()
    damage(outcomes, snapshot)
    assert {finding.kind for finding in check(outcomes, snapshot).findings} == kinds


READING = {
    "machine_id": "F-1",
    "product_type": "M",
    "observed_at": "2026-01-01T00:00:00+01:00",
    "event_id": "run.1",
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551,
    "torque": 42.8,
    "tool_wear": 0,
}


def assessed() -> dict[str, Any]:
    """What the platform stores for READING."""
    profile = load_profile("milling")
    decoder = ReadingDecoder({profile.name: profile}, profile.name)
    judge = Judge(profile, decoder, Predictor(profile, load(ARTIFACT, profile)))
    [answer] = judge.judge([json.dumps(READING).encode()], [datetime(2026, 1, 1, tzinfo=UTC)])
    assert isinstance(answer, Assessment), answer
    document: dict[str, Any] = json.loads(encode(answer))
    return document


def test_wrong_numbers_are_found_and_right_ones_are_not() -> None:
    good = assessed()
    worse = good | {"failure_probability": good["failure_probability"] + 1e-6}
    other_model = good | {"model": good["model"] | {"digest": "sha256:0"}}
    other_signal = good | {"signals": good["signals"] | {"torque": 70.0}}
    bodies = [json.dumps(each).encode() for each in (good, worse, other_model, other_signal)]
    assert Recomputation(ARTIFACT).wrong(bodies) == [1, 2, 3]
    outcomes, snapshot = clean()
    snapshot.rows[:] = [dataclasses.replace(row, body=bodies[n]) for n, row in enumerate(snapshot.rows)]
    findings = check(outcomes, snapshot, Recomputation(ARTIFACT).wrong).findings
    assert [(finding.kind, finding.about) for finding in findings] == [("WRONG", TWO.id)]


def test_the_fact_is_the_same_from_the_door_to_the_row() -> None:
    sent = fact_of(json.dumps(READING).encode())
    assert sent is not None
    assert sent.id == "run.1"
    assert fact_of(json.dumps(assessed()).encode()) == sent
    assert fact_of(json.dumps(READING | {"torque": 42.9}).encode()) != sent
    assert fact_of(json.dumps(READING | {"machine_id": "F-2"}).encode()) != sent
    assert [fact_of(rubbish) for rubbish in (b"", b"\xff", b"[]", b"{}", b"[" * 100_000)] == [None] * 5
