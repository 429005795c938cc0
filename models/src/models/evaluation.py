"""How good answers are: figures with the counts behind them. Precision, recall, F1 and PR-AUC mean the failure class.

A figure that has no rows to stand on (precision without an alarm) is 0.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from models.compiled import Scores
from models.dataset import Dataset
from models.equipment import Profile, Thresholds
from models.features import Floats
from models.rules import evaluate_rules

Flags = NDArray[np.bool_]
BINS = 10
CURVE_POINTS = 120


class AlarmQuality(msgspec.Struct, frozen=True):
    """Yes-or-no answers against the label. `found` are true alarms, `missed` failures without one."""

    alarms: int
    found: int
    missed: int
    false_alarms: int
    precision: float
    recall: float
    f1: float
    mcc: float


class ReliabilityBin(msgspec.Struct, frozen=True):
    """Rows whose probability lies in [low, high): what was said and what came true. Means are 0 without rows."""

    low: float
    high: float
    rows: int
    mean_probability: float
    failure_share: float


class ModeQuality(msgspec.Struct, frozen=True):
    """Failures of one mode: how many raised an alarm; of those with this mode alone, how often it was the highest."""

    mode: str
    failures: int
    found: int
    recall: float
    single: int
    highest: int


class AnomalyQuality(msgspec.Struct, frozen=True):
    """The anomaly score as a ranking of failures, and how many rows its threshold flags."""

    roc_auc: float
    pr_auc: float
    flagged_normal: int
    flagged_failures: int


class ThresholdCurve(msgspec.Struct, frozen=True):
    """What thresholds on one condition's score would have done: (threshold, alarms, hits), from high to low.

    The condition is `failure`, `anomaly` (both against the failure label) or a failure mode (against its own label).
    """

    condition: str
    rows: int
    failures: int
    points: list[tuple[float, int, int]]


class Metrics(msgspec.Struct, frozen=True, omit_defaults=True):
    """One protocol on one set of rows; `rule_baseline`, `never_alarm`, `always_alarm` are what to compare with."""

    method: str
    rows: int
    failures: int
    threshold: float
    alarm: AlarmQuality
    pr_auc: float
    roc_auc: float
    brier: float
    ece: float
    reliability: list[ReliabilityBin]
    modes: list[ModeQuality]
    single_mode_failures: int
    right_mode_highest: int
    anomaly: AnomalyQuality
    rule_baseline: AlarmQuality
    never_alarm: AlarmQuality
    always_alarm: AlarmQuality
    # Artifacts of before have none: they are as good as they were, thresholds in money need newer ones.
    curves: list[ThresholdCurve] = []


@dataclass(frozen=True, slots=True)
class Predictions:
    """Answers for n rows with the yes-or-no decisions of the thresholds that applied to each row."""

    failure_probability: Floats
    modes: Floats
    anomaly_score: Floats
    contributions: Floats
    alarm: Flags
    anomaly: Flags


def decided(scores: Scores, thresholds: Thresholds) -> Predictions:
    """The scores with the decisions of `thresholds`."""
    return Predictions(
        scores.failure_probability,
        scores.modes,
        scores.anomaly_score,
        scores.contributions,
        scores.failure_probability >= thresholds.failure,
        scores.anomaly_score >= thresholds.anomaly,
    )


def measure(predictions: Predictions, rows: Dataset, profile: Profile, method: str) -> Metrics:
    """All figures of `predictions` for the rows of a data set, in the same order; needs rows of both classes."""
    truth, probability = rows.failure, predictions.failure_probability
    bins = reliability(truth, probability)
    modes = mode_quality(predictions, rows, profile)
    rules = evaluate_rules(rows.values, rows.type_index, profile).prediction
    return Metrics(
        method=method,
        rows=len(rows),
        failures=int(truth.sum()),
        threshold=profile.default_thresholds.failure,
        alarm=alarm_quality(truth, predictions.alarm),
        pr_auc=float(average_precision_score(truth, probability)),
        roc_auc=float(roc_auc_score(truth, probability)),
        brier=float(np.mean((probability - truth) ** 2)),
        ece=sum(part.rows * abs(part.mean_probability - part.failure_share) for part in bins) / len(rows),
        reliability=bins,
        modes=modes,
        single_mode_failures=sum(mode.single for mode in modes),
        right_mode_highest=sum(mode.highest for mode in modes),
        anomaly=AnomalyQuality(
            roc_auc=float(roc_auc_score(truth, predictions.anomaly_score)),
            pr_auc=float(average_precision_score(truth, predictions.anomaly_score)),
            flagged_normal=int((predictions.anomaly & ~truth).sum()),
            flagged_failures=int((predictions.anomaly & truth).sum()),
        ),
        rule_baseline=alarm_quality(truth, rules),
        never_alarm=alarm_quality(truth, np.zeros_like(truth)),
        always_alarm=alarm_quality(truth, np.ones_like(truth)),
        curves=threshold_curves(predictions, rows, profile),
    )


def threshold_curves(predictions: Predictions, rows: Dataset, profile: Profile) -> list[ThresholdCurve]:
    """One curve per condition, in the order `failure`, modes, `anomaly`."""
    columns = [profile.mode_names.index(mode.name) for mode in profile.predicted_modes]
    return [
        _curve("failure", predictions.failure_probability, rows.failure),
        *(
            _curve(mode.name, predictions.modes[:, number], rows.modes[:, column])
            for number, (mode, column) in enumerate(zip(profile.predicted_modes, columns, strict=True))
        ),
        _curve("anomaly", predictions.anomaly_score, rows.failure),
    ]


def _curve(condition: str, scores: Floats, truth: Flags) -> ThresholdCurve:
    """At most `CURVE_POINTS` of the distinct scores above 0, evenly over the alarms in a logarithmic measure."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    hits = np.cumsum(truth[order])
    # The last row of each distinct score: everything at or above it.
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    ends = ends[ranked[ends] > 0]
    if len(ends) > CURVE_POINTS:
        # Few alarms are what a shift can take: the curve is finest there.
        places = np.geomspace(1, ends[-1] + 1, CURVE_POINTS)
        ends = ends[np.unique(np.searchsorted(ends + 1, places).clip(max=len(ends) - 1))]
    points = [(float(ranked[end]), int(end) + 1, int(hits[end])) for end in ends]
    return ThresholdCurve(condition, len(truth), int(truth.sum()), points)


