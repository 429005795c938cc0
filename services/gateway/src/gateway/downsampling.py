"""Downsampling that keeps spikes: a subset of the real rows in which the extremes of every series survive.

Time is cut into buckets of equal length; from each bucket the rows with the smallest and the largest value of every
series stay. Rows are shared between series, so that one time axis serves all of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

Column = Sequence[float]


def keep(times: Sequence[int], series: Sequence[Column], max_points: int) -> list[int]:
    """The indices of the rows to keep, ascending, at most `max_points` (>= 2) of them.

    `times`: (n,) ascending; `series`: columns of (n,) finite values, the most important first. All n rows when they
    fit. The smallest and largest value of every series are among the kept rows when `max_points` is at least twice the
    number of series; with fewer points the first series win.
    """
    if len(times) <= max_points:
        return list(range(len(times)))
    guaranteed = max_points // max(1, 2 * len(series))
    # Series peak in the same rows often, so more buckets than the guaranteed number usually fit: try, then shrink.
    buckets = max_points // 2
    while buckets > guaranteed:
        rows = _extremes(times, series, buckets)
        if len(rows) <= max_points:
            return sorted(rows)
        buckets = max(guaranteed, min(buckets - 1, buckets * max_points // len(rows)))
    if guaranteed:
        return sorted(_extremes(times, series, guaranteed))
    return sorted(_first_extremes(series, max_points))


def _extremes(times: Sequence[int], series: Sequence[Column], buckets: int) -> set[int]:
    start, span = times[0], times[-1] - times[0] + 1
    edges = [bisect_left(times, start + span * number // buckets) for number in range(buckets)] + [len(times)]
    kept: set[int] = set()
    for left, right in pairwise(edges):
        if left < right:
            for column in series:
                kept.update(_min_max(column, left, right))
    return kept


def _first_extremes(series: Sequence[Column], max_points: int) -> list[int]:
    rows: dict[int, None] = {}
    for column in series:
        low, high = _min_max(column, 0, len(column))
        rows[high] = rows[low] = None
    return list(rows)[:max_points]


def _min_max(column: Column, left: int, right: int) -> tuple[int, int]:
    part = column[left:right]
    return left + part.index(min(part)), left + part.index(max(part))
