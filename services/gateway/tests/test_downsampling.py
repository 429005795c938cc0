"""Downsampling: bounded, in order, and no spike is lost."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.downsampling import keep

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[int], list[list[float]]]:
    """A time axis with gaps and equal times, and one to four series on it."""
    length = draw(st.integers(0, 200))
    times = sorted(draw(st.lists(st.integers(0, 10**7), min_size=length, max_size=length)))
    column = st.lists(finite, min_size=length, max_size=length)
    return times, draw(st.lists(column, min_size=1, max_size=4))


@given(tables(), st.integers(2, 100))
def test_kept_rows_are_bounded_ascending_and_real(table: tuple[list[int], list[list[float]]], max_points: int) -> None:
    times, series = table
    rows = keep(times, series, max_points)
    assert len(rows) <= max_points
    assert rows == sorted(set(rows))
    assert set(rows) <= set(range(len(times)))
    if len(times) <= max_points:
        assert rows == list(range(len(times)))


@given(tables(), st.integers(8, 100))
def test_the_extremes_of_every_series_survive(table: tuple[list[int], list[list[float]]], max_points: int) -> None:
    times, series = table
    rows = keep(times, series, max_points)
    for column in series:
        kept = [column[row] for row in rows]
        assert (min(kept, default=0), max(kept, default=0)) == (min(column, default=0), max(column, default=0))


@given(st.integers(0, 86_399), st.integers(2, 4000))
def test_a_spike_of_one_point_in_a_day_survives_any_bound(at: int, max_points: int) -> None:
    times, flat = list(range(86_400)), [0.0] * 86_400
    spiky = [*flat[:at], 1.0, *flat[at + 1 :]]
    assert at in keep(times, [spiky, flat], max_points)


def test_the_most_important_series_wins_when_points_are_few() -> None:
    first, second = [0.0, 5.0, 0.0, 1.0, -1.0], [9.0, 0.0, -9.0, 0.0, 0.0]
    assert keep([0, 1, 2, 3, 4], [first, second], 2) == [1, 4]


def test_the_budget_of_points_is_used() -> None:
    times = list(range(100_000))
    series = [[float((t * k) % 97) for t in times] for k in (1, 3, 5, 7)]
    assert 500 <= len(keep(times, series, 1000)) <= 1000
