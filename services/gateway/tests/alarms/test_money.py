"""Track record, thresholds and comparison against numbers worked out by hand or by brute force."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.alarms.comparison import Bill, Failure, Past, Terms, compare, compare_by_mode
from gateway.alarms.policy import Costs
from gateway.alarms.spans import Span
from gateway.alarms.thresholds import MAX_POINTS, NEVER, Episode, choose, cost_curve
from gateway.alarms.track_record import Judged, Missed, price_of, track_record, track_records, wilson
from services.gateway.tests.alarms.scenes import S

COSTS = Costs(currency="EUR", visit=200, miss=1000, hour_down=600, miss_hours_down=4)
TYPE: dict[str, Any] = {"mode": "HDF", "machine_class": "M", "version": "1"}


def test_seven_of_nine_were_real() -> None:
    alarms = [Judged(**TYPE, raised_us=0, finding="confirmed", failed_us=hours * 3600 * S) for hours in (1, 2, 6)]
    alarms += [Judged(**TYPE, raised_us=0, finding="confirmed") for _ in range(4)]
    alarms += [Judged(**TYPE, raised_us=0, finding="false"), Judged(**TYPE, raised_us=0, finding="not_found", cost=50)]
    alarms += [Judged(**TYPE, raised_us=0, finding="planned")]
    found = track_record(alarms, [Missed(**TYPE)], COSTS, min_verdicts=5)
    assert (found.real, found.judged, found.planned, found.missed) == (7, 9, 1, 1)
    assert found.sentence == "7 of 9 were real (45\N{EN DASH}94 %)"
    assert found.precision == pytest.approx(7 / 9)
    assert found.recall == pytest.approx(7 / 8)
    assert (found.lead_s, found.leads) == (7200, 3)
    # 7 x (1000 + 4 x 600 - 200) - 200 - 50
    assert found.net == 7 * 3200 - 250


def test_too_few_verdicts_say_so() -> None:
    found = track_record([Judged(**TYPE, raised_us=0, finding="confirmed", down_h=1.5)], [], COSTS, min_verdicts=2)
    assert (found.enough, found.sentence) == (False, "not enough verdicts yet (1)")
    assert found.net == 3400 - 200 - 900
    nothing = track_record([], [], COSTS, min_verdicts=1)
    assert (nothing.precision, nothing.low, nothing.recall, nothing.lead_s, nothing.net) == (None, None, None, None, 0)


@pytest.mark.parametrize(
    # Agresti and Coull, "Approximate is better than exact", 1998; and the closed form by hand at the ends.
    ("real", "judged", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (7, 9, 0.4526, 0.9368),
        (1, 1, 0.2065, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_wilson(real: int, judged: int, low: float, high: float) -> None:
    assert wilson(real, judged) == pytest.approx((low, high), abs=5e-5)


def test_records_by_group_and_a_missed_failure_with_its_own_price() -> None:
    other = TYPE | {"mode": "PWF"}
    missed = [Missed(**other, cost=10, down_h=0.5)]
    found = track_records([Judged(**TYPE, raised_us=0, finding="false")], missed, COSTS, 1, lambda each: each.mode)
    assert {mode: (each.judged, each.missed) for mode, each in found.items()} == {"HDF": (1, 0), "PWF": (0, 1)}
    assert price_of(missed[0], COSTS) == 310


_episodes = st.lists(
    st.builds(Episode, score=st.integers(1, 20).map(lambda n: n / 20), failed=st.booleans(), shift=st.integers(0, 5)),
    max_size=80,
)
_costs = st.builds(
    Costs,
    currency=st.just("EUR"),
    visit=st.integers(0, 50).map(float),
    miss=st.integers(0, 500).map(float),
    hour_down=st.just(10.0),
    miss_hours_down=st.integers(0, 3).map(float),
)


_taken = st.dictionaries(st.integers(0, 5), st.integers(0, 20))


@given(_episodes, _costs, st.integers(0, 20), st.integers(1, 20).map(lambda n: n / 20), _taken)
@settings(max_examples=200, deadline=None)
def test_the_chosen_threshold_is_the_brute_force_optimum_within_the_budget(
    episodes: list[Episode], costs: Costs, budget: int, present: float, taken: dict[int, int]
) -> None:
    def price(threshold: float) -> tuple[float, float]:
        """The bill, and minus the threshold: of equals the highest."""
        alarms = [each for each in episodes if each.score >= threshold]
        missed = [each for each in episodes if each.failed and each.score < threshold]
        return len(alarms) * costs.visit + len(missed) * (costs.miss + 10 * costs.miss_hours_down), -threshold

    def busiest(threshold: float) -> int:
        shifts = [each.shift for each in episodes if each.score >= threshold]
        return max((shifts.count(shift) + taken.get(shift, 0) for shift in shifts), default=0)

    found = choose(episodes, costs, budget, present, taken)
    allowed = [each for each in {NEVER, *(each.score for each in episodes)} if busiest(each) <= budget]
    assert (found.chosen.bill, -found.chosen.threshold) == min(price(each) for each in allowed)
    assert found.chosen.busiest == busiest(found.chosen.threshold) <= budget
    assert (found.present.bill, found.present.threshold) == (price(present)[0], present)


def test_a_long_curve_is_thinned_and_keeps_its_ends_and_the_choice() -> None:
    episodes = [Episode((n + 1) / 5000, n % 7 == 0, n % 90) for n in range(5000)]
    whole, found = cost_curve(episodes, COSTS, 10), choose(episodes, COSTS, 10, 0.5)
    assert len(whole) == 5001
    assert len(found.curve) <= MAX_POINTS
    assert {whole[0], whole[-1], found.chosen} <= set(found.curve)


def span(mode: str, raised_s: float, returned_s: float | None = None, machine: str = "M1") -> Span:
    returned_us = None if returned_s is None else round(returned_s * S)
    return Span(
        alarm_id=f"{machine}-{mode}-{raised_s:g}",
        machine_id=machine,
        mode=mode,
        priority=1,
        raised_us=round(raised_s * S),
        event_id="e",
        model_digest="",
        policy_digest="",
        state="unacknowledged",
        returned_us=returned_us,
    )


TERMS = Terms(costs=COSTS, from_us=0, to_us=1_000 * S, horizon_us=100 * S, shift_us=300 * S, tolerance_us=0)


def past(*spans: Span) -> Past:
    """A history in which every alarm is a visit."""
    return Past(list(spans), list(spans))


def test_what_lies_outside_the_range_is_compared_and_not_counted() -> None:
    """An alarm from before that both have is no news, and one that only moved into the range is no gain."""
    terms = replace(TERMS, from_us=100 * S, to_us=200 * S)
    old = past(span("HDF", 0), span("PWF", 90), span("OSF", 20, 30))
    new = past(span("HDF", 5), span("PWF", 110), span("TWF", 250))
    found = compare(old, new, [Failure("M1", "PWF", 120 * S), Failure("M1", "PWF", 220 * S)], set(), terms)
    assert (found.same, len(found.moved), found.gained, found.lost) == (0, 1, [], [])
    assert (found.old_bill.visits, found.new_bill.visits, found.new_bill.warned) == (0, 1, 1)


def test_a_worse_model_shows_lost_confirmed_alarms_and_a_worse_bill() -> None:
    old = past(span("HDF", 0, 50), span("HDF", 100, 150), span("PWF", 10, 20), span("PWF", 10, 20, "M2"))
    new = past(span("HDF", 30, 60), span("PWF", 10, 20, "M2"), span("OSF", 500, 600))
    failures = [Failure("M1", "HDF", 160 * S), Failure("M2", "", 30 * S), Failure("M3", "PWF", 5 * S)]
    found = compare(old, new, failures, {"M1-HDF-100", "M1-HDF-0"}, TERMS)
    assert found.same == 1
    assert [(pair.old.raised_us, pair.later_s) for pair in found.moved] == [(0, 30)]
    assert [each.alarm_id for each in found.lost] == ["M1-PWF-10", "M1-HDF-100"]
    assert [each.alarm_id for each in found.gained] == ["M1-OSF-500"]
    assert found.lost_confirmed == ["M1-HDF-100"]
    assert found.old_bill == Bill(visits=4, warned=2, missed=1, money=4 * 200 + 3400, busiest=4)
    assert found.new_bill == Bill(visits=3, warned=1, missed=2, money=3 * 200 + 2 * 3400, busiest=2)
    assert found.dearer == 3200
    by_mode = compare_by_mode(old, new, failures, set(), TERMS)
    assert {mode: (len(each.gained), len(each.lost)) for mode, each in by_mode.items()} == {
        "HDF": (0, 1),
        "OSF": (1, 0),
        "PWF": (0, 1),
    }


def test_a_history_compared_with_itself_shows_nothing() -> None:
    old = past(span("HDF", 0, 50), span("HDF", 50.5), span("PWF", 10, 20))
    found = compare(old, old, [], set(), TERMS)
    assert (found.same, found.moved, found.gained, found.lost, found.dearer) == (3, [], [], [], 0)
