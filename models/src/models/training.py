"""From labelled rows to fitted estimators: a scaler, a forest for the failure and its modes, an isolation forest.

Choices measured on the AI4I data (see docs): a multi-output forest over physics features needs a quarter of the nodes
of a default forest and is better; class weights and resampling would spoil the probabilities, so there are none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.preprocessing import StandardScaler

from models.equipment import Profile, Thresholds
from models.features import Floats, Indices, features

Flags = NDArray[np.bool_]

FAILURE_TREES = 100
TREES_PER_STEP = 10
JOBS = 2
ANOMALY_TREES = 100
ANOMALY_SAMPLES = 1024
LEAF_ROWS = 2
ANOMALY_QUANTILE = 0.995
"""Share of the normal training rows below the anomaly threshold: about one normal reading in 200 is called unusual."""
THRESHOLD_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """Fitted scikit-learn estimators. Outputs of the failure model: failure, then `Profile.predicted_modes`."""

    scaler: Any
    failure_model: Any
    anomaly_model: Any
    thresholds: Thresholds


def train(
    values: Floats,
    type_index: Indices,
    failure: Flags,
    modes: Flags,
    profile: Profile,
    seed: int,
    on_trees: Callable[[int], object] = lambda _: None,
) -> TrainedModel:
    """Fit on n rows: `values` (n, S), `type_index` (n,), `failure` (n,), `modes` (n, M) of all modes of the profile.

    The modes are labels only. `on_trees` is told how many trees of the failure model are new.
    Raises ValueError if there are too few normal rows for the anomaly model.
    """
    matrix = features(values, type_index, profile)
    scaler = StandardScaler().fit(matrix)
    scaled = scaler.transform(matrix)
    predicted = [profile.mode_names.index(mode.name) for mode in profile.predicted_modes]
    labels = np.column_stack([failure, modes[:, predicted]]).astype(np.int64)
    failure_model = _failure_model(scaled, labels, seed, on_trees)
    normal = scaled[~failure][:, list(profile.anomaly_columns)]
    if len(normal) < 2:
        raise ValueError(f"{len(normal)} normal rows are too few to learn what is usual")
    anomaly_model = IsolationForest(
        n_estimators=ANOMALY_TREES, max_samples=min(ANOMALY_SAMPLES, len(normal)), random_state=seed
    ).fit(normal)
    return TrainedModel(scaler, failure_model, anomaly_model, _thresholds(anomaly_model, normal, profile))


def _failure_model(scaled: Floats, labels: NDArray[np.int64], seed: int, on_trees: Callable[[int], object]) -> Any:
    forest = RandomForestClassifier(
        max_features=None, min_samples_leaf=LEAF_ROWS, n_jobs=JOBS, random_state=seed, warm_start=True
    )
    # Grown in steps to show progress; with warm_start the trees are the same as in one go.
    for trees in range(TREES_PER_STEP, FAILURE_TREES + 1, TREES_PER_STEP):
        forest.set_params(n_estimators=trees).fit(scaled, labels)
        on_trees(TREES_PER_STEP)
    # What reads the model answers one request at a time: threads would only get in the way.
    return forest.set_params(n_jobs=1, warm_start=False)


def _thresholds(anomaly_model: Any, normal: Floats, profile: Profile) -> Thresholds:
    """The profile's failure threshold; the anomaly threshold is a quantile of the normal training rows.

    Rounded to a grid that no score lies on, so that no answer hangs on the last bit.
    """
    scores = -anomaly_model.score_samples(normal)
    anomaly = round(float(np.quantile(scores, ANOMALY_QUANTILE)), THRESHOLD_DECIMALS)
    return Thresholds(profile.default_thresholds.failure, anomaly)
