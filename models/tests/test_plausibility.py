"""A reading that cannot be judged is refused, with the unit it was probably sent in."""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.plausibility import implausible_mask, judge
from models.profile import load_profile
from models.reading import Reading, Refusal

MILLING = load_profile("milling")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NORMAL = (298.1, 308.6, 1551.0, 42.8, 0.0)
HEAT = (300.8, 309.4, 1342.0, 62.4, 113.0)


def reading(values: tuple[float, ...]) -> Reading:
    return Reading("M14860", "milling", "M", NOW, NOW, "e1", values, ())


def refused(values: tuple[float, ...]) -> Refusal:
    refusal = judge(reading(values), MILLING)
    assert refusal is not None
    assert refusal.machine_id == "M14860"
    assert implausible_mask(np.array([values]), MILLING).all()
    return refusal


@pytest.mark.parametrize("preset", MILLING.presets, ids=lambda preset: preset.name)
def test_every_preset_can_be_judged(preset: object) -> None:
    values = next(item.values for item in MILLING.presets if item is preset)
    assert judge(reading(values), MILLING) is None


def test_a_heat_failure_in_celsius_is_never_judged_and_the_kelvins_are_suggested() -> None:
    refusal = refused((27.65, 36.25, *HEAT[2:]))
    assert refusal.code == "wrong_unit_suspected"
    assert [(issue.pointer, issue.suggested) for issue in refusal.errors] == [
        ("/air_temperature", 300.8),
        ("/process_temperature", 309.4),
    ]
    assert "°C" in refusal.detail


@pytest.mark.parametrize(
    ("signal", "value", "unit", "suggested"),
    [
        ("air_temperature", 29.0, "°C", 302.15),
        ("air_temperature", 84.2, "°F", 302.15),
        ("process_temperature", 35.45, "°C", 308.6),
        ("process_temperature", 95.81, "°F", 308.6),
        ("rotational_speed", 162.42, "rad/s", 1551.0),
        ("rotational_speed", 25.85, "Hz", 1551.0),
        ("torque", 42_800.0, "mN·m", 42.8),
        ("tool_wear", 7_200.0, "s", 120.0),
    ],
)
def test_one_signal_in_another_unit_is_recognised(signal: str, value: float, unit: str, suggested: float) -> None:
    index = MILLING.signal_names.index(signal)
    refusal = refused((*NORMAL[:index], value, *NORMAL[index + 1 :]))
    assert refusal.code == "wrong_unit_suspected"
    (issue,) = refusal.errors
    assert issue.pointer == f"/{signal}"
    assert issue.suggested == pytest.approx(suggested, abs=0.05)
    assert f"sent in {unit}" in issue.detail


@pytest.mark.parametrize("values", [NORMAL, HEAT], ids=["normal", "heat"])
@pytest.mark.parametrize("change", [lambda value: 0.0, lambda value: -value - 1, lambda value: 10 * value])
def test_zeros_negatives_and_tenfold_values_are_out_of_range(values: tuple[float, ...], change: object) -> None:
    assert callable(change)
    refusal = refused(tuple(change(value) for value in values))
    assert refusal.code == "out_of_range"
    assert {"/air_temperature", "/process_temperature", "/rotational_speed"} <= {x.pointer for x in refusal.errors}


def test_swapped_temperatures_are_refused() -> None:
    refusal = refused((308.6, 298.1, *NORMAL[2:]))
    assert refusal.code == "out_of_range"
    assert "swapped" in refusal.detail


def test_a_mixed_refusal_leads_with_the_suspected_unit_and_lists_everything() -> None:
    refusal = refused((25.0, 308.6, 1551.0, -5.0, 0.0))
    assert refusal.code == "wrong_unit_suspected"
    assert [issue.code for issue in refusal.errors] == ["wrong_unit_suspected", "out_of_range"]


def test_an_unknown_product_type_is_refused() -> None:
    refusal = judge(msgspec.structs.replace(reading(NORMAL), product_type="X"), MILLING)
    assert refusal is not None
    assert refusal.code == "unknown_product_type"


ranges = [signal.plausible for signal in MILLING.signals]
rows = st.tuples(*(st.floats(low - 1, high + 1) for low, high in ranges))


@given(st.lists(rows, min_size=1, max_size=20))
def test_the_look_at_a_batch_agrees_with_the_judge(batch: list[tuple[float, ...]]) -> None:
    mask = implausible_mask(np.array(batch), MILLING)
    assert mask.tolist() == [judge(reading(values), MILLING) is not None for values in batch]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=5, max_size=5))
def test_a_suggested_value_is_itself_plausible(values: list[float]) -> None:
    refusal = judge(reading(tuple(values)), MILLING)
    for issue in refusal.errors if refusal else ():
        if issue.suggested is not None:
            signal = MILLING.signals[MILLING.signal_names.index(issue.pointer[1:])]
            assert signal.plausible.holds(issue.suggested)
