"""What the state machine sees of an assessment: when, whether it can be judged, and the scores."""

import msgspec

from chassis.assessment import Assessment
from gateway.instants import micros

ANOMALY = "anomaly"
FAILURE = "failure"


class Observation(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One reading of one machine, judged or not. A machine's history goes by event time, then by event id.

    `scores` are in [0, 1] by condition: the failure modes, `failure` and `anomaly`; empty when `judged` is false.
    `fired` names the modes with a published limit that is broken. `received_us` is the time of receipt.
    """

    at_us: int
    event_id: str
    received_us: int
    judged: bool
    scores: dict[str, float]
    fired: tuple[str, ...] = ()
    model_digest: str = ""


def observation_of(assessment: Assessment) -> Observation:
    """The observation in an assessment. One outside the training data is not judged: its numbers decide nothing."""
    at_us, received_us = micros(assessment.observed_at), micros(assessment.received_at)
    if assessment.status != "assessed":
        return unjudged(assessment.event_id, at_us, received_us)
    scores = assessment.modes.copy()
    scores[FAILURE], scores[ANOMALY] = assessment.failure_probability, assessment.anomaly_score
    fired = tuple(rule.mode for rule in assessment.rules if rule.fired)
    return Observation(at_us, assessment.event_id, received_us, True, scores, fired, assessment.model.digest)


def unjudged(event_id: str, at_us: int, received_us: int) -> Observation:
    """A reading that was seen and cannot be judged: it freezes every timer of its machine."""
    return Observation(at_us, event_id, received_us, False, {})
