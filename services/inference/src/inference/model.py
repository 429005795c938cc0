"""The model of this process: verified and loaded once at start, or refused with the reason.

A refused artifact does not end the process: it stays up and not ready, so that older replicas keep serving and
`/readyz` tells what is wrong.
"""

import logging
from pathlib import Path

from inference.door import Judge
from inference.metrics import InferenceMetrics
from inference.predictor import Predictor
from inference.problems import ModelNotReady
from models.artifact import Artifact, ArtifactError, load
from models.profile import Profile
from models.reading import ReadingDecoder

log = logging.getLogger(__name__)


class Model:
    """A judge and its artifact, or the sentence that says why there is none."""

    def __init__(self, directory: Path, profile: Profile, metrics: InferenceMetrics) -> None:
        self.profile = profile
        self.refusal: str | None = None
        self._artifact: Artifact | None = None
        self._judge: Judge | None = None
        try:
            self._artifact = load(directory, profile)
        except ArtifactError as error:
            self.refusal = str(error)
            metrics.ready.set(0)
            log.error("model refused", extra={"artifact": str(directory), "reason": self.refusal})
            return
        decoder = ReadingDecoder({profile.name: profile}, profile.name)
        self._judge = Judge(profile, decoder, Predictor(profile, self._artifact))
        manifest = self._artifact.manifest
        metrics.ready.set(1)
        metrics.model.labels(manifest.name, manifest.version, self._artifact.digest).set(1)
        log.info(
            "model loaded", extra={"model": manifest.name, "version": manifest.version, "digest": self._artifact.digest}
        )

    def judge(self) -> Judge:
        """Raises ModelNotReady while there is no verified model."""
        if self._judge is None:
            raise ModelNotReady("no verified model is loaded; the log says why", retry_after_s=10)
        return self._judge

    def artifact(self) -> Artifact:
        """Raises ModelNotReady while there is no verified model."""
        if self._artifact is None:
            raise ModelNotReady("no verified model is loaded; the log says why", retry_after_s=10)
        return self._artifact