def alarm_quality(truth: Flags, alarm: Flags) -> AlarmQuality:
    """Counts and figures of yes-or-no answers (n,) against the label (n,)."""
    found, false_alarms = int((truth & alarm).sum()), int((alarm & ~truth).sum())
    missed, quiet = int((truth & ~alarm).sum()), int((~truth & ~alarm).sum())
    product = float(found + false_alarms) * (found + missed) * (quiet + false_alarms) * (quiet + missed)
    return AlarmQuality(
        alarms=found + false_alarms,
        found=found,
        missed=missed,
        false_alarms=false_alarms,
        precision=_share(found, found + false_alarms),
        recall=_share(found, found + missed),
        f1=_share(2 * found, 2 * found + false_alarms + missed),
        mcc=(found * quiet - false_alarms * missed) / product**0.5 if product else 0.0,
    )


def reliability(truth: Flags, probability: Floats) -> list[ReliabilityBin]:
    """Ten bins of equal width; the last one includes probability 1."""
    numbers = np.minimum((probability * BINS).astype(int), BINS - 1)
    bins = []
    for number in range(BINS):
        inside = numbers == number
        count = int(inside.sum())
        said = float(probability[inside].mean()) if count else 0.0
        true = float(truth[inside].mean()) if count else 0.0
        bins.append(ReliabilityBin(number / BINS, (number + 1) / BINS, count, said, true))
    return bins


def mode_quality(predictions: Predictions, rows: Dataset, profile: Profile) -> list[ModeQuality]:
    """One entry per predicted mode."""
    columns = [profile.mode_names.index(mode.name) for mode in profile.predicted_modes]
    truth = rows.modes[:, columns]
    alone = truth.sum(axis=1) == 1
    ranked = np.sort(predictions.modes, axis=1)
    # A tie, two modes at 0 say, points at no mode and counts as wrong.
    highest = np.where(ranked[:, -1] > ranked[:, -2], predictions.modes.argmax(axis=1), -1)
    found = []
    for number, mode in enumerate(profile.predicted_modes):
        is_mode, single = truth[:, number], truth[:, number] & alone
        alarms = int((is_mode & predictions.alarm).sum())
        found.append(
            ModeQuality(
                mode=mode.name,
                failures=int(is_mode.sum()),
                found=alarms,
                recall=_share(alarms, int(is_mode.sum())),
                single=int(single.sum()),
                highest=int((highest[single] == number).sum()),
            )
        )
    return found


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
