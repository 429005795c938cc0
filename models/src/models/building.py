"""From rows to an artifact on disk: train, measure on rows the model has not seen, pack."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from models.crossval import FOLDS, out_of_fold, predict, stratified_folds
from models.dataset import Dataset, simulated
from models.equipment import Profile
from models.evaluation import Metrics, measure
from models.manifest import Manifest
from models.packing import pack
from models.training import FAILURE_TREES, TrainedModel, train

HOLDOUT_ROWS = 20_000
Progress = Callable[[int], object]


def steps(rows: Dataset) -> int:
    """How far `on_progress` of `build` counts for these rows: trees, of every fold too where rows are measured ones."""
    return FAILURE_TREES * (1 if rows.seed is not None else 1 + FOLDS)


def build(
    rows: Dataset, profile: Profile, seed: int, created_at: datetime, directory: Path, on_progress: Progress
) -> Manifest:
    """Train on all `rows` and write the artifact to `directory`, replacing what stands there.

    Simulated rows: measured on rows of another seed. Measured rows: measured by cross-validation.
    """
    model = train(rows.values, rows.type_index, rows.failure, rows.modes, profile, seed, on_progress)
    metrics = _measured(model, rows, profile, seed, on_progress)
    return pack(model, rows, metrics, profile, seed, created_at, directory)


def _measured(model: TrainedModel, rows: Dataset, profile: Profile, seed: int, on_progress: Progress) -> Metrics:
    if rows.seed is None:
        folds = stratified_folds(rows, seed)
        predictions = out_of_fold(rows, folds, profile, seed, lambda: on_progress(FAILURE_TREES))
        return measure(predictions, rows, profile, f"stratified {FOLDS}-fold cross-validation on the training data")
    others = simulated(profile, HOLDOUT_ROWS, rows.seed + 1)
    method = f"{HOLDOUT_ROWS:,} other simulated rows (seed {others.seed}), none used for training"
    return measure(predict(model, others, profile), others, profile, method)
