"""The live fleet: quiet machines, every known failure soon, and everything that a fleet can get wrong."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.fleet import Fleet
from models.plausibility import judge
from models.profile import load_profile
from models.reading import Reading, ReadingDecoder
from models.rules import evaluate_rules

MILLING = load_profile("milling")
DECODER = ReadingDecoder({"milling": MILLING}, "milling")
START = datetime(2026, 3, 1, tzinfo=UTC)
OVERSTRAIN = MILLING.mode_names.index("OSF")


def run(fleet: Fleet, seconds: int) -> Iterator[list[Reading]]:
    """The decoded readings of each second."""
    for second in range(seconds):
        now = START + timedelta(seconds=second)
        readings = [DECODER.from_mapping(raw, now) for raw in fleet.step(now)]
        accepted = [reading for reading in readings if isinstance(reading, Reading)]
        assert len(accepted) == len(readings), readings
        yield accepted


def failing(readings: list[Reading]) -> dict[str, set[str]]:
    """Machines by the mode whose rule fires."""
    values = np.array([reading.values for reading in readings])
    types = np.array([MILLING.types.index(reading.product_type) for reading in readings])
    modes = evaluate_rules(values, types, MILLING).modes
    return {
        name: {readings[row].machine_id for row in np.flatnonzero(modes[:, column])}
        for column, name in enumerate(MILLING.mode_names)
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_several_of_fifty_machines_fail_in_every_known_way_within_three_minutes_and_recover(seed: int) -> None:
    fleet = Fleet(MILLING, 50, seed)
    seen: dict[str, set[str]] = {"HDF": set(), "PWF": set(), "OSF": set()}
    shares = []
    last_failure: dict[str, int] = {}
    for second, readings in enumerate(run(fleet, 420)):
        judged = [reading for reading in readings if judge(reading, MILLING) is None]
        now_failing = failing(judged)
        for name in seen:
            if second < 180:
                seen[name] |= now_failing[name]
            last_failure |= dict.fromkeys(now_failing[name], second)
        shares.append(len(set().union(*now_failing.values())) / len(judged))
    assert all(seen.values()), seen
    assert len(set().union(*seen.values())) >= 4
    assert np.mean(shares) < 0.15, "a fleet is mostly healthy"
    recovered = [machine for machine, second in last_failure.items() if second < 360]
    assert len(recovered) >= 3


def test_readings_stay_inside_the_training_data() -> None:
    for readings in run(Fleet(MILLING, 20, seed=4), 300):
        for reading in readings:
            if judge(reading, MILLING) is None:
                inside = [s.envelope.holds(value) for s, value in zip(MILLING.signals, reading.values, strict=True)]
                assert all(inside), reading


def test_one_machine_sends_celsius_and_one_falls_silent() -> None:
    fleet = Fleet(MILLING, 12, seed=5)
    heard: Counter[str] = Counter()
    refusals: Counter[tuple[str, str]] = Counter()
    for readings in run(fleet, 700):
        heard.update(reading.machine_id for reading in readings)
        codes = [(reading.machine_id, judge(reading, MILLING)) for reading in readings]
        refusals.update((machine, refusal.code) for machine, refusal in codes if refusal)
    celsius, silent = fleet.members[-1].machine_id, fleet.members[-2].machine_id
    assert set(refusals) == {(celsius, "wrong_unit_suspected")}
    assert refusals.total() > 50
    assert set(heard) == {member.machine_id for member in fleet.members}
    assert heard.pop(silent) < 350
    assert set(heard.values()) == {700}


def test_the_same_seed_and_times_give_the_same_fleet() -> None:
    one, same, other = (list(run(Fleet(MILLING, 8, seed), 30)) for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_members_have_ids_that_tell_the_product_type_and_stand_on_lines() -> None:
    members = Fleet(MILLING, 25, seed=1).members
    assert len({member.machine_id for member in members}) == 25
    assert all(member.machine_id.startswith(member.product_type) for member in members)
    assert [member.line for member in members[8:12]] == ["Line 1", "Line 1", "Line 2", "Line 2"]


def test_a_fleet_may_be_empty_and_time_may_stand_still_or_jump() -> None:
    assert Fleet(MILLING, 0, seed=1).step(START) == []
    fleet = Fleet(MILLING, 3, seed=1)
    for now in (START, START, START - timedelta(days=1), START + timedelta(days=30)):
        assert len(fleet.step(now)) == 3
