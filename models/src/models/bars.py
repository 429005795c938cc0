"""The bars a model of the milling data must clear, each with its figure and the counts behind it.

Figures of the shuffled cross-validation are means over its repeats; counts are added up over them.
"""

from collections.abc import Callable, Sequence

import msgspec

from models.evaluation import Metrics
from models.grading import ExplanationGrade
from models.study import Study

_RECALL = {"HDF": 0.93, "PWF": 0.97, "OSF": 0.97}


class Bar(msgspec.Struct, frozen=True):
    """One figure against its bar. `limit` None: stated without a bar."""

    name: str
    figure: float
    sign: str
    limit: float | None
    counts: str
    passed: bool


def bars(study: Study) -> list[Bar]:
    """All bars, in the order in which they are printed."""
    repeats = study.repeats
    return [
        *_failure_bars(repeats),
        *(_recall_bar(repeats, number) for number in range(len(repeats[0].modes))),
        _mode_bar(repeats),
        _blocked_bar(study),
        at_least("anomaly ROC-AUC", _mean(repeats, lambda m: m.anomaly.roc_auc), 0.91, _class_counts(repeats)),
        at_least("anomaly PR-AUC", _mean(repeats, lambda m: m.anomaly.pr_auc), 0.45, _class_counts(repeats)),
        at_least("simulation only: F1", study.transfer.alarm.f1, 0.87, _alarm_counts([study.transfer])),
        *_explanation_bars(study.explanations),
    ]


def at_least(name: str, figure: float, limit: float, counts: str) -> Bar:
    """A figure that must not be lower."""
    return Bar(name, figure, "≥", limit, counts, figure >= limit)


def at_most(name: str, figure: float, limit: float, counts: str) -> Bar:
    """A figure that must not be higher."""
    return Bar(name, figure, "≤", limit, counts, figure <= limit)


def _failure_bars(repeats: Sequence[Metrics]) -> list[Bar]:
    f1, alarms, classes = _mean(repeats, lambda m: m.alarm.f1), _alarm_counts(repeats), _class_counts(repeats)
    return [
        at_least("F1", f1, 0.885, alarms),
        at_most("F1 without a leak", f1, 0.94, alarms),
        at_least("PR-AUC", _mean(repeats, lambda m: m.pr_auc), 0.895, classes),
        at_least("MCC", _mean(repeats, lambda m: m.alarm.mcc), 0.885, alarms),
        at_most("Brier score", _mean(repeats, lambda m: m.brier), 0.007, classes),
        at_most("ECE, 10 bins", _mean(repeats, lambda m: m.ece), 0.01, classes),
    ]


def _recall_bar(repeats: Sequence[Metrics], number: int) -> Bar:
    modes = [metrics.modes[number] for metrics in repeats]
    found, failures = sum(mode.found for mode in modes), sum(mode.failures for mode in modes)
    name, figure, counts = f"recall {modes[0].mode}", _share(found, failures), f"{found} of {failures}"
    if (limit := _RECALL.get(modes[0].mode)) is None:
        return Bar(name, figure, "", None, counts, True)
    return at_least(name, figure, limit, counts)


def _mode_bar(repeats: Sequence[Metrics]) -> Bar:
    right, single = sum(m.right_mode_highest for m in repeats), sum(m.single_mode_failures for m in repeats)
    return at_least("right mode highest", _share(right, single), 0.90, f"{right} of {single} single-mode failures")


def _blocked_bar(study: Study) -> Bar:
    shuffled = _mean(study.repeats, lambda m: m.pr_auc)
    lost = shuffled - study.blocked.pr_auc
    return at_most("blocked: PR-AUC lost", lost, 0.03, f"{study.blocked.pr_auc:.3f} blocked, {shuffled:.3f} shuffled")


def _explanation_bars(repeats: Sequence[Sequence[ExplanationGrade]]) -> list[Bar]:
    graded = [[grade for grade in grades if grade.bounded] for grades in repeats]
    flat = [grade for grades in graded for grade in grades]
    top, failures = sum(grade.top_right for grade in flat), sum(grade.failures for grade in flat)
    found = [at_least("explanation: top cause right", _share(top, failures), 0.98, f"{top} of {failures}")]
    for number in range(len(graded[0])):
        mode = [grades[number] for grades in graded]
        exact, count = sum(grade.exact_set for grade in mode), sum(grade.failures for grade in mode)
        name = f"explanation: exact causes {mode[0].mode}"
        found.append(at_least(name, _share(exact, count), 0.92, f"{exact} of {count}"))
    return found


def _mean(repeats: Sequence[Metrics], figure: Callable[[Metrics], float]) -> float:
    return sum(map(figure, repeats)) / len(repeats)


def _alarm_counts(repeats: Sequence[Metrics]) -> str:
    found, missed, false = (
        sum(getattr(metrics.alarm, name) for metrics in repeats) for name in ("found", "missed", "false_alarms")
    )
    return f"{found} found, {missed} missed, {false} false alarms"


def _class_counts(repeats: Sequence[Metrics]) -> str:
    return f"{sum(m.failures for m in repeats)} failures in {sum(m.rows for m in repeats)} rows"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
