"""The state machine, scene by scene, and against a plain second implementation of its clocks."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from chassis.assessment import Assessment
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import Observation, observation_of
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.standing_policy import Watch, standing
from gateway.alarms.transition import log_hash
from services.gateway.tests.alarms.scenes import MACHINE, POLICY, S, kinds, play, policy, seen, streams


def test_an_alarm_is_raised_after_the_on_delay_and_returns_after_the_off_delay() -> None:
    heat = [seen(t, HDF=0.7) for t in range(0, 15)]
    cool = [seen(t, HDF=0.0) for t in range(15, 40)]
    _, found = play(heat + cool)
    assert kinds(found) == [("raised", "HDF", 10), ("returned", "HDF", 35)]
    assert [(each.before, each.after) for each in found] == [
        ("normal", "unacknowledged"),
        ("unacknowledged", "returned_unacknowledged"),
    ]
    assert found[0].event_id == "e10"
    assert found[0].policy_digest == POLICY.digest
    assert found[0].actor == "system"
    assert found[0].alarm_id == found[1].alarm_id != ""


def test_a_dip_below_the_limit_starts_the_on_delay_anew() -> None:
    _, found = play([seen(t, HDF=0.49 if t == 9 else 0.7) for t in range(0, 21)])
    assert kinds(found) == [("raised", "HDF", 20)]


def test_inside_the_dead_band_an_alarm_neither_raises_nor_returns() -> None:
    raised = [seen(t, HDF=0.7) for t in range(0, 11)]
    _, found = play(raised + [seen(t, HDF=0.4) for t in range(11, 100)])
    assert kinds(found) == [("raised", "HDF", 10)]
    assert play([seen(t, HDF=0.45) for t in range(0, 100)])[1] == []


def test_a_gap_freezes_the_timers_and_they_go_on_after_it() -> None:
    before = [seen(t, HDF=0.7) for t in range(0, 6)]
    after = [seen(1_000 + t, HDF=0.7) for t in range(0, 6)]
    _, found = play(before + after)
    # 5 s before the gap and 5 s after it.
    assert kinds(found) == [("raised", "HDF", 1_005)]


@pytest.mark.parametrize("silent_s", [30, 30.000001])
def test_a_gap_is_longer_than_the_limit(silent_s: float) -> None:
    _, found = play([seen(0, HDF=0.7), seen(silent_s, HDF=0.7)])
    assert len(found) == (1 if silent_s <= 30 else 0)


def test_readings_that_cannot_be_judged_neither_raise_nor_clear() -> None:
    raised = [seen(t, HDF=0.7) for t in range(0, 11)]
    alarms, found = play(raised + [seen(t, judged=False) for t in range(11, 500)])
    assert kinds(found) == [("raised", "HDF", 10)]
    alarms, found = play([seen(0, HDF=0.9)] + [seen(t, judged=False) for t in range(1, 25)] + [seen(25, HDF=0.9)])
    assert found == []
    assert alarms.slots["HDF"].held_us == 0


def test_a_reading_outside_the_training_data_is_not_judged(make: Callable[..., Assessment]) -> None:
    inside = observation_of(make(modes={"HDF": 0.9}))
    assert inside.judged
    assert inside.scores == {"HDF": 0.9, "failure": 0.02, "anomaly": 0.41}
    outside = observation_of(make(status="outside_training_data", modes={"HDF": 0.9}, failure_probability=0.9))
    assert not outside.judged
    assert observe(MachineAlarms(MACHINE), outside, POLICY)[1] == ()


def test_one_fault_raises_one_alarm_and_a_failure_without_a_mode_its_own() -> None:
    _, found = play([seen(0, PWF=0.9, failure=0.9)])
    assert kinds(found) == [("raised", "PWF", 0)]
    _, found = play([seen(0, failure=0.5), seen(1, failure=0.95), seen(2, failure=0.95)])
    assert kinds(found) == [("raised", "failure", 0), ("escalated", "failure", 1)]
    assert [each.priority for each in found] == [3, 1]


def test_a_condition_that_comes_back_before_anyone_looked_is_the_same_alarm() -> None:
    _, found = play([seen(0, PWF=0.9), seen(1), seen(2, PWF=0.9)])
    assert [each.kind for each in found] == ["raised", "returned", "raised_again"]
    assert len({each.alarm_id for each in found}) == 1


def test_chatter_is_named_and_held() -> None:
    flapping = [seen(t, PWF=0.9 if t % 2 == 0 else 0.0) for t in range(0, 10)]
    calm = [seen(t) for t in range(10, 60)]
    _, found = play(flapping + calm)
    assert kinds(found) == [
        ("raised", "PWF", 0),
        ("returned", "PWF", 1),
        ("raised_again", "PWF", 2),
        ("returned", "PWF", 3),
        ("raised_again", "PWF", 4),
        ("chatter_began", "PWF", 4),
        ("returned", "PWF", 49),
        ("chatter_ended", "PWF", 49),
    ]


def test_rules_can_raise_in_place_of_the_model() -> None:
    by_rules = policy(
        conditions={
            "HDF": policy()
            .conditions["PWF"]
            .__class__(raise_at=0.5, dead_band=0, on_delay_s=0, off_delay_s=0, priority=1, source="rules")
        }
    )
    quiet = seen(0, HDF=0.99)
    fired = Observation(S, "e1", S, True, {"HDF": 0.0}, ("HDF",))
    assert kinds(play([quiet, fired], standing(by_rules))[1]) == [("raised", "HDF", 1)]


def test_a_quiet_machine_is_not_remembered() -> None:
    alarms, _ = play([seen(0, HDF=0.7), seen(1)])
    assert alarms == MachineAlarms(MACHINE)


@given(streams())
@settings(max_examples=100, deadline=None)
def test_the_clocks_agree_with_a_plain_count_of_judged_seconds(stream: list[Observation]) -> None:
    calm = standing(policy(chatter=type(policy().chatter)(raises=100, within_s=1, hold_s=0)))
    for mode in ("HDF", "anomaly", "PWF"):
        expected = _changes(stream, calm.by_mode[mode], calm.gap_limit_us)
        found = [
            (each.kind.removesuffix("_again"), each.event_id) for each in play(stream, calm)[1] if each.mode == mode
        ]
        assert found == expected


def _changes(stream: list[Observation], watch: Watch, gap_us: int) -> list[tuple[str, str]]:
    """For every reading, look back over all readings since the last change and add up the time that counts."""
    active, since, changes = False, 0, []
    for index, now in enumerate(stream):
        if not _wants(now, watch, active):
            continue
        first = index
        while first > since and (not stream[first - 1].judged or _wants(stream[first - 1], watch, active)):
            first -= 1
        counted = sum(
            later.at_us - earlier.at_us
            for earlier, later in zip(stream[first:index], stream[first + 1 : index + 1], strict=True)
            if earlier.judged and later.judged and later.at_us - earlier.at_us <= gap_us
        )
        if counted >= (watch.off_delay_us if active else watch.on_delay_us):
            changes.append(("returned" if active else "raised", now.event_id))
            active, since = not active, index + 1
    return changes


def _wants(each: Observation, watch: Watch, active: bool) -> bool:
    if not each.judged:
        return False
    score = each.scores[watch.mode]
    return score < watch.clear_below if active else score >= watch.raise_at


def test_the_hash_of_a_log_does_not_depend_on_the_order_of_machines() -> None:
    _, found = play([seen(0, PWF=0.9), seen(1), seen(2, PWF=0.9)])
    assert log_hash(found) == log_hash(reversed(found))
    assert log_hash(found) != log_hash(found[:-1])
