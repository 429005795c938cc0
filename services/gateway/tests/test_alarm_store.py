"""Alarms in the store: made with the batch, the same in every order, never corrupted by a second writer."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from chassis.dead_letter import DeadLetter
from gateway.alarms.line import new_line
from gateway.alarms.policy import default_policy
from gateway.alarms.replay import replay
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.alarms.transition import Transition, decode_transition, encode_transition, log_hash
from gateway.instants import micros
from gateway.retention import Retention
from gateway.store import Store, StoreAway, alarm_history, alarm_policies, alarm_step, alarms, batch
from gateway.store.alarm_history import Range
from gateway.store.alarm_lines import LineMoved, StoredLine, read, write
from gateway.store.alarm_schema import alarm_events, late_readings, policies
from gateway.store.assessments import Judged
from gateway.store.batch import Written
from services.gateway.tests.test_store import checksum

Judge = Callable[..., Judged]
Bury = Callable[..., DeadLetter]
ALL = Range(0, 2**62)
NO_MODES = {"HDF": 0.0, "PWF": 0.0, "OSF": 0.0, "TWF": 0.0}


def put(store: Store, now: datetime, judged: Sequence[Judged], letters: Sequence[DeadLetter] = ()) -> Written:
    return batch.write(store, judged, letters, micros(now), "milling", Retention(30))


def log_of(store: Store, *machines: str) -> list[Transition]:
    query = select(alarm_events.c.body).order_by(alarm_events.c.machine_id, alarm_events.c.seq)
    with store.transaction() as connection:
        found = [decode_transition(body) for body in connection.execute(query).scalars()]
    return [each for each in found if not machines or each.machine_id in machines]


def shipped() -> StandingPolicy:
    policy = default_policy("milling")
    assert policy is not None
    return standing(policy)


def replayed(store: Store, machine: str) -> tuple[Transition, ...]:
    history = alarm_history.readings(store, machine, ALL)
    return replay(new_line(machine), history, alarm_history.actions(store, machine, ALL), shipped()).transitions


def power_failure(judge: Judge, ago: float = 60, seconds: int = 10, machine: str = "M14860") -> list[Judged]:
    """One reading a second that says PWF, then one that lets all of them through."""
    scores = NO_MODES | {"PWF": 0.9}
    return [
        judge(f"{machine}-{ago:g}-{second}", ago - second, machine_id=machine, modes=scores, failure_probability=0.9)
        for second in range(seconds)
    ]


def test_a_batch_raises_an_alarm_in_its_own_transaction(store: Store, judge: Judge, now: datetime) -> None:
    written = put(store, now, power_failure(judge))
    assert written.alarms.transitions == {"raised": 1}
    (alarm,) = alarms.page(store, alarms.Wanted(), "rank", None, 10, micros(now))
    assert (alarm.machine_id, alarm.mode, alarm.state, alarm.priority) == ("M14860", "PWF", "unacknowledged", 1)
    # The policy says 2 s.
    assert (alarm.raised_at, alarm.event_id) == (micros(now - timedelta(seconds=58)), "M14860-60-2")
    assert [each.kind for each in alarms.transitions_of(store, alarm.id, 10)] == ["raised"]
    assert alarm.policy_digest == shipped().digest


def test_redelivery_changes_no_alarm(store: Store, judge: Judge, bury: Bury, now: datetime) -> None:
    readings, letters = power_failure(judge), [bury(ago=30)]
    put(store, now, readings, letters)
    before = checksum(store)
    again = put(store, now + timedelta(minutes=1), readings, letters)
    assert (again.alarms.transitions, again.alarms.late) == ({}, 0)
    assert checksum(store) == before


def test_what_comes_too_late_is_marked_and_changes_nothing(store: Store, judge: Judge, now: datetime) -> None:
    put(store, now, power_failure(judge))
    log = log_of(store)
    late = judge("late", ago=59.5, modes=NO_MODES)
    assert put(store, now, [late]).alarms.late == 1
    with store.transaction() as connection:
        assert connection.execute(select(late_readings.c.event_id)).scalars().all() == ["late"]
    assert log_of(store) == log
    assert "late" not in {seen.event_id for seen in alarm_history.readings(store, "M14860", ALL)}


def test_a_silent_machine_gets_its_alarm_all_the_same(store: Store, judge: Judge, now: datetime) -> None:
    assert put(store, now, power_failure(judge, ago=3, seconds=4)).alarms.transitions == {}
    assert alarm_step.settle(store, micros(now), 10)[0] == 0
    machines, stepped = alarm_step.settle(store, micros(now + timedelta(seconds=10)), 10)
    assert (machines, stepped.transitions) == (1, {"raised": 1})
    assert alarm_step.settle(store, micros(now + timedelta(seconds=20)), 10)[0] == 0


def test_a_refused_reading_freezes_the_timers(store: Store, judge: Judge, bury: Bury, now: datetime) -> None:
    """Two seconds of PWF with a refused reading in between are no two judged seconds."""
    at = now - timedelta(seconds=58.5)
    body = f'{{"observed_at": "{at.isoformat()}"}}'.encode()
    put(store, now, [], [bury(ago=50, value=body)])
    readings = power_failure(judge, seconds=3)
    put(store, now, [*readings, judge("end", ago=40, modes=NO_MODES)])
    assert log_of(store) == []
    (refused,) = [seen for seen in alarm_history.readings(store, "M14860", ALL) if not seen.judged]
    assert (refused.at_us, refused.event_id[:7]) == (micros(at), "letter:")


def test_an_equipment_without_a_policy_has_no_alarms(store: Store, judge: Judge, now: datetime) -> None:
    readings = [judge(f"e{n}", ago=60 - n, equipment="kiln", modes={"PWF": 1.0}) for n in range(10)]
    assert put(store, now, readings).alarms.transitions == {}


def test_the_policy_that_ships_is_stored_as_version_one(store: Store, judge: Judge, now: datetime) -> None:
    put(store, now, [judge()])
    stored = alarm_policies.newest(store, "milling")
    assert stored is not None
    assert (stored.version, stored.author, stored.digest) == (1, "system", shipped().digest)
    assert alarm_policies.add(store, shipped().policy, 0, "ann", "late", micros(now)) is None
    second = alarm_policies.add(store, shipped().policy, 1, "ann", "again", micros(now))
    assert second == alarm_policies.newest(store, "milling")
    with store.transaction() as connection:
        assert len(connection.execute(select(policies)).all()) == 2


def test_a_line_that_was_written_in_between_is_not_overwritten(store: Store, judge: Judge, now: datetime) -> None:
    put(store, now, power_failure(judge))
    with store.transaction() as connection:
        known = read(connection, {"M14860": ""})["M14860"]
    put(store, now, power_failure(judge, ago=30))
    before = checksum(store)
    with pytest.raises(LineMoved), store.transaction() as connection:
        write(connection, [known], {})
    with pytest.raises(LineMoved), store.transaction() as connection:
        write(connection, [StoredLine(known.line, "milling", 0)], {})
    assert checksum(store) == before


def random_stream(judge: Judge, chance: random.Random, machine: str, count: int) -> list[Judged]:
    """Readings in order of event time: conditions that stay for a while, gaps, readings outside the training data."""
    stream, ago, modes = [], 3_600.0, NO_MODES
    for number in range(count):
        ago -= chance.choice([0.5, 1, 1, 1, 2, 5, 29, 31])
        if chance.random() < 0.25:
            modes = {mode: chance.choice([0.0, 0.45, 0.6, 0.95]) for mode in NO_MODES}
        status = "outside_training_data" if chance.random() < 0.1 else "assessed"
        probability = max(modes.values())
        fields = {"modes": modes, "failure_probability": probability, "status": status, "machine_id": machine}
        stream.append(judge(f"{machine}-{number}", max(ago, 0), **fields))
    return stream


def test_any_order_inside_the_window_gives_one_history(store: Store, judge: Judge, now: datetime) -> None:
    """Shuffled within the window, doubled and cut into batches: the log is that of the sorted stream."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    raised = 0
    for number in range(12):
        machine = f"M{number}"
        stream = random_stream(judge, chance, machine, 60)
        # Nobody overtakes by more than 4 s; the window is 5 s.
        moved = sorted(stream, key=lambda each: micros(each.assessment.observed_at) + chance.random() * 4e6)
        arrived = [each for each in moved for _ in range(chance.choice([1, 1, 2]))]
        while arrived:
            size = chance.randint(1, 30)
            assert put(store, now, arrived[:size]).alarms.late == 0
            arrived = arrived[size:]
        alarm_step.settle(store, micros(now + timedelta(hours=1)), 10)
        assert [seen.event_id for seen in alarm_history.readings(store, machine, ALL)] == [
            each.assessment.event_id for each in sorted(stream, key=by_time)
        ]
        live = log_of(store, machine)
        assert [encode_transition(each) for each in live] == [
            encode_transition(each) for each in replayed(store, machine)
        ]
        raised += sum(each.kind == "raised" for each in live)
    assert raised > 0


