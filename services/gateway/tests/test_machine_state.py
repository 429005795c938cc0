"""The state of a machine, as a pure function, and the same function in SQL."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from gateway.instants import instant, micros
from gateway.machine_state import Patience, State, state_of
from gateway.store import Store, machines, schema
from gateway.store.choices import Choice

PATIENCE = Patience(stale_after_s=10, offline_after_s=300)
NOW_US = 1_000_000_000_000
S = 1_000_000
moments = st.none() | st.integers(NOW_US - 400 * S, NOW_US + 600 * S) | st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("observed_s_ago", "refused_s_ago", "state"),
    [
        (None, None, State.NEVER_SEEN),
        (0, None, State.LIVE),
        (-600, None, State.LIVE),
        (10, None, State.LIVE),
        (10.000001, None, State.STALE),
        (300, None, State.STALE),
        (300.000001, None, State.OFFLINE),
        (None, 0, State.CANNOT_JUDGE),
        (20, 5, State.CANNOT_JUDGE),
        (5, 20, State.LIVE),
        (5, 5, State.LIVE),
        (400, 299, State.CANNOT_JUDGE),
        (None, 301, State.OFFLINE),
        (400, 301, State.OFFLINE),
    ],
)
def test_the_newest_word_of_a_machine_decides(
    observed_s_ago: float | None, refused_s_ago: float | None, state: State
) -> None:
    observed, refused = (None if ago is None else NOW_US - round(ago * S) for ago in (observed_s_ago, refused_s_ago))
    assert state_of(observed, refused, NOW_US, PATIENCE) is state


@given(moments, moments, st.integers(0, 10**12), st.integers(0, 10**12))
def test_silence_only_ever_moves_a_machine_towards_offline(
    observed: int | None, refused: int | None, sooner: int, longer: int
) -> None:
    first = state_of(observed, refused, NOW_US + sooner, PATIENCE)
    later = state_of(observed, refused, NOW_US + sooner + longer, PATIENCE)
    order = [State.LIVE, State.STALE, State.OFFLINE]
    if first in order:
        assert order.index(later) >= order.index(first)
    elif first is State.CANNOT_JUDGE:
        assert later in {State.CANNOT_JUDGE, State.OFFLINE}
    else:
        assert later is State.NEVER_SEEN


@given(st.lists(st.tuples(moments, moments), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_the_states_that_the_function_gives(
    store: Store, sightings: list[tuple[int | None, int | None]]
) -> None:
    rows = [
        {"id": f"M{n}", "equipment": "milling", "registered_at": 0, "observed_at": observed, "refused_at": refused}
        for n, (observed, refused) in enumerate(sightings)
    ]
    with store.transaction() as connection:
        connection.execute(delete(schema.machines))
        connection.execute(insert(schema.machines), rows)
    expected = dict.fromkeys(State, 0)
    for observed, refused in sightings:
        expected[state_of(observed, refused, NOW_US, PATIENCE)] += 1
    assert machines.counts(store, Choice(), NOW_US, PATIENCE).by_state == expected


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.timezones()))
def test_instants_are_exact(at: datetime) -> None:
    assert instant(micros(at)) == at.astimezone(UTC)
