"""Out-of-fold answers: every row is judged by a model that never saw it.

Shuffled folds put neighbours in time on both sides; blocked folds keep stretches of production together, so a model
that learned temperatures by heart is found out. Report both.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from models.compiled import CompiledModel
from models.dataset import Dataset
from models.equipment import Profile
from models.evaluation import Predictions, decided
from models.features import features
from models.training import TrainedModel, train

FOLDS = 5
BLOCK_ROWS = 500

Fold = NDArray[np.intp]
Progress = Callable[[], object]


def stratified_folds(rows: Dataset, seed: int) -> list[Fold]:
    """Row numbers of five shuffled test folds with equal shares of failures."""
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return [test for _, test in splitter.split(rows.values, rows.failure)]


def blocked_folds(rows: Dataset, seed: int) -> list[Fold]:
    """Row numbers of five test folds made of whole blocks of 500 consecutive rows."""
    blocks = np.arange(len(rows)) // BLOCK_ROWS
    order = np.random.default_rng(seed).permutation(int(blocks[-1]) + 1)
    return [np.flatnonzero(np.isin(blocks, part)) for part in np.array_split(order, FOLDS)]


def out_of_fold(rows: Dataset, folds: Sequence[Fold], profile: Profile, seed: int, on_fold: Progress) -> Predictions:
    """Train without each fold, answer for it; `on_fold` is called after each. The folds must cover every row once."""
    parts = []
    for test in folds:
        others = np.ones(len(rows), dtype=np.bool_)
        others[test] = False
        parts.append(predict(fit(subset(rows, np.flatnonzero(others)), profile, seed), subset(rows, test), profile))
        on_fold()
    order = np.argsort(np.concatenate(folds))
    return Predictions(
        *(
            np.concatenate([getattr(part, name) for part in parts])[order]
            for name in ("failure_probability", "modes", "anomaly_score", "contributions", "alarm", "anomaly")
        )
    )


def fit(rows: Dataset, profile: Profile, seed: int) -> TrainedModel:
    """Train on a data set."""
    return train(rows.values, rows.type_index, rows.failure, rows.modes, profile, seed)


def predict(model: TrainedModel, rows: Dataset, profile: Profile) -> Predictions:
    """The compiled model's answers for a data set."""
    compiled = CompiledModel(model.scaler, model.failure_model, model.anomaly_model, profile)
    return decided(compiled.score(features(rows.values, rows.type_index, profile)), model.thresholds)


def subset(rows: Dataset, numbers: Fold) -> Dataset:
    """The rows with these numbers."""
    return Dataset(
        rows.source,
        rows.seed,
        rows.values[numbers],
        rows.type_index[numbers],
        rows.failure[numbers],
        rows.modes[numbers],
    )
