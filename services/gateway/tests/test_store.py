"""The store: written once, forward only, the same after every redelivery."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete, select

from chassis.dead_letter import DeadLetter
from gateway.instants import micros
from gateway.retention import Retention
from gateway.store import Store, assessments, batch, dead_letters, flow, machines, recent_signals
from gateway.store.assessments import Judged, TooManyRows
from gateway.store.batch import Written
from gateway.store.schema import machines as machine_rows
from gateway.store.schema import metadata

Judge = Callable[..., Judged]
Bury = Callable[..., DeadLetter]


def write(store: Store, now: datetime, judged: list[Judged], letters: list[DeadLetter] | None = None) -> Written:
    return batch.write(store, judged, letters or [], micros(now), "milling", Retention(30))


def checksum(store: Store) -> str:
    """A digest over every row of every table."""
    digest = hashlib.sha256()
    with store.transaction() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def machine(store: Store, machine_id: str = "M14860") -> machines.Machine:
    found = machines.find(store, machine_id)
    assert found is not None
    return found


def test_a_machine_is_registered_on_first_sight(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge()])
    seen = machine(store)
    assert (seen.facts.equipment, seen.facts.product_type, seen.facts.stored) == ("milling", "M", 1)
    assert seen.last is not None
    assert (seen.facts.first_seen_at, seen.last.observed_at) == (micros(now), micros(now))
    assert (seen.last.top_mode, seen.last.event_id) == ("OSF", "e1")


def test_a_machine_that_a_backup_did_not_know_is_registered_again(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge()])
    with store.transaction() as connection:
        connection.execute(delete(machine_rows))
    write(store, now, [judge("e2"), judge("e3", machine_id="M2")])
    assert [machine(store, name).facts.stored for name in ("M14860", "M2")] == [1, 1]


def test_redelivery_changes_nothing(store: Store, judge: Judge, bury: Bury, now: datetime) -> None:
    judged = [judge("a"), judge("b", ago=5), judge("a"), judge("c", machine_id="M2")]
    letters = [bury(), bury("pm.readings/0/8", code="missing_signal", key=b"M3")]
    first = write(store, now, judged, letters)
    assert [len(first.assessments.stored), len(first.assessments.duplicates), len(first.dead_letters)] == [3, 1, 2]
    before = checksum(store)
    again = write(store, now + timedelta(hours=1), judged, letters)
    assert [len(again.assessments.stored), len(again.assessments.duplicates), len(again.dead_letters)] == [0, 4, 0]
    assert checksum(store) == before


def test_the_first_reading_under_an_event_id_stays_and_another_is_a_conflict(
    store: Store, judge: Judge, now: datetime
) -> None:
    original = judge("a")
    write(store, now, [original])
    others = [
        judge("a", signals={"air_temperature": 298.1, "torque": 1.0}),
        judge("a", machine_id="M2"),
    ]
    written = write(store, now, [*others, judge("b"), judge("b", machine_id="M3")])
    assert written.assessments.conflicts[:2] == others
    assert len(written.assessments.conflicts) == 3
    assert assessments.body(store, "a") == original.body
    assert machine(store).facts.stored == 2


def test_a_repetition_with_another_time_of_receipt_is_a_duplicate(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge("a")])
    assert len(write(store, now, [judge("a", ago=1)]).assessments.duplicates) == 1


def test_the_same_reading_judged_by_another_model_is_a_duplicate(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge("a")])
    assert len(write(store, now, [judge("a", failure_probability=0.9)]).assessments.duplicates) == 1


@pytest.mark.parametrize("together", [True, False])
def test_late_readings_are_stored_and_never_overwrite_newer(
    store: Store, judge: Judge, now: datetime, together: bool
) -> None:
    fresh, late = judge("fresh", failure_probability=0.9), judge("late", ago=60)
    for part in [[fresh, late]] if together else [[fresh], [late]]:
        write(store, now, part)
    last = machine(store).last
    assert last is not None
    assert (last.event_id, last.failure_probability, machine(store).facts.stored) == ("fresh", 0.9, 2)


def test_a_refusal_marks_its_machine_and_a_newer_reading_outdates_it(
    store: Store, judge: Judge, bury: Bury, now: datetime
) -> None:
    write(store, now, [judge("a", ago=30)])
    write(store, now, [], [bury("pm.readings/0/1", ago=20), bury("pm.readings/0/2", ago=10)])
    marked = machine(store).refused
    assert marked is not None
    assert marked.refused_code == "wrong_unit_suspected"
    assert (marked.refused_since, marked.refused_at) == tuple(micros(now - timedelta(seconds=s)) for s in (20, 10))
    write(store, now, [judge("b", ago=5)], [bury("pm.readings/0/3", ago=1)])
    again = machine(store).refused
    assert again is not None
    assert again.refused_since == micros(now - timedelta(seconds=1))


def test_a_refusal_registers_an_unknown_machine(store: Store, bury: Bury, now: datetime) -> None:
    letter = bury(key=b"M77", headers=(("equipment", b"press"),))
    write(store, now, [], [letter, bury("pm.readings/0/9", key=b"M78")])
    assert (machine(store, "M77").facts.equipment, machine(store, "M78").facts.equipment) == ("press", "milling")
    assert machine(store, "M77").facts.stored == 0


@pytest.mark.parametrize(
    "fields",
    [{"code": "id_conflict"}, {"code": "foreign"}, {"key": None}, {"key": b"\xff\x00"}, {"key": b" M1"}],
)
def test_other_dead_letters_mark_no_machine(store: Store, bury: Bury, now: datetime, fields: dict[str, object]) -> None:
    assert len(write(store, now, [], [bury(**fields)]).dead_letters) == 1
    assert machines.words(store) == []


def test_hostile_headers_of_a_dead_letter_are_stored_harmlessly(store: Store, bury: Bury, now: datetime) -> None:
    hostile = bury("x" * 5000 + "\0", code="DROP TABLE\0", detail="\0" * 600, service="\n" * 100)
    written = write(store, now, [], [hostile, hostile])
    assert len(written.dead_letters) == 1
    (reason,) = dead_letters.by_reason(store, samples=3)
    assert (reason.code, reason.count) == ("foreign", 1)
    assert reason.samples[0].detail.isprintable()
    assert reason.samples[0].machine_id == "M14860"


def test_dead_letters_are_counted_and_sampled_by_reason(store: Store, bury: Bury, now: datetime) -> None:
    letters = [bury(f"pm.readings/0/{n}", ago=n) for n in range(5)]
    write(store, now, [], [*letters, bury("pm.readings/1/0", code="out_of_range", value=b"x" * 10_000)])
    units, ranges = dead_letters.by_reason(store, samples=3)
    assert (units.code, units.count, units.last_at_us) == ("wrong_unit_suspected", 5, micros(now))
    assert [sample.origin for sample in units.samples] == [f"pm.readings/0/{n}" for n in range(3)]
    assert (ranges.count, len(ranges.samples[0].value)) == (1, 800)
    assert dead_letters.count_of(store, "M14860") == 6


def test_history_is_columns_in_time_order(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge("c", ago=1, prediction=1), judge("a", ago=9), judge("b", ago=5), judge("old", ago=99)])
    from_us = micros(now - timedelta(seconds=9))
    columns = assessments.history(store, "M14860", from_us, micros(now), 10)
    assert [micros(now) - at for at in columns.observed_at_us] == [9_000_000, 5_000_000, 1_000_000]
    assert list(columns.prediction) == [0, 0, 1]
    assert {name: list(column) for name, column in columns.signals.items()} == {
        "air_temperature": [298.1] * 3,
        "torque": [42.8] * 3,
    }
    with pytest.raises(TooManyRows):
        assessments.history(store, "M14860", from_us, micros(now), 2)
    assert len(assessments.history(store, "nobody", from_us, micros(now), 2).observed_at_us) == 0


def test_history_leaves_out_rows_of_another_equipment(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge("a", ago=9, signals={"pressure": 1.0}), judge("b", ago=5)])
    columns = assessments.history(store, "M14860", 0, micros(now), 10)
    assert (len(columns.observed_at_us), sorted(columns.signals)) == (1, ["air_temperature", "torque"])


def test_newest_pages_through_equal_times_without_gap_or_double(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now, [judge(f"e{n}", ago=n // 3) for n in range(10)])
    seen: list[str] = []
    before: tuple[int, str] | None = None
    while part := assessments.newest(store, "M14860", before, 2):
        seen += [stored.event_id for stored in part]
        before = (part[-1].observed_at_us, part[-1].event_id)
    assert seen == ["e2", "e1", "e0", "e5", "e4", "e3", "e8", "e7", "e6", "e9"]


def test_the_flow_counts_and_times_what_was_stored_lately(store: Store, judge: Judge, now: datetime) -> None:
    write(store, now - timedelta(minutes=10), [judge("old", ago=601)])
    write(store, now, [judge("a", ago=2), judge("b", ago=1)])
    since = micros(now - timedelta(minutes=1))
    assert flow.stored_since(store, since) == 2
    waits = [passage.stored_at - passage.received_at for passage in flow.passages(store, since, 10)]
    assert sorted(waits) == [1_000_000, 2_000_000]


def test_registering_changes_facts_and_keeps_history(store: Store, judge: Judge, now: datetime) -> None:
    assert machines.register(store, "M1", "milling", None, "line 2", micros(now))
    write(store, now, [judge("a", machine_id="M1")])
    assert not machines.register(store, "M1", "milling", "L", "line 3", micros(now))
    found = machine(store, "M1").facts
    assert (found.line, found.product_type, found.stored) == ("line 3", "L", 1)


def test_a_sample_of_recent_signals_spreads_over_the_time_and_keeps_to_the_equipment(
    store: Store, judge: Judge, now: datetime
) -> None:
    for minute in range(200):
        at = now - timedelta(minutes=199 - minute)
        row = judge(f"e{minute}", ago=60 * (199 - minute), signals={"torque": float(minute)})
        write(store, at, [row])
    write(store, now, [judge("other", machine_id="P1", equipment="press", signals={"force": 1.0})])
    day = micros(now - timedelta(days=1)), micros(now)
    whole = recent_signals.sample(store, "milling", *day, 1_000)
    assert whole.signals["torque"].tolist() == [float(minute) for minute in range(200)]
    part = recent_signals.sample(store, "milling", *day, 50).signals["torque"].tolist()
    assert len(part) == 50
    assert all(gap == 4 for gap in (b - a for a, b in pairwise(part)))
    since = micros(now - timedelta(minutes=10))
    assert recent_signals.sample(store, "milling", since, micros(now), 1_000).readings == 11
    assert recent_signals.sample(store, "lathe", *day, 1_000).readings == 0
