"""The published limits, evaluated in float64: the rule baseline that stands beside every model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.equipment import Bound, Profile, Rule
from models.features import Floats, Indices, features


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Every rule on every row. R = rules and M = modes of the profile, in its order."""

    rules: tuple[Rule, ...]
    values: Floats
    """(n, R) value of the rule's feature, in the rule's unit."""
    limits: Floats
    """(n, R) limit for the row's product type, same unit."""
    fired: NDArray[np.bool_]
    """(n, R) whether the value is beyond the limit and every condition holds; advice rules included."""
    rules_of_mode: NDArray[np.bool_]
    """(R, M) whether a rule counts for a mode; advice rules count for none."""

    @property
    def modes(self) -> NDArray[np.bool_]:
        """(n, M) whether any rule of the mode fired."""
        return np.asarray(self.fired @ self.rules_of_mode)

    @property
    def prediction(self) -> NDArray[np.bool_]:
        """(n,) the baseline's answer: any rule fired that is more than advice."""
        return np.asarray(self.modes.any(axis=1))


@dataclass(frozen=True, slots=True)
class _Check:
    """A rule with its columns found."""

    rule: Rule
    column: int
    limits: Floats
    conditions: tuple[tuple[int, Bound, float], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    checks: tuple[_Check, ...]
    rules_of_mode: NDArray[np.bool_]


def evaluate_rules(values: Floats, type_index: Indices, profile: Profile) -> RuleTable:
    """All rules on signal values (n, S) with product types (n,), see `models.features.features`."""
    return rules_on_features(features(values, type_index, profile), type_index, profile)


def rules_on_features(matrix: Floats, type_index: Indices, profile: Profile) -> RuleTable:
    """All rules on a feature matrix (n, F) that is already there."""
    plan = _plan(profile)
    if len(matrix) == 1:
        # The same comparisons on plain numbers, without numpy's cost per call.
        values, limits, fired = _checked(plan, matrix[0].tolist(), int(type_index[0]))
    else:
        values, limits, fired = _checked(plan, matrix.T, type_index)
    shape = len(plan.checks), len(matrix)
    return RuleTable(
        profile.rules,
        np.array(values, dtype=np.float64).reshape(shape).T,
        np.array(limits, dtype=np.float64).reshape(shape).T,
        np.array(fired, dtype=np.bool_).reshape(shape).T,
        plan.rules_of_mode,
    )


def _checked(plan: _Plan, columns: Sequence[Any] | Floats, type_index: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Value, limit and verdict of every rule, each for a whole column or for one number."""
    values = [columns[check.column] for check in plan.checks]
    limits = [check.limits[type_index] for check in plan.checks]
    fired = []
    for check, value, limit in zip(plan.checks, values, limits, strict=True):
        beyond = _beyond(value, limit, check.rule.bound, check.rule.inclusive)
        for column, bound, condition in check.conditions:
            beyond = beyond & _beyond(columns[column], condition, bound, inclusive=False)
        fired.append(beyond)
    return values, limits, fired


def _beyond(value: Any, limit: Any, bound: Bound, inclusive: bool) -> Any:
    if bound == "above":
        return value >= limit if inclusive else value > limit
    return value <= limit if inclusive else value < limit


@cache
def _plan(profile: Profile) -> _Plan:
    column = profile.feature_names.index
    checks = [
        _Check(
            rule,
            column(rule.feature),
            np.array(rule.limits),
            tuple((column(when.feature), when.bound, when.limit) for when in rule.when),
        )
        for rule in profile.rules
    ]
    counts = [[rule.mode == mode.name and not rule.advice for mode in profile.modes] for rule in profile.rules]
    return _Plan(tuple(checks), np.array(counts))
