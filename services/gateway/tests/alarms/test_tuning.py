"""Thresholds from a history: episodes say what the state machine would do, and the choice keeps the budget there."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.alarms.comparison import Failure, Terms, bill, past_of, terms_of
from gateway.alarms.episodes import UNSEEN, episodes_of
from gateway.alarms.line import new_line
from gateway.alarms.observation import Observation
from gateway.alarms.policy import Budget, Condition, Policy
from gateway.alarms.replay import replay
from gateway.alarms.standing_policy import standing
from gateway.alarms.thresholds import NEVER
from gateway.alarms.tuning import MachineHistory, run, tune, with_threshold
from services.gateway.tests.alarms.scenes import S, policy, seen, streams

HOUR = 3_600
LEVELS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
TERMS = terms_of(policy(), 0, 10**15)


def alone(raise_at: float, on_delay_s: float = 10) -> Policy:
    """A policy that watches HDF only."""
    watched = Condition(raise_at=raise_at, dead_band=0, on_delay_s=on_delay_s, off_delay_s=20, priority=2)
    return policy(conditions={"HDF": watched})


@given(streams(max_size=60), st.sampled_from([0.0, 1.0, 10.0, 30.0]))
@settings(max_examples=300, deadline=None)
def test_the_score_of_a_life_is_the_highest_threshold_that_would_have_raised(
    stream: list[Observation], on_delay_s: float
) -> None:
    watching = standing(alone(0.5, on_delay_s))
    highest = max((each.score for each in episodes_of(stream, [], "HDF", watching, TERMS)), default=0.0)
    for threshold in (0.2, 0.35, 0.45, 0.5, 0.65, 0.95):
        one = standing(alone(threshold, on_delay_s))
        raised = any(each.kind == "raised" for each in replay(new_line("M1"), stream, [], one).transitions)
        assert raised == (highest >= threshold), (highest, threshold)


def test_a_failure_makes_one_episode_of_the_time_before_it_and_shifts_cut_the_rest() -> None:
    """Shifts are 8 h and so is the horizon: the failure at 20 h takes the time from 12 h on."""
    scores = {1: 0.3, 9: 0.6, 12: 0.8, 15: 0.4, 21: 0.7}
    stream = [seen(hour * HOUR, HDF=score) for hour, score in scores.items()]
    at_once = standing(alone(0.5, on_delay_s=0))
    failures = [Failure("M1", "HDF", 20 * HOUR * S), Failure("M1", "HDF", 90 * HOUR * S)]
    found = episodes_of(stream, failures, "HDF", at_once, TERMS)
    assert [(each.score, each.failed, each.shift) for each in found] == [
        (0.3, False, 0),
        (0.6, False, 1),
        (0.7, False, 2),
        (0.8, True, 1),
        (UNSEEN, True, 11),
    ]


def fleet(random: Random, machines: int = 6, hours: int = 48) -> tuple[dict[str, MachineHistory], list[Failure]]:
    """Machines read once a minute; real faults stand long and high, false ones short or low."""
    histories, failures = {}, []
    for number in range(machines):
        levels = [random.choice([0.0, 0.0, 0.1, 0.3]) for _ in range(hours * 60)]
        for _ in range(8):
            begin, real = random.randrange(len(levels) - 40), random.random() < 0.4
            length, level = (25, random.choice(LEVELS[3:])) if real else (random.choice([2, 9]), random.choice(LEVELS))
            levels[begin : begin + length] = [level] * length
            if real:
                failures.append(Failure(f"M{number}", "HDF", (begin + 30) * 60 * S))
        readings = [seen(minute * 60, event_id=f"e{minute}", HDF=level) for minute, level in enumerate(levels)]
        histories[f"M{number}"] = MachineHistory(readings, [])
    return histories, failures


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_chosen_threshold_is_the_cheapest_that_keeps_the_budget_in_the_state_machine(seed: int) -> None:
    histories, failures = fleet(Random(seed))
    terms = replace(TERMS, to_us=48 * HOUR * S)
    for budget in (0, 2, 4, 50):
        present = standing(replace(alone(0.4, 120), gap_limit_s=90.0, budget=Budget(budget, 8)))
        found = tune(histories, present, "HDF", failures, terms)
        after = past_of(run(histories, standing(found.proposal)), terms)
        # What is promised is what happens.
        assert found.new_bill == bill(after.visits, failures, terms)
        assert found.old_bill == bill(past_of(run(histories, present), terms).visits, failures, terms)
        allowed = [_priced(histories, present.policy, level, failures, terms) for level in (*LEVELS, NEVER)]
        cheapest = min((money, -level) for money, busiest, level in allowed if busiest <= budget)
        assert (found.new_bill.money, -found.choice.chosen.threshold) == cheapest
        assert found.new_bill.busiest <= budget


def _priced(
    histories: dict[str, MachineHistory], document: Policy, level: float, failures: list[Failure], terms: Terms
) -> tuple[float, int, float]:
    """What a threshold costs in the state machine, the visits of its busiest shift, and the threshold."""
    if level == NEVER:
        return len(failures) * terms.costs.unwarned_failure, 0, NEVER
    visits = past_of(run(histories, standing(with_threshold(document, "HDF", level))), terms).visits
    found = bill(visits, failures, terms)
    return found.money, found.busiest, level
