"""One self-contained HTML page about an evaluation: bars, protocols, calibration, modes, explanations, baselines."""

from collections.abc import Iterable, Sequence
from html import escape

from models.bars import Bar
from models.equipment import Profile
from models.evaluation import AlarmQuality, Metrics
from models.grading import ExplanationGrade
from models.plots import protocol_plot, recall_plot, reliability_plot
from models.study import Study

_STYLE = """
:root{color-scheme:light}
body{font:15px/1.5 system-ui,sans-serif;color:#1f2a37;margin:2rem auto;max-width:68rem;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%}
.wide{overflow-x:auto}th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid #dde3ea;white-space:nowrap}
th:first-child,td:first-child{text-align:left}td.text{text-align:left}.pass{color:#12693a}.fail{color:#b3261e;font-weight:700}
.plots{display:flex;flex-wrap:wrap;gap:1rem}.plots figure{margin:0;flex:1 1 20rem}svg{max-width:100%;height:auto}
"""


def html_report(study: Study, judged: Sequence[Bar], profile: Profile) -> str:
    """The page as text; it loads nothing from anywhere."""
    first = study.repeats[0]
    parts = [
        f"<h1>{escape(profile.title)}: evaluation of the failure model</h1>",
        f"<p>{escape(study.source)}, {study.rows:,} rows, {first.failures} failures, {escape(study.digest)}. "
        "Precision, recall, F1 and PR-AUC mean the failure class. "
        "Mode columns, ids and row numbers are never inputs.</p>",
        "<h2>Bars</h2>",
        _bars(judged),
        "<h2>Pictures</h2>",
        _pictures(study),
        "<h2>Protocols and baselines</h2>",
        _protocols(study),
        "<h2>Failure modes</h2>",
        _modes(study),
        "<h2>Calibration</h2>",
        _reliability(first),
        "<h2>Explanations</h2>",
        "<p>Failures of one mode alone that raised an alarm. Causes rank by the size of their contribution.</p>",
        _explanations([("shuffled", study.explanations[0]), ("simulation only", study.transfer_explanations)], profile),
    ]
    title = f"Evaluation of {escape(profile.name)}"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    head = f"<head>{head}<style>{_STYLE}</style></head>"
    return f'<!doctype html><html lang="en">{head}<body>{"".join(parts)}</body></html>\n'


def _bars(judged: Sequence[Bar]) -> str:
    rows = []
    for bar in judged:
        limit = f"{bar.sign} {bar.limit:g}" if bar.limit is not None else "stated"
        word = "" if bar.limit is None else "pass" if bar.passed else "fail"
        rows.append(
            [escape(bar.name), f"{bar.figure:.4f}", limit, f'<span class="{word}">{word}</span>', escape(bar.counts)]
        )
    return _table(["figure", "is", "bar", "", "counts"], rows)


def _pictures(study: Study) -> str:
    first = study.repeats[0]
    pictures = [
        ("What was said and what came true, out of fold; numbers are rows", reliability_plot(first)),
        ("Failures found, by mode", recall_plot(first)),
        ("Protocols beside the published rules", protocol_plot(study)),
    ]
    figures = "".join(f"<figure>{svg}<figcaption>{escape(text)}</figcaption></figure>" for text, svg in pictures)
    return f'<div class="plots">{figures}</div>'


def _protocols(study: Study) -> str:
    measured = [*study.repeats, study.blocked, study.transfer]
    rows = [[escape(metrics.method), *_alarm(metrics.alarm), *_probability(metrics)] for metrics in measured]
    first = study.repeats[0]
    for name, baseline in (
        ("published rules alone", first.rule_baseline),
        ("never an alarm", first.never_alarm),
        ("always an alarm", first.always_alarm),
    ):
        rows.append([name, *_alarm(baseline), *[""] * 6])
    header = ["protocol", "found", "missed", "false", "precision", "recall", "F1", "MCC"]
    return _table([*header, "PR-AUC", "ROC-AUC", "Brier", "ECE", "anomaly ROC-AUC", "anomaly PR-AUC"], rows)


def _alarm(quality: AlarmQuality) -> list[str]:
    counts = [f"{count:,}" for count in (quality.found, quality.missed, quality.false_alarms)]
    return [*counts, *(f"{figure:.3f}" for figure in (quality.precision, quality.recall, quality.f1, quality.mcc))]


def _probability(metrics: Metrics) -> list[str]:
    ranked = [f"{metrics.pr_auc:.3f}", f"{metrics.roc_auc:.3f}", f"{metrics.brier:.4f}", f"{metrics.ece:.4f}"]
    return [*ranked, f"{metrics.anomaly.roc_auc:.3f}", f"{metrics.anomaly.pr_auc:.3f}"]


def _modes(study: Study) -> str:
    rows = []
    for metrics in (study.repeats[0], study.blocked, study.transfer):
        for mode in metrics.modes:
            highest = f"{mode.highest} of {mode.single}"
            found = f"{mode.found} of {mode.failures}"
            rows.append([escape(metrics.method), mode.mode, found, f"{mode.recall:.3f}", highest])
    return _table(["protocol", "mode", "found", "recall", "highest among single-mode failures"], rows)


def _reliability(metrics: Metrics) -> str:
    rows = [
        [
            f"{part.low:.1f} to {part.high:.1f}",
            f"{part.rows:,}",
            f"{part.mean_probability:.3f}",
            f"{part.failure_share:.3f}",
        ]
        for part in metrics.reliability
    ]
    return _table(["probability", "rows", "mean said", "share that failed"], rows)


def _explanations(graded: Iterable[tuple[str, Sequence[ExplanationGrade]]], profile: Profile) -> str:
    titles = {mode.name: mode.title for mode in profile.modes}
    rows = [
        [
            name,
            escape(titles[grade.mode]),
            escape(", ".join(grade.causes)),
            str(grade.failures),
            str(grade.top_right),
            str(grade.exact_set),
        ]
        for name, grades in graded
        for grade in grades
    ]
    return _table(
        ["protocol", "mode", "true causes", "failures", "strongest cause is true", "strongest are exactly the true"],
        rows,
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
