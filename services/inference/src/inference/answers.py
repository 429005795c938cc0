"""The bodies that inference answers with, beside the Assessment itself."""

from typing import Any

import msgspec

from chassis.assessment import Assessment, Judgement
from chassis.problem import ProblemDocument


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer for one reading of a batch: `assessment` with status 200, or `problem` with status 422.

    With `Prefer: return=minimal` there is `judgement` in the place of `assessment`.
    """

    index: int
    status: int
    assessment: Assessment | None = None
    judgement: Judgement | None = None
    problem: ProblemDocument | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """One result per reading, in the order of the request."""

    results: list[BatchResult]


class ModelSummary(msgspec.Struct, frozen=True):
    """A loaded model: what it is called, which artifact it is, what it judges."""

    name: str
    version: str
    digest: str
    equipment: str
    trained_on: str
    rows: int


class ModelList(msgspec.Struct, frozen=True):
    """The models this installation answers with."""

    models: list[ModelSummary]


class ModelDetail(msgspec.Struct, frozen=True):
    """A model with its whole manifest: data, features, metrics with counts, reliability curve, rule baseline."""

    name: str
    digest: str
    manifest: dict[str, Any]
