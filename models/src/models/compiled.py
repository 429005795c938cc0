"""The trained model as it serves: scaler, failure forest and isolation forest compiled into one leaf finder and tables.

Reproduces scikit-learn: rows are scaled in float64 and cast to float32 as it does, the trees are walked by
onnxruntime (`models.forests`), and what the leaves say is looked up in float64 and added in tree order.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.equipment import Profile
from models.explanation import cause_of_column, path_contributions
from models.features import Floats
from models.forests import Forest, Tree, compile_leaf_finder, leaf_nodes

_FEW_ROWS = 12  # below this a plain gather beats the sparse product and sorting costs more than it saves (measured)


class Scores(NamedTuple):
    """The answers for n rows. `baseline` + the sum of a row's contributions = its failure probability (1e-9)."""

    failure_probability: Floats
    """(n,) in [0, 1]."""
    modes: Floats
    """(n, M) probability of each predicted mode, in the order of `Profile.predicted_modes`."""
    anomaly_score: Floats
    """(n,) in [0, 1]; higher is more unusual."""
    contributions: Floats
    """(n, C) signed, in the order of `models.explanation.causes`."""
    baseline: float


class Failures(NamedTuple):
    """What the failure forest alone says about n rows; the same bits as in `Scores`."""

    failure_probability: Floats
    modes: Floats


class CompiledModel:
    """Scores feature rows; immutable, so one instance serves all threads."""

    def __init__(self, scaler: Any, failure_model: Any, anomaly_model: Any, profile: Profile) -> None:
        """Compile fitted scikit-learn estimators (StandardScaler, RandomForestClassifier, IsolationForest)."""
        columns = len(profile.features)
        trees = [estimator.tree_ for estimator in failure_model.estimators_]
        isolation_trees = [estimator.tree_ for estimator in anomaly_model.estimators_]
        self._mean, self._scales = scaler.mean_, np.array([scaler.scale_, -scaler.scale_])
        forest, isolation = Forest(trees, range(columns)), Forest(isolation_trees, profile.anomaly_columns)
        self._finder = compile_leaf_finder((forest, isolation), columns)
        # Walking the isolation trees is most of the work (measured), so who does not ask for anomalies need not pay it.
        self._failure_finder = compile_leaf_finder((forest,), columns)
        self._sorted_by = profile.anomaly_columns[-1]
        self._outputs = 1 + len(profile.predicted_modes)
        positive = [_position_of_true(classes) for classes in failure_model.classes_]
        self._leaf_answers = _leaf_answers(trees, positive, cause_of_column(profile))
        self._leaf_outputs = np.ascontiguousarray(self._leaf_answers[:, : self._outputs])
        # The leaves of the isolation trees are numbered after those of the failure forest.
        lengths = [_path_lengths(tree)[leaf_nodes(tree)] for tree in isolation_trees]
        self._path_lengths = np.concatenate([np.zeros(len(self._leaf_answers)), *lengths])
        self._longest = len(isolation_trees) * float(_average_path_length(np.array([anomaly_model.max_samples_]))[0])
        self._trees = len(trees)
        self.baseline = float(sum(_share(tree, 0, positive[0])[0] for tree in trees) / len(trees))

    def score(self, features: Floats) -> Scores:
        """Score feature rows (n, F), float64 and finite, as `models.features.features` makes them."""
        leaves = self._leaves(self._scaled(features))
        answers = _sum_of_rows(self._leaf_answers, leaves[:, : self._trees]) / self._trees
        depths = self._path_lengths.take(leaves[:, self._trees :]).sum(axis=1)
        return Scores(
            failure_probability=answers[:, 0],
            modes=answers[:, 1 : self._outputs],
            anomaly_score=2.0 ** (-depths / self._longest),
            contributions=answers[:, self._outputs :],
            baseline=self.baseline,
        )

    def failures(self, features: Floats) -> Failures:
        """The failure forest's answers of `score`, without reasons and anomaly score: for questions of `what if`."""
        answers = _sum_of_rows(self._leaf_outputs, self._failure_finder.leaves(self._scaled(features))) / self._trees
        return Failures(answers[:, 0], answers[:, 1:])

    def _scaled(self, features: Floats) -> NDArray[np.float32]:
        """(n, 2 F) the rows scaled, then the same negated, as the leaf finder wants them."""
        both = (features - self._mean)[:, np.newaxis] / self._scales
        return np.asarray(both.astype(np.float32).reshape(len(features), -1))

    def _leaves(self, scaled: NDArray[np.float32]) -> NDArray[np.int32]:
        """(n, T) leaf numbers, those of the failure forest first."""
        if len(scaled) < _FEW_ROWS:
            return self._finder.leaves(scaled)
        # Branches of isolation trees are hard to predict; neighbours that take the same ones save a quarter of it.
        order = np.argsort(scaled[:, self._sorted_by])
        found = self._finder.leaves(scaled[order])
        leaves = np.empty_like(found)
        leaves[order] = found
        return leaves


def _sum_of_rows(table: Floats, numbers: NDArray[np.int32]) -> Floats:
    """(n, W): for each of the n rows of `numbers` (n, T), the sum of those rows of `table` (any, W).

    Both ways add in tree order, so that a row gets the same bits alone and in a batch.
    """
    n, trees = numbers.shape
    if n < _FEW_ROWS:
        return np.asarray(table.take(numbers, axis=0).sum(axis=1))
    starts = np.arange(0, n * trees + 1, trees, dtype=np.int32)
    picked = csr_array((np.ones(n * trees), numbers.ravel(), starts), shape=(n, len(table)), copy=False)
    return np.asarray(picked @ table)


def _leaf_answers(trees: Sequence[Tree], positive: Sequence[int | None], cause_of: NDArray[np.intp]) -> Floats:
    """(leaves, outputs + causes): for each leaf the share of each output that is true, then the path contributions."""
    parts = []
    for tree in trees:
        shares = [_share(tree, output, position) for output, position in enumerate(positive)]
        table = np.column_stack([*shares, path_contributions(tree, shares[0], cause_of)])
        parts.append(table[leaf_nodes(tree)])
    return np.ascontiguousarray(np.concatenate(parts))


def _share(tree: Tree, output: int, position: int | None) -> Floats:
    return np.zeros(tree.node_count) if position is None else tree.value[:, output, position]


def _position_of_true(classes: NDArray[Any]) -> int | None:
    """Position of class 1; None if the training data had no such row, so that the probability is 0."""
    positions = np.flatnonzero(classes == 1)
    return int(positions[0]) if len(positions) else None


def _path_lengths(tree: Tree) -> Floats:
    """(nodes,) edges from the root to each node + the expected rest of the path through its training rows."""
    depth = np.zeros(tree.node_count)
    parents = np.array([0])
    while len(parents := parents[tree.children_left[parents] >= 0]):
        children = np.concatenate([tree.children_left[parents], tree.children_right[parents]])
        depth[children] = np.concatenate([depth[parents], depth[parents]]) + 1.0
        parents = children
    return depth + _average_path_length(tree.n_node_samples)


def _average_path_length(rows: NDArray[np.intp]) -> Floats:
    """Mean path length of a failed search in a binary search tree of `rows` rows (F. T. Liu et al., ICDM 2008)."""
    n = np.maximum(rows, 3).astype(np.float64)
    length = 2.0 * (np.log(n - 1.0) + np.euler_gamma) - 2.0 * (n - 1.0) / n
    return np.where(rows <= 1, 0.0, np.where(rows == 2, 1.0, length))
