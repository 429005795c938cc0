"""Why the failure probability is what it is: path contributions, grouped by physical cause.

Along the path of a row through a tree, each split changes the mean of the nodes; the change is credited to the split's
feature (A. Saabas, "Interpreting random forests", 2014). Baseline (mean of the roots) + all contributions = the shown
probability. Columns that tell of the same cause (`Feature.cause`: wear x torque and its ratio to the limit are both
strain) are added up into ONE signed number per cause, because people look for causes: graded on the data set, grouping
puts the true cause first. A cause is shown by its most telling feature: the physics feature where the group has one
(temperature: the difference), the actual product type for the types, else the signal itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.equipment import Profile
from models.features import Floats
from models.forests import Tree


@dataclass(frozen=True, slots=True)
class Cause:
    """A group of feature columns. `shown` is the column that stands for it, None for types (the row's own type)."""

    name: str
    columns: tuple[int, ...]
    shown: int | None


class Contribution(NamedTuple):
    """What one cause added to (+) or took from (-) the failure probability; `value` of `feature` is in `unit`."""

    cause: str
    feature: str
    value: float
    unit: str
    contribution: float


@cache
def causes(profile: Profile) -> tuple[Cause, ...]:
    """The causes of a profile, in the order in which its features name them: columns of `Scores.contributions`."""
    groups: dict[str, list[int]] = {}
    for column, feature in enumerate(profile.features):
        groups.setdefault(feature.cause, []).append(column)
    return tuple(Cause(name, tuple(columns), _shown(profile, columns)) for name, columns in groups.items())


def contributions_of_row(
    profile: Profile, features: Sequence[float], contributions: Sequence[float]
) -> list[Contribution]:
    """The causes of one row, the strongest first, whatever the sign.

    `features` (F,) unscaled, `contributions` (C,) as `CompiledModel.score` gives them, both as plain numbers.
    """
    found = []
    for cause, contribution in zip(causes(profile), contributions, strict=True):
        column = cause.shown
        if column is None:
            column = next(column for column in cause.columns if features[column] == 1.0)
        feature = profile.features[column]
        found.append(Contribution(cause.name, feature.name, features[column], feature.unit, contribution))
    found.sort(key=_size, reverse=True)
    return found


def _size(contribution: Contribution) -> float:
    return abs(contribution.contribution)


def cause_of_column(profile: Profile) -> NDArray[np.intp]:
    """(F,) position in `causes(profile)` of each feature column."""
    positions = np.empty(len(profile.features), dtype=np.intp)
    for position, cause in enumerate(causes(profile)):
        positions[list(cause.columns)] = position
    return positions


def path_contributions(tree: Tree, value: Floats, cause_of: NDArray[np.intp]) -> Floats:
    """(nodes, C) what each cause adds between the root and each node. `value` (nodes,) is the mean at each node."""
    total = np.zeros((tree.node_count, int(cause_of.max()) + 1))
    parents = np.array([0])
    while len(parents := parents[tree.children_left[parents] >= 0]):
        cause = cause_of[tree.feature[parents]]
        for children in (tree.children_left[parents], tree.children_right[parents]):
            total[children] = total[parents]
            total[children, cause] += value[children] - value[parents]
        parents = np.concatenate([tree.children_left[parents], tree.children_right[parents]])
    return total


def _shown(profile: Profile, columns: list[int]) -> int | None:
    features = [profile.features[column] for column in columns]
    if all(feature.kind == "one_hot" for feature in features):
        return None
    return next((column for column in columns if profile.features[column].anomaly), columns[0])
