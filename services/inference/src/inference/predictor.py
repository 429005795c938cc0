"""Readings in, assessments out: features, scores, rules and reasons of a whole batch at once. Pure.

Every door ends here, so a reading gets the same numbers over HTTP and from the topic.
"""

from collections.abc import Sequence

import numpy as np

from chassis.assessment import Assessment, ModelRef, Reason, RuleResult, Thresholds
from inference.guard import outside
from models.artifact import Artifact
from models.compiled import Scores
from models.explanation import contributions_of_row
from models.features import Floats, features
from models.profile import Profile
from models.reading import Reading
from models.rules import RuleTable, rules_on_features


class Predictor:
    """Assesses readings of one equipment with one artifact. Immutable, so safe to share between threads."""

    def __init__(self, profile: Profile, artifact: Artifact) -> None:
        manifest = artifact.manifest
        self._profile = profile
        self._compiled = artifact.compiled
        self._thresholds = Thresholds(failure=manifest.thresholds.failure, anomaly=manifest.thresholds.anomaly)
        self._model = ModelRef(manifest.name, manifest.version, artifact.digest)
        self._type_index = {name: index for index, name in enumerate(profile.types)}
        self._mode_names = [mode.name for mode in profile.predicted_modes]

    def assess(self, readings: Sequence[Reading]) -> list[Assessment]:
        """One assessment per reading, in order. The readings are plausible and of this profile."""
        if not readings:
            return []
        values = np.array([reading.values for reading in readings])
        type_index = np.array([self._type_index[reading.product_type] for reading in readings])
        matrix = features(values, type_index, self._profile)
        scores = self._compiled.score(matrix)
        rules = rules_on_features(matrix, type_index, self._profile)
        return [self._assessment(row, reading, matrix, scores, rules) for row, reading in enumerate(readings)]

    def _assessment(self, row: int, reading: Reading, matrix: Floats, scores: Scores, rules: RuleTable) -> Assessment:
        probability = float(scores.failure_probability[row])
        anomaly_score = float(scores.anomaly_score[row])
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
            baseline=scores.baseline,
            modes=dict(zip(self._mode_names, scores.modes[row].tolist(), strict=True)),
            rules=_rules(rules, row),
            reasons=self._reasons(matrix[row], scores.contributions[row]),
            outside=beyond,
            thresholds=self._thresholds,
            model=self._model,
            assumptions=list(reading.assumptions),
        )

    def _reasons(self, row: Floats, contributions: Floats) -> list[Reason]:
        return [
            Reason(found.feature, found.value, found.unit, found.contribution)
            for found in contributions_of_row(self._profile, row, contributions)
        ]


def _rules(table: RuleTable, row: int) -> list[RuleResult]:
    values, limits, fired = table.values[row].tolist(), table.limits[row].tolist(), table.fired[row].tolist()
    return [
        RuleResult(rule.mode, rule.name, values[index], limits[index], rule.bound, rule.unit, fired[index])
        for index, rule in enumerate(table.rules)
    ]
