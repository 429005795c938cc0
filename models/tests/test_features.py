"""Features: published formulas in float64, the same for one row and many."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.features import feature_names, features
from models.profile import load_profile
from models.rules import evaluate_rules
from models.simulator import simulate_rows

MILLING = load_profile("milling")
EXAMPLE = np.array([[298.1, 308.6, 1551.0, 42.8, 0.0]])
MEDIUM = np.array([1])


def test_example_reading_has_the_published_features() -> None:
    row = dict(zip(feature_names(MILLING), features(EXAMPLE, MEDIUM, MILLING)[0], strict=True))
    assert row["torque"] == 42.8
    assert (row["type_L"], row["type_M"], row["type_H"]) == (0.0, 1.0, 0.0)
    assert math.isclose(row["power"], 42.8 * 1551 * 2 * math.pi / 60)
    assert row["temperature_difference"] == 308.6 - 298.1
    assert row["strain"] == 0.0
    worn = features(np.array([[298.1, 308.6, 1551.0, 50.0, 120.0]]), MEDIUM, MILLING)[0]
    assert worn[-2] == 6000.0
    assert worn[-1] == 0.5


def test_temperature_difference_is_not_rounded() -> None:
    row = features(np.array([[300.8, 309.4, 1342.0, 62.4, 113.0]]), MEDIUM, MILLING)[0]
    assert row[MILLING.feature_names.index("temperature_difference")] == 309.4 - 300.8 != 8.6


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 50))
def test_one_row_alone_gives_the_same_bits_as_in_a_batch(seed: int, n: int) -> None:
    rows = simulate_rows(MILLING, n, seed)
    batch = features(rows.values, rows.type_index, MILLING)
    single = [features(rows.values[i : i + 1], rows.type_index[i : i + 1], MILLING)[0] for i in range(n)]
    assert np.array_equal(batch, np.array(single))


def test_no_rows_give_an_empty_matrix() -> None:
    nothing = np.empty((0, 5))
    assert features(nothing, np.empty(0, dtype=np.intp), MILLING).shape == (0, 12)
    assert evaluate_rules(nothing, np.empty(0, dtype=np.intp), MILLING).prediction.shape == (0,)


def test_the_input_is_left_alone() -> None:
    values = EXAMPLE.copy()
    features(values, MEDIUM, MILLING)[:] = 0.0
    assert np.array_equal(values, EXAMPLE)
