"""Contract: what was acknowledged survives kill -9 of the process that published it."""

import random
import secrets
import time
from collections import Counter

import pytest

from tests.log.lab import Lab, collect, numbers, poll, until

ROUNDS = 5


@pytest.mark.faults
def test_no_acknowledged_event_is_lost_when_its_publisher_is_killed(lab: Lab, topic: str) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    acknowledged: list[int] = []
    for round_ in range(ROUNDS):
        child = lab.child("publish", topic, str(round_ * 10_000_000))
        assert child.stdout is not None
        acknowledged.append(int(child.stdout.readline()))
        kill_at = time.monotonic() + chance.uniform(0, 0.3)
        while time.monotonic() < kill_at:
            acknowledged.append(int(child.stdout.readline()))
        child.kill()
        # A line cut off by the kill acknowledged nothing; what was said in full counts.
        acknowledged += [int(line) for line in child.stdout if line.endswith("\n")]
        assert child.wait() == -9
    reader = lab.consumer("readers", topic)
    stored: list[int] = []

    def read_all() -> bool:
        # There is more than was acknowledged: what was stored in the moment of a kill.
        stored.extend(numbers(poll(reader, 500, 0.1)))
        return set(acknowledged) <= set(stored)

    until(read_all, "everything acknowledged is there")
    doubled = [number for number, count in Counter(stored).items() if count > 1]
    assert not doubled
    assert len(set(acknowledged)) >= 10 * ROUNDS


@pytest.mark.faults
def test_an_order_begun_before_a_kill_is_kept_after_it(lab: Lab, topic: str) -> None:
    for round_ in range(3):
        child = lab.child("publish", topic, str(round_ * 10_000_000))
        assert child.stdout is not None
        for _ in range(50):
            child.stdout.readline()
        child.kill()
        child.wait()
    records = collect(lab.consumer("readers", topic), 150, batch=500)
    for key in {record.key for record in records}:
        of_key = [int(record.value) for record in records if record.key == key]
        assert of_key == sorted(of_key)
