"""A hundred thousand random readings through the store: in whatever order, however often and however late they come."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from chassis.assessment import Assessment, encode
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import observation_of
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.transition import Transition, log_hash
from gateway.instants import micros
from gateway.store import Store, alarm_step
from gateway.store.assessments import Judged
from services.gateway.tests.test_alarm_store import NO_MODES, log_of, put, shipped

Make = Callable[..., Assessment]
MACHINES, EACH = 40, 2_500
BATCH = 1_000
# The window is 5 s: nobody overtakes by more than 4 s, but for those that come when all is over.
OVERTAKE_US = 4_000_000
LATE_SHARE = 0.02
LEVELS = (0.0, 0.0, 0.0, 0.45, 0.6, 0.95)


def stream(make: Make, chance: random.Random, machine: str) -> list[Assessment]:
    """Readings in order of event time: conditions that stay for a while, gaps, readings outside the training data."""
    readings, ago, modes = list[Assessment](), 40_000.0, NO_MODES
    for number in range(EACH):
        ago -= chance.choice([0.5, 1, 1, 1, 2, 5, 29, 31])
        if chance.random() < 0.1:
            modes = {mode: chance.choice(LEVELS) for mode in NO_MODES}
        status = "outside_training_data" if chance.random() < 0.05 else "assessed"
        fields = {"modes": modes, "failure_probability": max(modes.values()), "status": status}
        readings.append(make(f"{machine}-{number}", ago, machine_id=machine, **fields))
    return readings


def in_order(readings: Sequence[Assessment]) -> list[Transition]:
    """What the state machine alone makes of one machine's readings."""
    alarms, transitions = MachineAlarms(readings[0].machine_id), list[Transition]()
    for seen in sorted(map(observation_of, readings), key=lambda each: (each.at_us, each.event_id)):
        alarms, found = observe(alarms, seen, shipped())
        transitions += found
    return transitions


def arrivals(timely: Sequence[Assessment], chance: random.Random) -> Iterator[list[Judged]]:
    """Batches in an order of arrival of its own, a fifth of the readings twice."""
    sent = [(micros(each.observed_at) + chance.random() * OVERTAKE_US, each) for each in timely]
    sent += [(at + chance.random() * 60e6, each) for at, each in sent if chance.random() < 0.2]
    ordered = [each for _, each in sorted(sent, key=lambda pair: pair[0])]
    for start in range(0, len(ordered), BATCH):
        yield [Judged(each, encode(each), 0, 0) for each in ordered[start : start + BATCH]]


@pytest.mark.timeout(900)
def test_every_order_of_arrival_gives_the_one_history(store: Store, make: Make, now: datetime) -> None:
    """All machines at once, some sending over one another; the readings that come when all is over change nothing."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    timely, late, expected = list[Assessment](), list[Assessment](), list[Transition]()
    for number in range(MACHINES):
        readings = stream(make, chance, f"M{number}")
        chosen = set(chance.sample(range(EACH * 9 // 10), round(EACH * LATE_SHARE)))
        kept = [each for place, each in enumerate(readings) if place not in chosen]
        timely += kept
        late += [readings[place] for place in sorted(chosen)]
        expected += in_order(kept)
    for batch in arrivals(timely, chance):
        assert put(store, now, batch).alarms.late == 0
    for batch in arrivals(late, chance):
        written = put(store, now, batch)
        assert (written.alarms.late, written.alarms.transitions) == (len(written.assessments.stored), {})
    alarm_step.settle(store, micros(now + timedelta(hours=1)), MACHINES)
    assert log_hash(log_of(store)) == log_hash(expected)
    assert len(timely) + len(late) >= 100_000
    assert {each.kind for each in expected} >= {"raised", "raised_again", "returned", "chatter_began", "chatter_ended"}
