"""The Assessment: the answer of /api/predict, the value on `pm.assessments`, the stored row, what the browser shows.

One definition for every door. Changes are additive: new optional fields only. Numbers are finite. None of these holds
itself, so the collector of cycles is spared them: thousands a second go through the services.
"""

from datetime import datetime
from typing import Literal

import msgspec

Status = Literal["assessed", "outside_training_data"]


class RuleResult(msgspec.Struct, frozen=True, gc=False):
    """One published limit, evaluated: the rule baseline that stands beside the model.

    `value` and `limit` are in `unit`; the rule fires when `value` is beyond `limit` in the direction `bound`
    and every condition of the profile holds.
    """

    mode: str
    name: str
    value: float
    limit: float
    bound: Literal["above", "below"]
    unit: str
    fired: bool


class Reason(msgspec.Struct, frozen=True, gc=False):
    """What one physical cause added to (+) or took from (-) the failure probability.

    `baseline` + the sum of all contributions = `failure_probability` (within 1e-9). `value` is in `unit`.
    """

    feature: str
    value: float
    unit: str
    contribution: float


class OutsideSignal(msgspec.Struct, frozen=True, gc=False):
    """A value outside the range of the training data [`low`, `high`], in the signal's unit."""

    signal: str
    value: float
    low: float
    high: float


class Thresholds(msgspec.Struct, frozen=True, gc=False):
    """At or above `failure` the prediction is 1; at or above `anomaly` the reading is an anomaly."""

    failure: float
    anomaly: float


class ModelRef(msgspec.Struct, frozen=True, gc=False):
    """Which model answered. `digest` is `sha256:` and the hex digest of the artifact's manifest."""

    name: str
    version: str
    digest: str


class SignalChange(msgspec.Struct, frozen=True, gc=False):
    """Bring `signal` from `value` to the `side` of `limit`, both in `unit`, and leave the others: that would clear it.

    `failure_probability` is what the model says of that reading.
    """

    signal: str
    unit: str
    value: float
    limit: float
    side: Literal["above", "below"]
    failure_probability: float


class Remedy(msgspec.Struct, frozen=True, gc=False):
    """What to do about a failure mode that this reading shows: the playbook of the equipment's profile.

    `changes` are single signals that would clear the mode, the nearest first; empty when no single one does.
    """

    mode: str
    title: str
    check: list[str]
    act: list[str]
    changes: list[SignalChange]


class Assessment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A judged reading. The first three fields are the public promise: always first, always these types.

    `failure_probability` and `modes` lie in [0, 1]; `anomaly_score` in [0, 1], higher is more unusual. `prediction` is
    0 or 1. `signals` are the reading's values in `units`, those of the equipment profile. Times are UTC. `remedies` are
    there when the prediction is 1, a mode stands at or above the failure threshold, or a published limit is broken.
    """

    anomaly: bool
    failure_probability: float
    prediction: int
    status: Status
    machine_id: str
    equipment: str
    product_type: str
    event_id: str
    observed_at: datetime
    received_at: datetime
    signals: dict[str, float]
    anomaly_score: float
    baseline: float
    modes: dict[str, float]
    rules: list[RuleResult]
    reasons: list[Reason]
    outside: list[OutsideSignal]
    thresholds: Thresholds
    model: ModelRef
    assumptions: list[str]
    units: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    remedies: list[Remedy] | msgspec.UnsetType = msgspec.UNSET


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """The minimal answer (`Prefer: return=minimal`): exactly the three promised keys."""

    anomaly: bool
    failure_probability: float
    prediction: int


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Assessment)


def encode(assessment: Assessment | Judgement) -> bytes:
    """JSON bytes; the three promised keys come first because the fields do."""
    return _encoder.encode(assessment)


def decode(value: bytes) -> Assessment:
    """The Assessment in `value`. Raises msgspec.ValidationError or msgspec.DecodeError for anything else."""
    return _decoder.decode(value)
