"""The models that replays can be scored with: the live one, and candidates that wait beside it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chassis.replay import Evaluation, ModelCard
from inference.door import Judge
from inference.predictor import Predictor
from models.artifact import Artifact, ArtifactError, load
from models.manifest import Manifest
from models.profile import Profile
from models.reading import ReadingDecoder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scorer:
    """A verified model, and what is told about it."""

    judge: Judge
    card: ModelCard


def scorers(live: Artifact, candidates: Path | None, profile: Profile) -> Mapping[str, Scorer]:
    """The models by digest. Each directory in `candidates` is an artifact, verified like the live one.

    A candidate that is refused is left out, and the log says why: it must not keep live readings waiting.
    """
    found = {live.digest: _scorer(live, profile, is_live=True)}
    for directory in sorted(candidates.iterdir()) if candidates is not None and candidates.is_dir() else []:
        if not directory.is_dir() or directory.name.startswith("."):
            continue
        try:
            artifact = load(directory, profile)
        except ArtifactError as error:
            log.warning("candidate refused", extra={"artifact": str(directory), "reason": str(error)})
            continue
        found.setdefault(artifact.digest, _scorer(artifact, profile, is_live=False))
        log.info("candidate loaded", extra={"version": artifact.manifest.version, "digest": artifact.digest})
    return found


def _scorer(artifact: Artifact, profile: Profile, *, is_live: bool) -> Scorer:
    decoder = ReadingDecoder({profile.name: profile}, profile.name)
    judge = Judge(profile, decoder, Predictor(profile, artifact))
    return Scorer(judge, _card(artifact.manifest, artifact.digest, profile, is_live))


def _card(manifest: Manifest, digest: str, profile: Profile, is_live: bool) -> ModelCard:
    return ModelCard(
        name=manifest.name,
        version=manifest.version,
        digest=digest,
        equipment=profile.name,
        is_live=is_live,
        trained_on=manifest.data.source,
        rows=manifest.data.rows,
        created_at=manifest.created_at,
        evaluation={
            curve.condition: Evaluation(curve.rows, curve.failures, curve.points) for curve in manifest.metrics.curves
        },
    )
