"""Plots of an evaluation as SVG text that can stand inside an HTML page."""

import io
import re
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from models.evaluation import Metrics
from models.study import Study

_INK, _ACCENT, _SOFT = "#1f2a37", "#1d6fb8", "#b9c4d0"


def reliability_plot(metrics: Metrics) -> str:
    """What was said against what came true, with the number of rows at each point."""
    figure, axes = _axes("mean probability said", "share that failed")
    axes.plot([0, 1], [0, 1], color=_SOFT, linestyle="--")
    filled = [part for part in metrics.reliability if part.rows]
    said, true = [part.mean_probability for part in filled], [part.failure_share for part in filled]
    axes.plot(said, true, color=_ACCENT, marker="o")
    for part in filled:
        place = (part.mean_probability, part.failure_share)
        axes.annotate(f"{part.rows:,}", place, textcoords="offset points", xytext=(6, -11), fontsize=8, color=_INK)
    return _svg(figure)


def recall_plot(metrics: Metrics) -> str:
    """Recall of every mode with its counts."""
    figure, axes = _axes("recall", "")
    modes = list(reversed(metrics.modes))
    bars = axes.barh([mode.mode for mode in modes], [mode.recall for mode in modes], color=_ACCENT)
    axes.bar_label(bars, [f"{mode.found} of {mode.failures}" for mode in modes], padding=4, fontsize=9, color=_INK)
    axes.set_xlim(0, 1.25)
    return _svg(figure)


def protocol_plot(study: Study) -> str:
    """F1 and PR-AUC of every protocol beside the rule baseline's F1."""
    figure, axes = _axes("", "")
    protocols = [("shuffled", study.repeats[0]), ("blocked", study.blocked), ("simulation only", study.transfer)]
    places = range(len(protocols))
    f1 = axes.bar([place - 0.2 for place in places], [m.alarm.f1 for _, m in protocols], 0.4, color=_ACCENT, label="F1")
    pr_auc = axes.bar(
        [place + 0.2 for place in places], [m.pr_auc for _, m in protocols], 0.4, color=_SOFT, label="PR-AUC"
    )
    for bars in (f1, pr_auc):
        axes.bar_label(bars, fmt="%.3f", fontsize=8, color=_INK)
    rules = study.blocked.rule_baseline.f1
    axes.axhline(rules, color=_INK, linestyle=":", label=f"rules alone: F1 {rules:.3f}")
    axes.set_xticks(list(places), [name for name, _ in protocols])
    axes.set_ylim(0, 1.2)
    axes.legend(loc="upper center", ncols=3, fontsize=8, frameon=False)
    return _svg(figure)


def _axes(x: str, y: str) -> tuple[Any, Any]:
    figure = Figure(figsize=(5.2, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Any) -> str:
    """Without XML head, date and doctype: the page has its own, and the same figures give the same bytes."""
    buffer = io.StringIO()
    figure.set_canvas(FigureCanvasSVG(figure))
    figure.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    return re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), flags=re.DOTALL)
