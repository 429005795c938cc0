"""Decision trees of scikit-learn as one onnxruntime graph that answers, for every row and tree, in which leaf it ends.

What the leaves mean stays in float64 tables outside the graph, so that nothing is rounded to float32 but the inputs
and thresholds, as in scikit-learn itself.

onnxruntime lays the right child of a node (where `x <= threshold` is false) beside it and the left one somewhere else.
Each step elsewhere is a miss of the cache, so a node most of whose training rows went left is turned round: it asks
about -x, which it finds in a second set of columns. That saves a quarter of the walk (measured in a service at work).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from models.features import Floats

# From its first moment on onnxruntime would report to its maker and keep an identifier of the host in the home folder.
# What a plant computes is nobody's business; only this variable, set before it is loaded, stops all of it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

_LARGEST_EXACT_INTEGER = 2**24  # in float32, which carries the leaf numbers through the graph
_IR_VERSION = 9
_OUTPUTS = ["leaves"]  # named, because onnxruntime would otherwise look the names up on every call
_OPSETS = (("", 18), ("ai.onnx.ml", 3))


class Tree(Protocol):
    """The arrays of `sklearn.tree._tree.Tree` that are read here, one entry per node; leaves have children -1."""

    node_count: int
    children_left: NDArray[np.intp]
    children_right: NDArray[np.intp]
    feature: NDArray[np.intp]
    threshold: Floats
    value: Floats
    """(nodes, outputs, classes) shares of the classes."""
    n_node_samples: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees that belong together; their feature i is column `column_of[i]` of the inputs."""

    trees: Sequence[Tree]
    column_of: Sequence[int]


@dataclass(frozen=True, slots=True)
class LeafFinder:
    """Compiled forests, T trees together. Leaves are numbered through all: tree by tree, inside it by node."""

    session: Any
    columns: int

    def leaves(self, inputs: NDArray[np.float32]) -> NDArray[np.int32]:
        """Leaf numbers (n, T) of rows (n, 2 x columns): scaled and finite, then the same negated. Thread safe."""
        (numbers,) = self.session.run(_OUTPUTS, {"inputs": inputs})
        return np.asarray(numbers.astype(np.int32))


def compile_leaf_finder(forests: Sequence[Forest], columns: int) -> LeafFinder:
    """Compile the trees of all `forests` over the same `columns` inputs into one graph: one call finds every leaf.

    Raises ValueError if the forests have more leaves than float32 can number.
    """
    trees = [_Turned.of(tree, np.asarray(forest.column_of), columns) for forest in forests for tree in forest.trees]
    attributes = _attributes(trees)
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["inputs"],
        _OUTPUTS,
        domain="ai.onnx.ml",
        n_targets=len(trees),
        aggregate_function="SUM",
        post_transform="NONE",
        **attributes,
    )
    graph = helper.make_graph(
        [node],
        "leaves",
        [helper.make_tensor_value_info("inputs", TensorProto.FLOAT, [None, 2 * columns])],
        [helper.make_tensor_value_info("leaves", TensorProto.FLOAT, [None, len(trees)])],
    )
    opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    return LeafFinder(_session(model.SerializeToString()), columns)


def leaf_nodes(tree: Tree) -> NDArray[np.intp]:
    """Nodes that are leaves, in the order in which they are numbered."""
    return np.flatnonzero(tree.children_left < 0)


def at_or_below(thresholds: Floats) -> NDArray[np.float32]:
    """The largest float32 not above each float64 threshold: for a float32 x, `x <= t` then has the same answer."""
    rounded = thresholds.astype(np.float32)
    above = rounded > thresholds
    rounded[above] = np.nextafter(rounded[above], np.float32(-np.inf))
    return rounded


def _attributes(trees: Sequence["_Turned"]) -> dict[str, list[Any]]:
    """One target per tree; the weight of a leaf is its number, so the sum of a target is the number of one leaf."""
    leaves = [np.flatnonzero(tree.is_leaf) for tree in trees]
    total = sum(map(len, leaves))
    if total > _LARGEST_EXACT_INTEGER:
        raise ValueError(f"the forests have {total} leaves; {_LARGEST_EXACT_INTEGER} is the most that can be numbered")
    trees_of_leaves = _joined([np.full(len(nodes), number) for number, nodes in enumerate(leaves)])
    return {
        "nodes_treeids": _joined([np.full(len(tree.is_leaf), number) for number, tree in enumerate(trees)]),
        "nodes_nodeids": _joined([np.arange(len(tree.is_leaf)) for tree in trees]),
        "nodes_featureids": _joined([tree.columns for tree in trees]),
        "nodes_values": _joined([tree.thresholds for tree in trees]),
        "nodes_modes": _joined([np.where(tree.is_leaf, "LEAF", "BRANCH_LEQ") for tree in trees]),
        "nodes_truenodeids": _joined([tree.if_true for tree in trees]),
        "nodes_falsenodeids": _joined([tree.if_false for tree in trees]),
        "target_treeids": trees_of_leaves,
        "target_nodeids": _joined(leaves),
        "target_ids": trees_of_leaves,
        "target_weights": [float(number) for number in range(total)],
    }


class _Turned(NamedTuple):
    """A tree whose nodes ask `x <= threshold` of a column of [x, -x], so that most training rows go where it is false.

    One entry per node; those of leaves mean nothing but `is_leaf`.
    """

    is_leaf: NDArray[np.bool_]
    columns: NDArray[np.intp]
    thresholds: NDArray[np.float32]
    if_true: NDArray[np.intp]
    if_false: NDArray[np.intp]

    @classmethod
    def of(cls, tree: Tree, column_of: NDArray[np.intp], columns: int) -> "_Turned":
        """The tree with its feature i in column `column_of[i]` of `columns`, its nodes in the same places."""
        is_leaf, rows = tree.children_left < 0, tree.n_node_samples
        left, right = np.maximum(tree.children_left, 0), np.maximum(tree.children_right, 0)
        turned = ~is_leaf & (rows[left] > rows[right])
        at = at_or_below(tree.threshold)
        # Not x <= t, so x is at least the next float32 above t.
        opposite = -np.nextafter(at, np.float32(np.inf))
        return cls(
            is_leaf,
            column_of[np.maximum(tree.feature, 0)] + columns * turned,
            np.where(turned, opposite, at),
            np.where(turned, right, left),
            np.where(turned, left, right),
        )


def _joined(parts: Sequence[NDArray[Any]]) -> list[Any]:
    return list(np.concatenate(parts).tolist())


def _session(model: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    # One row takes microseconds: handing it to other threads would cost more than it saves.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
