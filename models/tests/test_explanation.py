"""Reasons name the physical cause, the strongest first."""

import numpy as np
import pytest

from models.compiled import CompiledModel
from models.explanation import causes, contributions_of_row
from models.features import features
from models.profile import Profile

from .conftest import Trained

# A heat failure has two true causes: the machine is too warm and turns too slowly.
EXPECTED = {"heat": {"temperature", "speed"}, "power": {"power"}, "overstrain": {"strain"}}


def test_causes_group_every_column_once(profile: Profile) -> None:
    columns = [column for cause in causes(profile) for column in cause.columns]
    assert sorted(columns) == list(range(len(profile.features)))
    assert [cause.name for cause in causes(profile)] == [
        "temperature", "speed", "torque", "wear", "type", "power", "strain",
    ]  # fmt: skip


@pytest.mark.parametrize("preset", EXPECTED)
def test_a_failure_shows_its_physical_cause_first(preset: str, trained: Trained, profile: Profile) -> None:
    model = trained.model
    compiled = CompiledModel(model.scaler, model.failure_model, model.anomaly_model, profile)
    found = next(candidate for candidate in profile.presets if candidate.name == preset)
    matrix = features(np.array([found.values]), np.array([profile.types.index(found.machine_id[0])]), profile)
    reasons = contributions_of_row(profile, matrix[0].tolist(), compiled.score(matrix).contributions[0].tolist())
    assert reasons[0].cause in EXPECTED[preset]
    assert reasons[0].contribution > 0
    sizes = [abs(reason.contribution) for reason in reasons]
    assert sizes == sorted(sizes, reverse=True)


def test_a_cause_is_shown_by_its_most_telling_feature(profile: Profile) -> None:
    matrix = features(np.array([profile.presets[0].values]), np.array([profile.types.index("M")]), profile)
    reasons = contributions_of_row(profile, matrix[0].tolist(), [0.0] * len(causes(profile)))
    shown = {reason.cause: (reason.feature, reason.unit) for reason in reasons}
    assert shown["temperature"] == ("temperature_difference", "K")
    assert shown["strain"] == ("strain", "min·Nm")
    assert shown["type"] == ("type_M", "")
