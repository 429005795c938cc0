"""From signal values to the feature matrix: one float64 function for training and serving, one row or 100,000.

The profile names each column's formula; nothing is rounded (27 rows of the AI4I data lie at a difference of 8.6 K, and
only float64 reproduces on which side of the published limit).
"""

import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.equipment import Feature, Profile

Floats = NDArray[np.float64]
Indices = NDArray[np.integer]

# A formula gives one column (n,) from the columns by name and the type index; given numbers, it gives a number.
_Formula = Callable[[dict[str, Any], Any], Any]
_Formulas = tuple[tuple[str, _Formula], ...]

_RADIANS_PER_SECOND = 2.0 * math.pi / 60.0  # of one revolution per minute


def features(values: Floats, type_index: Indices, profile: Profile) -> Floats:
    """Feature matrix (n, F), columns in the order of `profile.features`.

    `values` (n, S): signals in profile order and units. `type_index` (n,): positions in `profile.types`.
    """
    if len(values) == 1:
        # Without numpy's cost per call.
        return np.array([features_of_row(values[0].tolist(), int(type_index[0]), profile)])
    return np.array(_columns(_formulas(profile), values.T, type_index, profile)).T.copy()


def features_of_row(values: Iterable[float], type_index: int, profile: Profile) -> list[float]:
    """One row of `features` as plain numbers: the same formulas, the same bits."""
    return _columns(_formulas_of_numbers(profile), values, type_index, profile)


def _columns(formulas: _Formulas, signals: Iterable[Any], type_index: Any, profile: Profile) -> list[Any]:
    columns = dict(zip(profile.signal_names, signals, strict=True))
    for name, formula in formulas:
        columns[name] = formula(columns, type_index)
    return [columns[name] for name, _ in formulas]


def feature_names(profile: Profile) -> tuple[str, ...]:
    """Names of the columns, in order."""
    return profile.feature_names


@cache
def signals_of_columns(profile: Profile) -> tuple[tuple[int, ...], ...]:
    """For each feature column the positions of the signals it is computed from, in profile order."""
    behind: dict[str, set[str]] = {name: {name} for name in profile.signal_names}
    for feature in profile.features:
        parts = [feature.name] if feature.kind == "signal" else [part for part in feature.of if part in behind]
        behind[feature.name] = set().union(*(behind[part] for part in parts))
    names = profile.signal_names
    return tuple(tuple(i for i, name in enumerate(names) if name in behind[column]) for column in profile.feature_names)


@cache
def _formulas(profile: Profile) -> _Formulas:
    return tuple((feature.name, _formula(feature, profile, np.array)) for feature in profile.features)


@cache
def _formulas_of_numbers(profile: Profile) -> _Formulas:
    return tuple((feature.name, _formula(feature, profile, tuple)) for feature in profile.features)


def _formula(feature: Feature, profile: Profile, by_type: Callable[[list[float]], Any]) -> _Formula:
    """`by_type` makes the table that the type index is looked up in: an array for columns, a tuple for numbers."""
    match feature.kind:
        case "signal":
            return lambda columns, _: columns[feature.name]
        case "one_hot":
            is_type = by_type([float(name == feature.of[0]) for name in profile.types])
            return lambda _, type_index: is_type[type_index]
        case "ratio_to_limit":
            limits = by_type(list(next(rule.limits for rule in profile.rules if rule.name == feature.limit_of)))
            (part,) = feature.of
            return lambda columns, type_index: columns[part] / limits[type_index]
    first, second = feature.of
    match feature.kind:
        case "power":
            return lambda columns, _: columns[first] * columns[second] * _RADIANS_PER_SECOND
        case "difference":
            return lambda columns, _: columns[first] - columns[second]
        case "product":
            return lambda columns, _: columns[first] * columns[second]
