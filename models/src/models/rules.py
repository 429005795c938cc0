"""The published limits, evaluated in float64: the rule baseline that stands beside every model."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.equipment import Bound, Profile, Rule
from models.features import Floats, Indices, features

# For a whole column, or for the numbers of one row.
_Comparison = Callable[[Any, Any], Any]
_BEYOND: dict[tuple[Bound, bool], _Comparison] = {
    ("above", False): operator.gt,
    ("above", True): operator.ge,
    ("below", False): operator.lt,
    ("below", True): operator.le,
}


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


class RuleOutcome(NamedTuple):
    """One rule on one row; see `RuleTable` for the fields."""

    rule: Rule
    value: float
    limit: float
    fired: bool


@dataclass(frozen=True, slots=True)
class _Check:
    """A rule with its columns found; `limits` by product type, as plain numbers and as an array."""

    rule: Rule
    column: int
    limits: tuple[float, ...]
    limits_array: Floats
    beyond: _Comparison
    conditions: tuple[tuple[int, _Comparison, float], ...]


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
    columns = matrix.T
    values = [columns[check.column] for check in plan.checks]
    limits = [check.limits_array[type_index] for check in plan.checks]
    fired = [
        _fired(check, value, limit, columns) for check, value, limit in zip(plan.checks, values, limits, strict=True)
    ]
    return RuleTable(profile.rules, np.array(values).T, np.array(limits).T, np.array(fired).T, plan.rules_of_mode)


def rules_on_row(row: Sequence[float], type_index: int, profile: Profile) -> list[RuleOutcome]:
    """All rules on one row of a feature matrix, as plain numbers; the same comparisons as `rules_on_features`."""
    outcomes = []
    for check in _plan(profile).checks:
        value, limit = row[check.column], check.limits[type_index]
        outcomes.append(RuleOutcome(check.rule, value, limit, _fired(check, value, limit, row)))
    return outcomes


def _fired(check: _Check, value: Any, limit: Any, columns: Any) -> Any:
    """Whether a rule fires: for a whole column, or for the numbers of one row."""
    beyond = check.beyond(value, limit)
    for column, holds, condition in check.conditions:
        beyond = beyond & holds(columns[column], condition)
    return beyond


@cache
def _plan(profile: Profile) -> _Plan:
    column = profile.feature_names.index
    checks = [
        _Check(
            rule,
            column(rule.feature),
            rule.limits,
            np.array(rule.limits),
            _BEYOND[rule.bound, rule.inclusive],
            tuple((column(when.feature), _BEYOND[when.bound, False], when.limit) for when in rule.when),
        )
        for rule in profile.rules
    ]
    counts = [[rule.mode == mode.name and not rule.advice for mode in profile.modes] for rule in profile.rules]
    return _Plan(tuple(checks), np.array(counts))
