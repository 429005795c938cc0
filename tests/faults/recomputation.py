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
    """Judges stored assessments again, offline, each with the verified artifact that it names."""

    def __init__(self, artifact: Path) -> None:
        """`artifact` is what counts for those that name an unknown one. Raises ArtifactError: it cannot be trusted."""
        self._profile = load_profile("milling")
        self._judges: dict[str, Judge] = {}
        self._first = self.know(artifact)

    def know(self, artifact: Path) -> str:
        """Assessments may also be of this artifact; its version. Raises ArtifactError when it cannot be trusted."""
        profile, found = self._profile, load(artifact, self._profile)
        decoder = ReadingDecoder({profile.name: profile}, profile.name)
        self._judges[found.manifest.version] = Judge(profile, decoder, Predictor(profile, found))
        return found.manifest.version

    def wrong(self, bodies: Sequence[bytes]) -> list[int]:
        """The indices of the bodies whose numbers, status or model are not those of the recomputation."""
        found: list[int] = []
        for start in range(0, len(bodies), _CHUNK):
            by_model: dict[str, list[tuple[int, Assessment]]] = {}
            for index, body in enumerate(bodies[start : start + _CHUNK], start):
                stored = decode(body)
                version = stored.model.version
                by_model.setdefault(version if version in self._judges else self._first, []).append((index, stored))
            for version, numbered in by_model.items():
                judge = self._judges[version]
                expected = judge.predictor.assess([_reading(each, judge) for _, each in numbered])
                pairs = zip(numbered, expected, strict=True)
                found += [index for (index, one), other in pairs if not _same(one, other)]
        return sorted(found)


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