def by_time(judged: Judged) -> tuple[int, str]:
    return micros(judged.assessment.observed_at), judged.assessment.event_id


def test_two_writers_keep_every_machine_whole(store: Store, judge: Judge, now: datetime) -> None:
    """Both write all machines at once, each batch in its own order: what is stored replays to what was logged."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    names = [f"M{number}" for number in range(6)]
    streams = {name: random_stream(judge, chance, name, 80) for name in names}
    rounds = [[each for name in names for each in streams[name][start : start + 8]] for start in range(0, 80, 8)]
    failures: list[Exception] = []
    together = threading.Barrier(2)

    def run(mine: list[list[Judged]]) -> None:
        try:
            for readings in mine:
                together.wait(30)
                for _ in range(20):
                    try:
                        put(store, now, readings)
                        break
                    except StoreAway:
                        continue
                else:
                    raise AssertionError("the store stayed away")
        except Exception as error:
            failures.append(error)
            together.abort()

    halves = [[chance.sample(each, len(each)) for each in rounds[start::2]] for start in (0, 1)]
    threads = [threading.Thread(target=run, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    assert failures == []
    alarm_step.settle(store, micros(now + timedelta(hours=1)), 100)
    replayed_log = [each for name in names for each in replayed(store, name)]
    assert log_hash(log_of(store)) == log_hash(replayed_log)
    assert any(each.kind == "raised" for each in replayed_log)
