"""Training is repeatable, and what it learns follows the physics."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from models.crossval import fit, predict, subset
from models.dataset import Dataset, simulated
from models.features import features
from models.profile import Profile
from models.training import FAILURE_TREES, LEAF_ROWS, train

from .conftest import SEED, Trained


def test_the_same_seed_gives_the_same_model(profile: Profile) -> None:
    rows = simulated(profile, 2_000, 5)
    first, second = (predict(fit(rows, profile, 1), rows, profile) for _ in range(2))
    assert np.array_equal(first.failure_probability, second.failure_probability)
    assert np.array_equal(first.anomaly_score, second.anomaly_score)


def test_a_forest_grown_in_steps_is_the_forest_grown_at_once(trained: Trained, profile: Profile) -> None:
    rows, model = trained.rows, trained.model
    scaled = model.scaler.transform(features(rows.values, rows.type_index, profile))
    predicted = [profile.mode_names.index(mode.name) for mode in profile.predicted_modes]
    labels = np.column_stack([rows.failure, rows.modes[:, predicted]]).astype(np.int64)
    at_once = RandomForestClassifier(
        n_estimators=FAILURE_TREES, max_features=None, min_samples_leaf=LEAF_ROWS, n_jobs=2, random_state=SEED
    ).fit(scaled, labels)
    for mine, other in zip(model.failure_model.predict_proba(scaled), at_once.predict_proba(scaled), strict=True):
        assert np.abs(mine - other).max() <= 1e-12


def test_progress_counts_every_tree(profile: Profile) -> None:
    rows, seen = simulated(profile, 1_000, 5), list[int]()
    train(rows.values, rows.type_index, rows.failure, rows.modes, profile, 1, seen.append)
    assert sum(seen) == FAILURE_TREES


def test_a_worn_tool_under_load_scores_higher_than_a_new_one(trained: Trained, profile: Profile) -> None:
    new, worn = [298.4, 308.2, 1350.0, 60.0, 5.0], [298.4, 308.2, 1350.0, 60.0, 230.0]
    table = Dataset(
        "two rows", None, np.array([new, worn]), np.zeros(2, np.intp), np.zeros(2, np.bool_), np.zeros((2, 5), np.bool_)
    )
    low, high = predict(trained.model, table, profile).failure_probability
    assert low < 0.1 < 0.9 < high


def test_about_one_normal_row_in_200_is_called_unusual(trained: Trained, profile: Profile) -> None:
    predictions = predict(trained.model, trained.rows, profile)
    assert 0.003 <= predictions.anomaly[~trained.rows.failure].mean() <= 0.007


def test_rows_without_normal_ones_are_refused(profile: Profile) -> None:
    rows = simulated(profile, 2_000, 5)
    failures = subset(rows, np.flatnonzero(rows.failure))
    with pytest.raises(ValueError, match="0 normal rows are too few"):
        fit(failures, profile, 1)
