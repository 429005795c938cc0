"""Grades explanations: do the reasons shown for a failure name what truly caused it?"""

import msgspec
import numpy as np

from models.dataset import Dataset
from models.equipment import Profile
from models.evaluation import Predictions
from models.explanation import causes


class ExplanationGrade(msgspec.Struct, frozen=True):
    """Failures of one mode alone that raised an alarm: is the strongest cause true, are the k strongest the true k?"""

    mode: str
    causes: list[str]
    failures: int
    top_right: int
    exact_set: int
    bounded: bool
    """Whether a published limit defines the mode, so that its cause is known; others are reported without a bar."""


def grade(predictions: Predictions, rows: Dataset, profile: Profile) -> list[ExplanationGrade]:
    """One grade per predicted mode; causes rank as they are shown, by the size of their contribution."""
    names = [cause.name for cause in causes(profile)]
    order = np.argsort(-np.abs(predictions.contributions), axis=1, kind="stable")
    columns = [profile.mode_names.index(mode.name) for mode in profile.predicted_modes]
    alone = rows.modes[:, columns].sum(axis=1) == 1
    grades = []
    for mode, column in zip(profile.predicted_modes, columns, strict=True):
        found = order[rows.modes[:, column] & alone & predictions.alarm]
        true = {names.index(cause) for cause in mode.causes}
        grades.append(
            ExplanationGrade(
                mode=mode.name,
                causes=list(mode.causes),
                failures=len(found),
                top_right=sum(int(row[0]) in true for row in found),
                exact_set=sum({int(cause) for cause in row[: len(true)]} == true for row in found),
                bounded=any(rule.mode == mode.name and not rule.advice for rule in profile.rules),
            )
        )
    return grades
