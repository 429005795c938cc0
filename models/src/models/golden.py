"""Golden readings: what the model answered to a few readings when it was packed, recomputed whenever it is loaded."""

import numpy as np

from models.compiled import CompiledModel
from models.dataset import Dataset
from models.equipment import Profile
from models.features import Floats, Indices, features
from models.manifest import GoldenReading

PER_KIND = 4
"""Readings of each failure mode and of normal operation, as far as the training data has them."""
TOLERANCE = 1e-9
"""Sums of float64 in fixed order differ between processors by far less; another model differs by far more."""


def golden_readings(compiled: CompiledModel, rows: Dataset, profile: Profile) -> list[GoldenReading]:
    """The profile's presets, then the first rows of every predicted mode, then the first normal rows."""
    modes = [rows.modes[:, profile.mode_names.index(mode.name)] for mode in profile.predicted_modes]
    kinds = [np.flatnonzero(flags & rows.failure)[:PER_KIND] for flags in (*modes, rows.failure)]
    normal = np.flatnonzero(~rows.failure)[: PER_KIND * 2]
    numbers = np.unique(np.concatenate([*kinds, normal]))
    presets = profile.presets
    preset_types = [profile.types.index(preset.machine_id[0]) for preset in presets]
    values = np.array([*(preset.values for preset in presets), *rows.values[numbers].tolist()])
    type_index = np.array([*preset_types, *rows.type_index[numbers].tolist()], dtype=np.intp)
    return _answered(compiled, values, type_index, profile)


def difference(golden: list[GoldenReading], compiled: CompiledModel, profile: Profile) -> str | None:
    """What the model answers differently from the golden answers, as a phrase; None if all are the same."""
    values = np.array([reading.values for reading in golden])
    type_index = np.array([profile.types.index(reading.product_type) for reading in golden], dtype=np.intp)
    for number, (old, new) in enumerate(zip(golden, _answered(compiled, values, type_index, profile), strict=True)):
        for name in ("failure_probability", "modes", "anomaly_score", "contributions"):
            then, now = np.atleast_1d(getattr(old, name)), np.atleast_1d(getattr(new, name))
            if then.shape != now.shape or not np.allclose(then, now, rtol=0.0, atol=TOLERANCE):
                return f"golden reading {number}: {name} is {now.tolist()} now, was {then.tolist()} when packed"
    return None


def _answered(compiled: CompiledModel, values: Floats, type_index: Indices, profile: Profile) -> list[GoldenReading]:
    scores = compiled.score(features(values, type_index, profile))
    return [
        GoldenReading(
            values=values[row].tolist(),
            product_type=profile.types[type_index[row]],
            failure_probability=float(scores.failure_probability[row]),
            modes=scores.modes[row].tolist(),
            anomaly_score=float(scores.anomaly_score[row]),
            contributions=scores.contributions[row].tolist(),
        )
        for row in range(len(values))
    ]
