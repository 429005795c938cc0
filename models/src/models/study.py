"""The whole evaluation of a data set: shuffled and blocked cross-validation, transfer from simulation, explanations."""

from collections.abc import Callable

import msgspec

from models.crossval import FOLDS, blocked_folds, fit, out_of_fold, predict, stratified_folds
from models.dataset import Dataset, simulated
from models.equipment import Profile
from models.evaluation import Metrics, measure
from models.grading import ExplanationGrade, grade

FIRST_SEED = 100  # of the repeats: fixed before the first result was seen
SIMULATED_ROWS = 60_000
SIMULATION_SEED = 20_200


class Study(msgspec.Struct, frozen=True):
    """Everything measured on one data set. `transfer` is a model trained on simulated rows only, tested on all rows."""

    source: str
    rows: int
    digest: str
    repeats: list[Metrics]
    blocked: Metrics
    transfer: Metrics
    explanations: list[list[ExplanationGrade]]
    """For each repeat, the grades of its out-of-fold explanations."""
    transfer_explanations: list[ExplanationGrade]


def study(rows: Dataset, profile: Profile, repeats: int, on_model: Callable[[], object]) -> Study:
    """Run it; `on_model` is called after each of the `models_needed(repeats)` trainings."""
    measured, grades = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + repeats):
        predictions = out_of_fold(rows, stratified_folds(rows, seed), profile, seed, on_model)
        measured.append(measure(predictions, rows, profile, f"stratified {FOLDS}-fold, seed {seed}"))
        grades.append(grade(predictions, rows, profile))
    blocked = out_of_fold(rows, blocked_folds(rows, FIRST_SEED), profile, FIRST_SEED, on_model)
    transferred = predict(fit(simulated(profile, SIMULATED_ROWS, SIMULATION_SEED), profile, FIRST_SEED), rows, profile)
    on_model()
    return Study(
        source=rows.source,
        rows=len(rows),
        digest=rows.digest(),
        repeats=measured,
        blocked=measure(blocked, rows, profile, f"{FOLDS} folds of whole blocks of 500 rows, seed {FIRST_SEED}"),
        transfer=measure(
            transferred, rows, profile, f"trained on {SIMULATED_ROWS:,} simulated rows (seed {SIMULATION_SEED})"
        ),
        explanations=grades,
        transfer_explanations=grade(transferred, rows, profile),
    )


def models_needed(repeats: int) -> int:
    """How many trainings a study takes."""
    return FOLDS * (repeats + 1) + 1
