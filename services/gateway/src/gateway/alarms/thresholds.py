"""Thresholds in money: what every candidate would have cost, and the cheapest one that a shift can take."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

import msgspec

from chassis.replay import Evaluation
from gateway.alarms.policy import Costs

MAX_POINTS = 200
# Above every score: no alarm at all.
NEVER = 2.0


class Episode(msgspec.Struct, frozen=True):
    """One stretch of a machine's life: its highest score, whether it ended in a failure, and the shift it fell in."""

    score: float
    failed: bool
    shift: int


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What alarms at or above `threshold` would have meant. `busiest` is the most alarms that one shift had.

    `bill` = alarms x visit + missed x (cost of a failure nobody was warned of).
    """

    threshold: float
    alarms: int
    hits: int
    missed: int
    bill: float
    busiest: int
    within_budget: bool


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The curve from high to low thresholds, thinned to at most `MAX_POINTS`; the chosen point and the present one."""

    chosen: Point
    present: Point
    curve: list[Point]
    episodes: int
    failures: int


def choose(
    episodes: Sequence[Episode],
    costs: Costs,
    alarms_per_shift: int,
    present: float,
    taken: Mapping[int, int] | None = None,
) -> Choice:
    """The cheapest threshold with no shift above `alarms_per_shift`; of equals the highest, for it disturbs least.

    Candidates are every score above 0 that occurs, and `NEVER`, which is always within the budget. `present` is the
    threshold in use; `taken` are the alarms of other conditions by shift. Costs O(n log n). Scores are in [0, 1].
    """
    curve = cost_curve(episodes, costs, alarms_per_shift, taken)
    chosen = min((point for point in curve if point.within_budget), key=lambda point: (point.bill, -point.threshold))
    return Choice(
        chosen=chosen,
        present=_at(curve, present),
        curve=thinned(curve, chosen),
        episodes=len(episodes),
        failures=curve[0].missed,
    )


def cost_curve(
    episodes: Sequence[Episode], costs: Costs, alarms_per_shift: int, taken: Mapping[int, int] | None = None
) -> list[Point]:
    """One point per distinct score above 0, from `NEVER` downwards. `busiest` is among shifts with an alarm of ours."""
    failures = sum(episode.failed for episode in episodes)
    hits = busiest = 0
    per_shift = Counter(taken or {})
    points = [_point(NEVER, 0, 0, failures, costs, 0, alarms_per_shift)]
    ordered = sorted((each for each in episodes if each.score > 0), key=lambda episode: -episode.score)
    for alarms, episode in enumerate(ordered, start=1):
        hits += episode.failed
        per_shift[episode.shift] += 1
        busiest = max(busiest, per_shift[episode.shift])
        if alarms == len(ordered) or ordered[alarms].score != episode.score:
            points.append(_point(episode.score, alarms, hits, failures, costs, busiest, alarms_per_shift))
    return points


def choose_from_evaluation(
    evaluation: Evaluation, costs: Costs, alarms_per_shift: int, present: float, machines: int
) -> Choice:
    """As `choose`, from what the model did on rows of its training evaluation, while there is no history to choose by.

    A row stands for one machine and one shift, so that `machines` rows are a shift of the installation.
    """
    rows = max(1, evaluation.rows)

    def point(threshold: float, alarms: int, hits: int) -> Point:
        busiest = ceil(alarms * machines / rows)
        return _point(threshold, alarms, hits, evaluation.failures, costs, busiest, alarms_per_shift)

    curve = [point(NEVER, 0, 0), *(point(*each) for each in evaluation.points)]
    chosen = min((each for each in curve if each.within_budget), key=lambda each: (each.bill, -each.threshold))
    return Choice(
        chosen=chosen,
        present=_at(curve, present),
        curve=thinned(curve, chosen),
        episodes=evaluation.rows,
        failures=evaluation.failures,
    )


def _point(
    threshold: float, alarms: int, hits: int, failures: int, costs: Costs, busiest: int, alarms_per_shift: int
) -> Point:
    missed = failures - hits
    return Point(
        threshold=threshold,
        alarms=alarms,
        hits=hits,
        missed=missed,
        bill=alarms * costs.visit + missed * costs.unwarned_failure,
        busiest=busiest,
        within_budget=busiest <= alarms_per_shift,
    )


def _at(curve: list[Point], threshold: float) -> Point:
    """The lowest candidate that is not below `threshold` has the same alarms; the point keeps the name asked for."""
    same = min((point for point in curve if point.threshold >= threshold), key=lambda point: point.threshold)
    return msgspec.structs.replace(same, threshold=threshold)


def thinned(curve: list[Point], chosen: Point) -> list[Point]:
    """At most `MAX_POINTS` of the curve, with its ends and the chosen point."""
    if len(curve) <= MAX_POINTS:
        return curve
    step = (len(curve) - 1) / (MAX_POINTS - 2)
    kept = {round(index * step) for index in range(MAX_POINTS - 1)} | {curve.index(chosen)}
    return [curve[index] for index in sorted(kept)]
