"""A model from disk: loaded only after verification, believed only after its golden answers hold."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.preprocessing import StandardScaler

from models.compiled import CompiledModel
from models.equipment import Profile
from models.golden import difference
from models.manifest import Manifest
from models.verification import ANOMALY_MODEL, FAILURE_MODEL, REBUILD, SCALER, ArtifactError, Verified, verify

__all__ = ["Artifact", "ArtifactError", "load", "unpickle"]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A verified model. `digest` is `sha256:` and the hex digest of the manifest's bytes."""

    manifest: Manifest
    digest: str
    profile: Profile
    compiled: CompiledModel


@dataclass(frozen=True, slots=True)
class Estimators:
    """The unpickled scikit-learn estimators of a verified artifact."""

    scaler: Any
    failure_model: Any
    anomaly_model: Any


def load(directory: Path, profile: Profile) -> Artifact:
    """Verify, unpickle, compile, recompute the golden answers. Raises ArtifactError with one sentence."""
    verified = verify(directory, profile)
    estimators = unpickle(verified, directory)
    compiled = CompiledModel(estimators.scaler, estimators.failure_model, estimators.anomaly_model, profile)
    if (changed := difference(verified.manifest.golden, compiled, profile)) is not None:
        raise ArtifactError(f"{directory} does not answer as it did: {changed}; {REBUILD}")
    return Artifact(verified.manifest, verified.digest, profile, compiled)


def unpickle(verified: Verified, directory: Path) -> Estimators:
    """The estimators from the verified bytes. Raises ArtifactError if they are not what the names say."""
    kinds = {SCALER: StandardScaler, FAILURE_MODEL: RandomForestClassifier, ANOMALY_MODEL: IsolationForest}
    loaded = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, kind in kinds.items():
            try:
                loaded[name] = joblib.load(io.BytesIO(verified.files[name]))
            # Unpickling can raise anything; whatever it is, the file is of no use here.
            except Exception as error:
                raise ArtifactError(
                    f"{directory / name} cannot be loaded ({type(error).__name__}): {REBUILD}"
                ) from error
            if type(loaded[name]) is not kind:
                raise ArtifactError(
                    f"{directory / name} holds a {type(loaded[name]).__name__}, not a {kind.__name__}: {REBUILD}"
                )
    return Estimators(loaded[SCALER], loaded[FAILURE_MODEL], loaded[ANOMALY_MODEL])
