"""The simulated process against the published one and against what was measured on the real file."""

from dataclasses import replace

import numpy as np
import pytest

from models.features import features
from models.plausibility import implausible_mask
from models.profile import ProfileError, load_profile
from models.rules import evaluate_rules
from models.simulator import SimulatedRows, simulate_rows

MILLING = load_profile("milling")
ROWS = 60_000
SERIES = 10_000


@pytest.fixture(scope="module")
def rows() -> SimulatedRows:
    return simulate_rows(MILLING, ROWS, seed=20)


def column(rows: SimulatedRows, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(rows.values[:, MILLING.signal_names.index(name)])


def mode(rows: SimulatedRows, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(rows.modes[:, MILLING.mode_names.index(name)])


def test_temperatures_walk_as_published(rows: SimulatedRows) -> None:
    air, process = column(rows, "air_temperature"), column(rows, "process_temperature")
    difference = process - air
    assert air.mean() == pytest.approx(300.0, abs=0.01)
    assert air.std() == pytest.approx(2.0, abs=0.01)
    assert difference.mean() == pytest.approx(10.0, abs=0.01)
    assert difference.std() == pytest.approx(1.0, abs=0.01)
    first = air[:SERIES]
    assert np.corrcoef(first[1:], first[:-1])[0, 1] > 0.995


def test_torque_and_speed_have_the_measured_shape(rows: SimulatedRows) -> None:
    torque, speed = column(rows, "torque"), column(rows, "rotational_speed")
    assert torque.mean() == pytest.approx(40.0, abs=0.2)
    assert torque.std() == pytest.approx(10.0, abs=0.2)
    assert torque.min() > 0
    assert speed.min() >= 1168
    assert speed.max() <= 2886
    assert np.median(speed) == pytest.approx(1503, abs=15)
    assert np.corrcoef(torque, speed)[0, 1] == pytest.approx(-0.875, abs=0.05)


def test_product_types_have_the_measured_shares(rows: SimulatedRows) -> None:
    shares = np.bincount(rows.type_index) / ROWS
    assert shares == pytest.approx([0.6, 0.3, 0.1], abs=0.01)


def test_wear_grows_by_the_previous_part_and_tools_end_between_200_and_240_minutes(rows: SimulatedRows) -> None:
    wear, steps = column(rows, "tool_wear"), np.array([2.0, 3.0, 5.0])[rows.type_index]
    grows = wear[1:] == wear[:-1] + steps[:-1]
    starts = wear[1:] == 0.0
    assert (grows | starts).all()
    last = wear[:-1][starts]
    within_series = (np.flatnonzero(starts) + 1) % SERIES != 0
    assert last[within_series].min() >= 200
    assert last.max() < 245
    assert last[within_series].mean() == pytest.approx(221, abs=3)


def test_failures_are_as_frequent_as_published(rows: SimulatedRows) -> None:
    per_series = {name: mode(rows, name).sum() * SERIES / ROWS for name in MILLING.mode_names}
    assert per_series["TWF"] == pytest.approx(50, rel=0.2)
    assert per_series["HDF"] == pytest.approx(107, rel=0.5)
    assert 80 <= per_series["PWF"] <= 180
    assert per_series["OSF"] == pytest.approx(125, rel=0.2)
    assert per_series["RNF"] == pytest.approx(10, rel=0.5)


def test_rule_modes_follow_the_rules_and_random_failures_do_not_count(rows: SimulatedRows) -> None:
    table = evaluate_rules(rows.values, rows.type_index, MILLING)
    for name in ("HDF", "PWF", "OSF"):
        assert np.array_equal(mode(rows, name), table.modes[:, MILLING.mode_names.index(name)])
    known = mode(rows, "TWF") | mode(rows, "HDF") | mode(rows, "PWF") | mode(rows, "OSF")
    assert np.array_equal(rows.failure, known)
    assert (mode(rows, "RNF") & ~rows.failure).any()
    assert column(rows, "tool_wear")[mode(rows, "TWF")].min() >= 200


def test_rows_lie_on_the_sensor_grid_and_can_be_judged(rows: SimulatedRows) -> None:
    for signal, values in zip(MILLING.signals, rows.values.T, strict=True):
        printed = [float(f"{value:.{signal.decimals}f}") for value in values[:2000]]
        assert values[:2000].tolist() == printed
    assert not implausible_mask(rows.values, MILLING).any()
    assert np.isfinite(features(rows.values, rows.type_index, MILLING)).all()


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    one, same, other = (simulate_rows(MILLING, 500, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.values, same.values)
    assert np.array_equal(one.modes, same.modes)
    assert not np.array_equal(one.values, other.values)


def test_a_profile_without_simulation_cannot_be_simulated() -> None:
    with pytest.raises(ProfileError, match="milling: cannot be simulated"):
        simulate_rows(replace(MILLING, simulation=None), 10, seed=1)
