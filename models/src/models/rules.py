"""The published limits, evaluated in float64: the rule baseline that stands beside every model."""

from dataclasses import dataclass
from functools import cache

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
    modes: NDArray[np.bool_]
    """(n, M) whether any rule of the mode fired; advice rules do not count."""
    prediction: NDArray[np.bool_]
    """(n,) the baseline's answer: any rule fired that is more than advice."""


@dataclass(frozen=True, slots=True)
class _Plan:
    columns: NDArray[np.intp]
    limits: Floats
    rules_of_mode: NDArray[np.bool_]


def evaluate_rules(values: Floats, type_index: Indices, profile: Profile) -> RuleTable:
    """All rules on signal values (n, S) with product types (n,), see `models.features.features`."""
    return rules_on_features(features(values, type_index, profile), type_index, profile)


def rules_on_features(matrix: Floats, type_index: Indices, profile: Profile) -> RuleTable:
    """All rules on a feature matrix (n, F) that is already there."""
    plan = _plan(profile)
    values = matrix[:, plan.columns]
    limits = plan.limits[type_index]
    fired = np.empty(values.shape, dtype=np.bool_)
    for index, rule in enumerate(profile.rules):
        beyond = _beyond(values[:, index], limits[:, index], rule.bound, rule.inclusive)
        for condition in rule.when:
            column = matrix[:, profile.feature_names.index(condition.feature)]
            beyond = beyond & _beyond(column, condition.limit, condition.bound, inclusive=False)
        fired[:, index] = beyond
    modes = fired @ plan.rules_of_mode
    return RuleTable(profile.rules, values, limits, fired, modes, np.asarray(modes.any(axis=1)))


def _beyond(value: Floats, limit: Floats | float, bound: Bound, inclusive: bool) -> NDArray[np.bool_]:
    if bound == "above":
        return value >= limit if inclusive else value > limit
    return value <= limit if inclusive else value < limit


@cache
def _plan(profile: Profile) -> _Plan:
    return _Plan(
        columns=np.array([profile.feature_names.index(rule.feature) for rule in profile.rules], dtype=np.intp),
        limits=np.array([rule.limits for rule in profile.rules]).T.copy(),
        rules_of_mode=np.array(
            [[rule.mode == mode.name and not rule.advice for mode in profile.modes] for rule in profile.rules]
        ),
    )
