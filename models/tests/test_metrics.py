"""Figures agree with scikit-learn where it has them, and count what they say they count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, matthews_corrcoef, precision_score, recall_score

from models.crossval import blocked_folds, predict, stratified_folds
from models.dataset import Dataset
from models.evaluation import Flags, Predictions, alarm_quality, measure, mode_quality, reliability
from models.explanation import causes
from models.grading import grade
from models.profile import Profile

from .conftest import Trained

FLAGS = arrays(np.bool_, 30)


@given(truth=FLAGS, alarm=FLAGS)
def test_alarm_figures_equal_scikit_learn(truth: Flags, alarm: Flags) -> None:
    quality = alarm_quality(truth, alarm)
    assert quality.found + quality.false_alarms == quality.alarms == alarm.sum()
    assert quality.found + quality.missed == truth.sum()
    assert quality.precision == pytest.approx(precision_score(truth, alarm, zero_division=0))
    assert quality.recall == pytest.approx(recall_score(truth, alarm, zero_division=0))
    assert quality.f1 == pytest.approx(f1_score(truth, alarm, zero_division=0))
    if truth.any() and not truth.all():
        assert quality.mcc == pytest.approx(matthews_corrcoef(truth, alarm))


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1))
def test_every_row_is_in_one_reliability_bin(rows: list[tuple[bool, float]]) -> None:
    truth, probability = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    bins = reliability(truth, probability)
    assert sum(part.rows for part in bins) == len(rows)
    assert sum(part.rows * part.failure_share for part in bins) == pytest.approx(truth.sum())
    assert all(part.low - 1e-9 <= part.mean_probability <= part.high + 1e-9 for part in bins if part.rows)


def failures(profile: Profile, mode: str, count: int) -> Dataset:
    """`count` rows that failed in one mode alone; their values mean nothing."""
    modes = np.zeros((count, len(profile.modes)), np.bool_)
    modes[:, profile.mode_names.index(mode)] = True
    values = np.array([profile.presets[0].values] * count)
    return Dataset("made by hand", None, values, np.zeros(count, np.intp), np.ones(count, np.bool_), modes)


def answers(modes: list[list[float]], contributions: list[list[float]], alarm: list[bool]) -> Predictions:
    flags = np.array(alarm)
    return Predictions(flags * 1.0, np.array(modes), flags * 0.5, np.array(contributions), flags, flags)


def test_a_tie_between_modes_is_not_the_right_mode(profile: Profile) -> None:
    rows = failures(profile, "TWF", 3)  # the first mode: where a tie would be won by its place
    predictions = answers([[0, 0, 0, 0], [0.4, 0, 0.4, 0], [0.2, 0.1, 0, 0]], [[0.0] * 7] * 3, [False, True, True])
    (tool_wear, *_) = mode_quality(predictions, rows, profile)
    assert (tool_wear.failures, tool_wear.single, tool_wear.highest, tool_wear.found) == (3, 3, 1, 2)


def test_reasons_are_graded_on_raised_alarms_by_size_whatever_the_sign(profile: Profile) -> None:
    names = [cause.name for cause in causes(profile)]

    def row(**sizes: float) -> list[float]:
        return [sizes.get(name, 0.0) for name in names]

    rows = failures(profile, "HDF", 4)
    contributions = [
        row(temperature=0.5, speed=0.3, torque=0.1),  # exact
        row(temperature=0.5, torque=-0.4, speed=0.3),  # strongest right, set wrong
        row(torque=0.5, temperature=0.4, speed=0.3),  # strongest wrong
        row(torque=0.5),  # no alarm: not graded
    ]
    predictions = answers([[0.0] * 4] * 4, contributions, [True, True, True, False])
    heat = next(found for found in grade(predictions, rows, profile) if found.mode == "HDF")
    assert (heat.failures, heat.top_right, heat.exact_set, heat.bounded) == (3, 2, 1, True)


def test_measured_counts_match_the_rows(trained: Trained, profile: Profile) -> None:
    rows = trained.rows
    metrics = measure(predict(trained.model, rows, profile), rows, profile, "on its own training rows")
    assert metrics.rows == len(rows)
    assert metrics.failures == rows.failure.sum() == metrics.alarm.found + metrics.alarm.missed
    assert metrics.never_alarm.alarms == 0
    assert metrics.always_alarm.alarms == len(rows)
    assert metrics.rule_baseline.precision == 1.0


def test_folds_cover_every_row_once_and_blocks_stay_whole(trained: Trained) -> None:
    rows = trained.rows
    for folds in (stratified_folds(rows, 1), blocked_folds(rows, 1)):
        assert np.array_equal(np.sort(np.concatenate(folds)), np.arange(len(rows)))
    blocks = [set((fold // 500).tolist()) for fold in blocked_folds(rows, 1)]
    assert sum(map(len, blocks)) == len(set.union(*blocks))
