"""What would clear a failure mode: the nearest change of one signal after which the model and the limits say so.

Where a published limit of the mode is broken, the signals behind it are solved for the limit (every feature is linear
in each single signal), and each solution is believed only when the model, asked about the changed reading, no longer
sees the mode. A forest knows a limit only roughly, so the change is tried a little further on, too.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from models.compiled import CompiledModel
from models.equipment import Bound, Profile, Signal
from models.features import features_of_row, signals_of_columns
from models.rules import rules_on_row

# How far beyond the limit a change is tried, as shares of the signal's training range.
_FURTHER = (0.0, 0.02, 0.06)
_MOST = 3


class Row(NamedTuple):
    """A reading that shows failure modes: signal values in profile order, position of its type, names of the modes."""

    values: Sequence[float]
    type_index: int
    modes: Sequence[str]


class Change(NamedTuple):
    """Bring `signal` to the `side` of `limit`, in its unit; `size` is the way there over its training range."""

    signal: Signal
    limit: float
    side: Bound
    size: float
    failure_probability: float


class _Target(NamedTuple):
    """Where a signal of a row (both positions) meets a limit of the mode, and whether it has to rise to get there."""

    row: int
    mode: str
    signal: int
    value: float
    rises: bool


def changes(
    rows: Sequence[Row], threshold: float, profile: Profile, model: CompiledModel
) -> list[dict[str, list[Change]]]:
    """For each row, by mode, up to three changes of one signal each that clear the mode, the nearest first.

    Clear: the mode, and every mode that the row did not show, is below `threshold` with no published limit broken.
    """
    found: list[dict[str, list[Change]]] = [{mode: [] for mode in row.modes} for row in rows]
    left = [target for number, row in enumerate(rows) for target in _targets(number, row, profile)]
    for share in _FURTHER:
        reached = [(target, value) for target in left if (value := _value(target, share, profile)) is not None]
        if not reached:
            break
        left = []
        for (target, value), probability in zip(
            reached, _cleared(reached, rows, threshold, profile, model), strict=True
        ):
            if probability is None:
                left.append(target)
                continue
            size = _share(target._replace(value=value), rows[target.row], profile)
            side: Bound = "above" if target.rises else "below"
            change = Change(profile.signals[target.signal], value, side, size, probability)
            found[target.row][target.mode].append(change)
    return [{mode: sorted(each, key=_size) for mode, each in modes.items()} for modes in found]


def _size(change: Change) -> float:
    return change.size


def _cleared(
    reached: Sequence[tuple[_Target, float]],
    rows: Sequence[Row],
    threshold: float,
    profile: Profile,
    model: CompiledModel,
) -> list[float | None]:
    """The failure probability of each changed reading that is clear of its mode, None for the others."""
    # On plain numbers, because mostly there are only a few: numpy would cost more per call than all of it.
    matrix = [
        features_of_row(_changed(rows[target.row].values, target.signal, value), rows[target.row].type_index, profile)
        for target, value in reached
    ]
    scores = model.failures(np.array(matrix))
    found: list[float | None] = []
    for (target, _), features, shares, probability in zip(
        reached, matrix, scores.modes.tolist(), scores.failure_probability.tolist(), strict=True
    ):
        row = rows[target.row]
        shown = {
            rule.mode
            for rule, _, _, fired in rules_on_row(features, row.type_index, profile)
            if fired and not rule.advice
        }
        shown.update(
            mode.name for mode, share in zip(profile.predicted_modes, shares, strict=True) if share >= threshold
        )
        # What the row shows already, other than the mode in question, may stay.
        clear = target.mode not in shown and shown.issubset(row.modes)
        found.append(probability if clear else None)
    return found


def _changed(values: Sequence[float], signal: int, value: float) -> list[float]:
    changed = list(values)
    changed[signal] = value
    return changed


def _targets(number: int, row: Row, profile: Profile) -> list[_Target]:
    """Where single signals meet the limits that are broken: the nearest ones of each mode, by signal and direction."""
    base = features_of_row(row.values, row.type_index, profile)
    # The row with one signal a unit up gives the slope of every feature in that signal.
    raised: dict[int, list[float]] = {}
    predicted = {mode.name for mode in profile.predicted_modes}
    found: dict[tuple[str, int, bool], _Target] = {}
    for rule, _, limit, fired in rules_on_row(base, row.type_index, profile):
        if not fired or rule.mode not in row.modes or rule.mode not in predicted:
            continue
        for feature, edge, bound in [
            (rule.feature, limit, rule.bound),
            *((c.feature, c.limit, c.bound) for c in rule.when),
        ]:
            column = profile.feature_names.index(feature)
            for signal in signals_of_columns(profile)[column]:
                if signal not in raised:
                    up = _changed(row.values, signal, row.values[signal] + 1.0)
                    raised[signal] = features_of_row(up, row.type_index, profile)
                slope = raised[signal][column] - base[column]
                if slope == 0.0:
                    continue
                rises = (slope > 0) == (bound == "below")
                value = row.values[signal] + (edge - base[column]) / slope
                found.setdefault((rule.mode, signal, rises), _Target(number, rule.mode, signal, value, rises))
    near: list[_Target] = []
    for mode in row.modes:
        own = [target for target in found.values() if target.mode == mode]
        near += sorted(own, key=lambda target: _share(target, row, profile))[:_MOST]
    return near


def _share(target: _Target, row: Row, profile: Profile) -> float:
    envelope = profile.signals[target.signal].envelope
    return abs(target.value - row.values[target.signal]) / (envelope.high - envelope.low)


def _value(target: _Target, share: float, profile: Profile) -> float | None:
    """The target or a share of the range further, in steps that the signal is shown in; None outside the range."""
    signal = profile.signals[target.signal]
    low, high = signal.envelope
    far = target.value + (high - low) * share * (1 if target.rises else -1)
    if not math.isfinite(far):
        return None  # a torque of almost nothing reaches no power at any speed
    step = 10.0**-signal.decimals
    value = round((math.ceil(far / step) if target.rises else math.floor(far / step)) * step, signal.decimals)
    return value if low <= value <= high else None
