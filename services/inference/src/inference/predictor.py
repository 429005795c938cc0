"""Readings in, assessments out: features, scores, rules and reasons of a whole batch at once. Pure.

Every door ends here, so a reading gets the same numbers over HTTP and from the topic.
"""

import math
from collections.abc import Sequence

import numpy as np

from chassis.assessment import Assessment, ModelRef, Reason, RuleResult, Thresholds
from inference.guard import outside
from inference.remedies import Remedies
from models.artifact import Artifact
from models.explanation import contributions_of_row
from models.features import features
from models.profile import Profile
from models.reading import Reading
from models.rules import rules_on_row

_ROUNDING = 1e-9


class Predictor:
    """Assesses readings of one equipment with one artifact. Immutable, so safe to share between threads."""

    def __init__(self, profile: Profile, artifact: Artifact) -> None:
        manifest = artifact.manifest
        self._profile = profile
        self._compiled = artifact.compiled
        self._thresholds = Thresholds(failure=manifest.thresholds.failure, anomaly=manifest.thresholds.anomaly)
        self._model = ModelRef(manifest.name, manifest.version, artifact.digest)
        self._type_index = {name: index for index, name in enumerate(profile.types)}
        self._units = {signal.name: signal.unit for signal in profile.signals}
        self._remedies = Remedies(profile, artifact)
        self._mode_names = [mode.name for mode in profile.predicted_modes]

    def assess(self, readings: Sequence[Reading]) -> list[Assessment]:
        """One assessment per reading, in order. The readings are plausible and of this profile."""
        if not readings:
            return []
        values = np.array([reading.values for reading in readings])
        types = [self._type_index[reading.product_type] for reading in readings]
        matrix = features(values, np.array(types), self._profile)
        scores = self._compiled.score(matrix)
        # Plain numbers for all rows at once: taken out of the arrays one by one they cost more than the scoring.
        columns = (
            scores.failure_probability.tolist(),
            scores.anomaly_score.tolist(),
            scores.modes.tolist(),
            matrix.tolist(),
            scores.contributions.tolist(),
        )
        if any(len(column) != len(readings) for column in columns):
            raise ArithmeticError("the model gave another number of answers than it was asked")
        rows = zip(readings, types, *columns, strict=True)
        assessed = [self._assessment(*row, baseline=scores.baseline) for row in rows]
        return self._remedies.added(assessed, readings, types)

    def _assessment(
        self,
        reading: Reading,
        type_index: int,
        probability: float,
        anomaly_score: float,
        modes: list[float],
        row: list[float],
        contributions: list[float],
        *,
        baseline: float,
    ) -> Assessment:
        _check(probability, anomaly_score, modes, contributions)
        beyond = outside(reading.values, self._profile)
        return Assessment(
            anomaly=anomaly_score >= self._thresholds.anomaly,
            failure_probability=probability,
            prediction=int(probability >= self._thresholds.failure),
            status="outside_training_data" if beyond else "assessed",
            machine_id=reading.machine_id,
            equipment=reading.equipment,
            product_type=reading.product_type,
            event_id=reading.event_id,
            observed_at=reading.observed_at,
            received_at=reading.received_at,
            signals=dict(zip(self._profile.signal_names, reading.values, strict=True)),
            anomaly_score=anomaly_score,
            baseline=baseline,
            modes=dict(zip(self._mode_names, modes, strict=True)),
            rules=[
                RuleResult(rule.mode, rule.name, value, limit, rule.bound, rule.unit, fired)
                for rule, value, limit, fired in rules_on_row(row, type_index, self._profile)
            ],
            reasons=[
                Reason(feature, value, unit, contribution)
                for _, feature, value, unit, contribution in contributions_of_row(self._profile, row, contributions)
            ],
            outside=beyond,
            thresholds=self._thresholds,
            model=self._model,
            assumptions=list(reading.assumptions),
            units=self._units,
        )


def _check(probability: float, anomaly_score: float, modes: list[float], contributions: list[float]) -> None:
    """Raises ArithmeticError for numbers that nobody may be shown: the process ends without a word of the batch.

    On plain numbers, because for one reading numpy's cost per call is several times that. What is no number passes no
    comparison.
    """
    for share in (probability, anomaly_score, *modes):
        if not -_ROUNDING <= share <= 1 + _ROUNDING:
            raise ArithmeticError(f"the model gave the probability {share}")
    if not math.isfinite(sum(contributions)):
        raise ArithmeticError("the model gave reasons that are not numbers")
