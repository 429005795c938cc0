"""What would clear a failure mode: believed by the model, near the published limit, and not another failure."""

from pathlib import Path

import numpy as np
import pytest

from models.artifact import load
from models.compiled import CompiledModel
from models.dataset import simulated
from models.features import features
from models.profile import load_profile
from models.remedy import Row, changes
from models.rules import rules_on_features

PROFILE = load_profile("milling")
ARTIFACT = Path(__file__).resolve().parents[1] / "artifacts/milling"
THRESHOLD = 0.5
OVERSTRAIN = (298.4, 308.2, 1282.0, 60.7, 216.0)


@pytest.fixture(scope="module")
def model() -> CompiledModel:
    return load(ARTIFACT, PROFILE).compiled


def test_an_overstrained_tool_is_told_by_how_much(model: CompiledModel) -> None:
    ((by_mode),) = changes([Row(OVERSTRAIN, PROFILE.types.index("L"), ["OSF"])], THRESHOLD, PROFILE, model)
    found = {(change.signal.name, change.side): change for change in by_mode["OSF"]}
    torque, wear = found["torque", "below"], found["tool_wear", "below"]
    # The limit of a type L tool: 11,000 min·Nm, at 216 min or at 60.7 Nm.
    assert 50.9 - 0.06 * 78 - 0.1 <= torque.limit <= 11_000 / 216
    assert 181 - 0.06 * 260 - 1 <= wear.limit <= 11_000 / 60.7
    assert torque.limit == round(torque.limit, 1)
    assert by_mode["OSF"] == sorted(by_mode["OSF"], key=lambda change: change.size)


def test_every_change_clears_its_mode_and_raises_no_other(model: CompiledModel) -> None:
    table = simulated(PROFILE, 6_000, 4_711)
    failing = np.flatnonzero(table.modes[:, :4].any(axis=1))
    names = [mode.name for mode in PROFILE.predicted_modes]
    rows = [
        Row(
            tuple(table.values[number].tolist()),
            int(table.type_index[number]),
            [
                name
                for name, shown in zip(PROFILE.mode_names, table.modes[number], strict=True)
                if shown and name in names
            ],
        )
        for number in failing
    ]
    found = changes(rows, THRESHOLD, PROFILE, model)
    told = 0
    for row, by_mode in zip(rows, found, strict=True):
        for mode, each in by_mode.items():
            for change in each:
                told += 1
                values = np.array([row.values])
                position = PROFILE.signal_names.index(change.signal.name)
                before = values[0, position]
                assert (change.limit > before) == (change.side == "above")
                values[0, position] = change.limit
                matrix = features(values, np.array([row.type_index]), PROFILE)
                scores = model.score(matrix)
                rules = rules_on_features(matrix, np.array([row.type_index]), PROFILE).modes[0]
                for name in names:
                    if name == mode or name not in row.modes:
                        assert scores.modes[0, names.index(name)] < THRESHOLD
                        assert not rules[PROFILE.mode_names.index(name)]
                assert change.failure_probability == scores.failure_probability[0]
    heat_power_strain = sum(bool(each) for by_mode in found for mode, each in by_mode.items() if mode != "TWF")
    assert heat_power_strain >= 0.9 * sum(mode != "TWF" for by_mode in found for mode in by_mode)
    assert told > 100


def test_nothing_is_asked_of_a_reading_that_breaks_no_limit(model: CompiledModel) -> None:
    assert changes([Row((298.1, 308.6, 1551.0, 42.8, 0.0), 1, ["OSF"])], THRESHOLD, PROFILE, model) == [{"OSF": []}]
    assert changes([], THRESHOLD, PROFILE, model) == []


def test_a_signal_that_cannot_reach_the_limit_is_no_advice(model: CompiledModel) -> None:
    # Almost no torque: the speed at which the spindle would have its least power is beyond every float.
    row = Row((298.1, 308.6, 1551.0, 2.2250738585072014e-308, 0.0), PROFILE.types.index("M"), ["PWF"])
    (by_mode,) = changes([row], THRESHOLD, PROFILE, model)
    assert {change.signal.name for change in by_mode["PWF"]} <= {"torque"}
