"""The numbers a reading must get, computed here from the artifact and compared with the numbers that were stored."""

from collections.abc import Sequence
from pathlib import Path

from chassis.assessment import Assessment, decode
from inference.door import Judge
from inference.predictor import Predictor
from models.artifact import load
from models.profile import load_profile
from models.reading import Reading, ReadingDecoder

TOLERANCE = 1e-9
_CHUNK = 500


class Recomputation:
    """Judges stored assessments again, offline, with one verified artifact."""

    def __init__(self, artifact: Path) -> None:
        """Raises ArtifactError when the artifact cannot be trusted."""
        profile = load_profile("milling")
        self._judge = Judge(
            profile, ReadingDecoder({profile.name: profile}, profile.name), Predictor(profile, load(artifact, profile))
        )

    def wrong(self, bodies: Sequence[bytes]) -> list[int]:
        """The indices of the bodies whose numbers, status or model are not those of the recomputation."""
        found: list[int] = []
        for start in range(0, len(bodies), _CHUNK):
            stored = [decode(body) for body in bodies[start : start + _CHUNK]]
            expected = self._judge.predictor.assess([_reading(each, self._judge) for each in stored])
            pairs = enumerate(zip(stored, expected, strict=True), start)
            found += [index for index, (one, other) in pairs if not _same(one, other)]
        return found


def _reading(assessment: Assessment, judge: Judge) -> Reading:
    return Reading(
        assessment.machine_id,
        assessment.equipment,
        assessment.product_type,
        assessment.observed_at,
        assessment.received_at,
        assessment.event_id,
        tuple(assessment.signals[name] for name in judge.profile.signal_names),
        tuple(assessment.assumptions),
    )


def _same(stored: Assessment, expected: Assessment) -> bool:
    return (
        stored.prediction == expected.prediction
        and stored.anomaly == expected.anomaly
        and stored.status == expected.status
        and stored.model == expected.model
        and stored.modes.keys() == expected.modes.keys()
        and all(abs(a - b) <= TOLERANCE for a, b in zip(_numbers(stored), _numbers(expected), strict=True))
    )


def _numbers(assessment: Assessment) -> list[float]:
    modes = [assessment.modes[name] for name in sorted(assessment.modes)]
    return [assessment.failure_probability, assessment.anomaly_score, *modes]
