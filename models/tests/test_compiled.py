"""Compiled scoring answers what scikit-learn answers."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.compiled import CompiledModel
from models.crossval import fit, subset
from models.dataset import simulated
from models.features import Floats, features
from models.forests import Forest, Tree, at_or_below, compile_leaf_finder, leaf_nodes
from models.profile import Profile
from models.training import TrainedModel

from .conftest import Trained

GRID_SEED = 20_260


@pytest.fixture(scope="module")
def compiled(trained: Trained, profile: Profile) -> CompiledModel:
    return compile_model(trained.model, profile)


@pytest.fixture(scope="module")
def grid(profile: Profile) -> Floats:
    """100,000 feature rows over the whole envelope, on the grid of the sensors, where thresholds are often hit."""
    generator = np.random.default_rng(GRID_SEED)
    columns = [np.round(generator.uniform(*signal.envelope, 100_000), signal.decimals) for signal in profile.signals]
    types = generator.integers(0, len(profile.types), 100_000)
    return features(np.column_stack(columns), types, profile)


def compile_model(model: TrainedModel, profile: Profile) -> CompiledModel:
    return CompiledModel(model.scaler, model.failure_model, model.anomaly_model, profile)


@pytest.mark.slow
def test_100_000_gridded_rows_score_as_in_scikit_learn_and_no_label_flips(
    compiled: CompiledModel, trained: Trained, grid: Floats, profile: Profile
) -> None:
    scores = compiled.score(grid)
    scaled = trained.model.scaler.transform(grid)
    failure, *modes = (output[:, 1] for output in trained.model.failure_model.predict_proba(scaled))
    anomaly = -trained.model.anomaly_model.score_samples(scaled[:, list(profile.anomaly_columns)])

    assert np.abs(scores.failure_probability - failure).max() <= 1e-12
    assert np.abs(scores.modes - np.column_stack(modes)).max() <= 1e-12
    assert np.abs(scores.anomaly_score - anomaly).max() <= 1e-12
    thresholds = trained.model.thresholds
    assert np.array_equal(scores.failure_probability >= thresholds.failure, failure >= thresholds.failure)
    assert np.array_equal(scores.modes >= thresholds.failure, np.column_stack(modes) >= thresholds.failure)
    assert np.array_equal(scores.anomaly_score >= thresholds.anomaly, anomaly >= thresholds.anomaly)
    assert (failure >= thresholds.failure).any()
    assert (anomaly >= thresholds.anomaly).any()


def test_contributions_add_up_to_the_probability(compiled: CompiledModel, grid: Floats) -> None:
    scores = compiled.score(grid[:20_000])
    assert np.abs(scores.baseline + scores.contributions.sum(axis=1) - scores.failure_probability).max() <= 1e-9


@given(start=st.integers(0, 5_000), length=st.integers(1, 300))
def test_a_row_gets_the_same_bits_alone_and_in_any_batch(
    compiled: CompiledModel, grid: Floats, start: int, length: int
) -> None:
    batch = compiled.score(grid[start : start + length])
    alone = compiled.score(grid[start : start + 1])
    assert batch.failure_probability[0] == alone.failure_probability[0]
    assert batch.anomaly_score[0] == alone.anomaly_score[0]
    assert np.array_equal(batch.modes[0], alone.modes[0])
    assert np.array_equal(batch.contributions[0], alone.contributions[0])


def test_threads_get_the_answers_of_their_own_rows(compiled: CompiledModel, grid: Floats) -> None:
    expected = compiled.score(grid[:400]).failure_probability
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda row: compiled.score(grid[row : row + 1]).failure_probability[0], range(400))
        assert np.array_equal(np.fromiter(answers, np.float64), expected)


def test_a_mode_that_the_training_rows_lack_has_probability_0(profile: Profile) -> None:
    rows = simulated(profile, 2_000, 3)
    overstrain = rows.modes[:, profile.mode_names.index("OSF")]
    model = fit(subset(rows, np.flatnonzero(~overstrain)), profile, 1)
    scores = compile_model(model, profile).score(features(rows.values, rows.type_index, profile))
    predicted = [mode.name for mode in profile.predicted_modes]
    assert not scores.modes[:, predicted.index("OSF")].any()
    assert scores.modes[:, predicted.index("PWF")].any()


def test_a_row_on_a_threshold_or_beside_it_ends_in_the_leaf_of_scikit_learn(trained: Trained, profile: Profile) -> None:
    """Every node of a tree once: both kinds of trees have nodes most of whose rows went left, and right."""
    generator = np.random.default_rng(GRID_SEED)
    columns = len(profile.features)
    for model in (trained.model.failure_model, trained.model.anomaly_model):
        tree = model.estimators_[0].tree_
        width = tree.n_features
        finder = compile_leaf_finder([Forest([tree], range(width))], columns)
        nodes = np.flatnonzero(tree.children_left >= 0)
        rows = np.zeros((len(nodes), columns), np.float32)
        rows[:, :width] = generator.normal(size=(len(nodes), width))
        on = tree.threshold[nodes].astype(np.float32)
        for value in (on, np.nextafter(on, np.float32(np.inf)), np.nextafter(on, np.float32(-np.inf))):
            for node, number in zip(nodes, value, strict=True):
                _lead_to(rows[np.searchsorted(nodes, node)], tree, node, number)
            found = leaf_nodes(tree)[finder.leaves(np.hstack([rows, -rows]))[:, 0]]
            assert np.array_equal(found, tree.apply(rows[:, :width].copy()))


def _lead_to(row: NDArray[np.float32], tree: Tree, node: np.intp, value: np.float32) -> None:
    """Change `row` so that it comes to `node` where the tree lets it, and has `value` where the node looks."""
    path, here = [], node
    while here:
        (parent,) = np.flatnonzero((tree.children_left == here) | (tree.children_right == here))
        path.append((parent, tree.children_left[parent] == here))
        here = parent
    for parent, is_left in path:
        row[tree.feature[parent]] = np.float32(tree.threshold[parent] + (-1e-3 if is_left else 1e-3))
    row[tree.feature[node]] = value


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_rounded_thresholds_split_float32_inputs_as_the_float64_thresholds_do(numbers: list[float]) -> None:
    thresholds = np.array(numbers)
    rounded = at_or_below(thresholds)
    nearest = thresholds.astype(np.float32)
    for inputs in (nearest, np.nextafter(nearest, np.float32(np.inf)), np.nextafter(nearest, np.float32(-np.inf))):
        assert np.array_equal(inputs <= rounded, inputs.astype(np.float64) <= thresholds)


def test_what_walks_the_trees_reports_to_nobody(tmp_path: Path) -> None:
    """It would begin with an identifier of the host in the home folder."""
    # Only these variables: those of a build service silence it too, and would hide that we do not.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import models.forests"], env=environment, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []
