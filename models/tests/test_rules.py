"""The published limits: exact on the real file, exact at the limits."""

import csv
from pathlib import Path

import numpy as np
import pytest

from models.features import features
from models.profile import load_profile
from models.rules import evaluate_rules, rules_on_row
from models.simulator import simulate_rows

MILLING = load_profile("milling")
REAL_FILE = Path(__file__).parents[3] / "shared" / "data" / "ai4i2020.csv"
SENSORS = ["Air temperature [K]", "Process temperature [K]", "Rotational speed [rpm]", "Torque [Nm]", "Tool wear [min]"]


def fired(values: tuple[float, ...], product_type: str = "M") -> set[str]:
    table = evaluate_rules(np.array([values]), np.array([MILLING.types.index(product_type)]), MILLING)
    return {rule.name for rule, hit in zip(table.rules, table.fired[0], strict=True) if hit}


@pytest.mark.skipif(not REAL_FILE.exists(), reason="the AI4I 2020 file is not beside the checkout")
def test_rules_find_every_heat_power_and_overstrain_failure_of_the_real_file() -> None:
    with REAL_FILE.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    values = np.array([[float(row[name]) for name in SENSORS] for row in rows])
    table = evaluate_rules(values, np.array([MILLING.types.index(row["Type"]) for row in rows]), MILLING)
    for mode, published in {"HDF": 115, "PWF": 95, "OSF": 98}.items():
        true = np.array([row[mode] == "1" for row in rows])
        predicted = table.modes[:, MILLING.mode_names.index(mode)]
        assert (predicted.sum(), (predicted & true).sum()) == (published, published)
    failure = np.array([row["Machine failure"] == "1" for row in rows])
    assert (table.prediction.sum(), (table.prediction & failure).sum()) == (287, 287)
    assert table.fired[:, [rule.advice for rule in table.rules]].sum() > 700


@pytest.mark.parametrize(
    ("values", "product_type", "expected"),
    [
        ((298.1, 308.6, 1551, 42.8, 0), "M", set()),
        ((300.8, 309.4, 1342, 62.4, 113), "M", {"heat_dissipation"}),
        ((300.8, 309.4, 1380, 50.0, 113), "M", set()),
        ((298.9, 309.1, 2861, 4.6, 143), "L", {"power_low"}),
        ((298.9, 309.0, 1300, 70.0, 10), "L", {"power_high"}),
        ((298.4, 308.2, 1282, 55.0, 200), "L", {"worn_tool"}),
        ((298.4, 308.2, 1282, 55.1, 200), "L", {"worn_tool", "overstrain"}),
        ((298.4, 308.2, 1282, 60.3, 199), "M", set()),
        ((298.4, 308.2, 1282, 60.4, 199), "M", {"overstrain"}),
        ((298.4, 308.2, 1282, 65.0, 200), "H", {"worn_tool"}),
        ((298.4, 308.2, 1282, 65.1, 200), "H", {"worn_tool", "overstrain"}),
    ],
)
def test_a_rule_fires_just_beyond_its_limit(values: tuple[float, ...], product_type: str, expected: set[str]) -> None:
    assert fired(values, product_type) == expected


def test_float64_decides_at_exactly_8_6_kelvin() -> None:
    assert 309.4 - 300.8 < 8.6 < 306.9 - 298.3 + 1e-9
    assert "heat_dissipation" in fired((300.8, 309.4, 1342, 50.0, 10))
    above = next(air for air in np.arange(2950, 3040) / 10 if np.round(air + 8.6, 1) - air > 8.6)
    assert "heat_dissipation" not in fired((above, float(np.round(above + 8.6, 1)), 1342, 50.0, 10))


def test_advice_is_shown_but_is_no_prediction() -> None:
    table = evaluate_rules(np.array([[298.6, 308.9, 1607, 32.5, 215]]), np.array([1]), MILLING)
    assert table.fired.any()
    assert not table.modes.any()
    assert not table.prediction.any()


def test_a_row_alone_is_judged_as_in_a_table() -> None:
    rows = simulate_rows(MILLING, 2_000, 5)
    table = evaluate_rules(rows.values, rows.type_index, MILLING)
    matrix = features(rows.values, rows.type_index, MILLING)
    for index, (row, type_index) in enumerate(zip(matrix.tolist(), rows.type_index.tolist(), strict=True)):
        outcomes = rules_on_row(row, type_index, MILLING)
        assert [outcome.rule for outcome in outcomes] == list(table.rules)
        assert [outcome.value for outcome in outcomes] == table.values[index].tolist()
        assert [outcome.limit for outcome in outcomes] == table.limits[index].tolist()
        assert [outcome.fired for outcome in outcomes] == table.fired[index].tolist()
    assert table.fired.any(axis=0).all()


def test_limits_depend_on_the_product_type() -> None:
    table = evaluate_rules(np.array([[298.1, 308.6, 1551, 42.8, 0]] * 3), np.arange(3), MILLING)
    overstrain = [rule.name for rule in table.rules].index("overstrain")
    assert table.limits[:, overstrain].tolist() == [11000.0, 12000.0, 13000.0]
