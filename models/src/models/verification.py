"""Checks of a model artifact that need no unpickling: manifest, sizes, hashes, library versions, features.

Unpickling runs code, so nothing is unpickled before its bytes are known to be those that were packed.
"""

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import msgspec
import numpy as np
import sklearn

from models.equipment import Profile
from models.manifest import FORMAT, Manifest, content_digest, decode, feature_entries

MANIFEST = "manifest.json"
SCALER, FAILURE_MODEL, ANOMALY_MODEL = "scaler.joblib", "failure_model.joblib", "anomaly_model.joblib"
FILES = (SCALER, FAILURE_MODEL, ANOMALY_MODEL)
_LARGEST_MANIFEST = 16 * 2**20  # bytes
REBUILD = "make it again with `pm-models train`"


class ArtifactError(Exception):
    """An artifact cannot be used; the message is one sentence: which file, what is wrong with it, what to do."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The checked bytes of an artifact. What is loaded must be these bytes, not the files read again."""

    manifest: Manifest
    digest: str
    files: dict[str, bytes]


def libraries() -> dict[str, str]:
    """Versions of what wrote, or would read, the files."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "joblib": joblib.__version__,
    }


def verify(directory: Path, profile: Profile) -> Verified:
    """Read the artifact once and check all that can be checked without unpickling. Raises ArtifactError."""
    body = _read(directory / MANIFEST, None)
    manifest = _manifest(body, directory / MANIFEST)
    files = {}
    for name in FILES:
        if (entry := manifest.files.get(name)) is None:
            raise ArtifactError(f"{directory / MANIFEST} does not list {name}: {REBUILD}")
        data = _read(directory / name, entry.size)
        if (found := hashlib.sha256(data).hexdigest()) != entry.sha256:
            raise ArtifactError(
                f"{directory / name} has sha256 {found}, but the manifest says {entry.sha256}: "
                f"copy the artifact again, or {REBUILD}"
            )
        files[name] = data
    _check_libraries(manifest, directory)
    _check_profile(manifest, profile, directory)
    return Verified(manifest, f"sha256:{hashlib.sha256(body).hexdigest()}", files)


def _read(path: Path, size: int | None) -> bytes:
    try:
        found = path.stat().st_size
        if size is None and found > _LARGEST_MANIFEST:
            raise ArtifactError(f"{path} has {found} bytes, too many for a manifest: {REBUILD}")
        if size is not None and found != size:
            raise ArtifactError(
                f"{path} has {found} bytes, but the manifest says {size}: copy the artifact again, or {REBUILD}"
            )
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}): {REBUILD}") from error


def _manifest(body: bytes, path: Path) -> Manifest:
    try:
        manifest = decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{path} is not a manifest of format {FORMAT} ({error}): {REBUILD}") from error
    if manifest.format != FORMAT:
        raise ArtifactError(f"{path} has format {manifest.format}, this program reads format {FORMAT}: {REBUILD}")
    if (found := content_digest(manifest)) != manifest.content_digest:
        raise ArtifactError(
            f"{path} was changed after it was written: its content has {found}, but it says {manifest.content_digest}: "
            f"copy the artifact again, or {REBUILD}"
        )
    return manifest


def _check_libraries(manifest: Manifest, directory: Path) -> None:
    """scikit-learn exactly: its pickles promise nothing across versions. The others by major and minor version."""
    for library, here in libraries().items():
        there = manifest.libraries.get(library, "none")
        parts = 3 if library == "scikit-learn" else 2
        if there.split(".")[:parts] != here.split(".")[:parts]:
            raise ArtifactError(
                f"{directory / MANIFEST} was written with {library} {there}, here is {here}: "
                f"install the locked requirements, or {REBUILD}"
            )


def _check_profile(manifest: Manifest, profile: Profile, directory: Path) -> None:
    path = directory / MANIFEST
    if manifest.name != profile.name:
        raise ArtifactError(f"{path} is a model of {manifest.name}, not of {profile.name}: name the right artifact")
    expected = feature_entries(profile)
    for what, there, here in (
        ("features", [entry.name for entry in manifest.features], [entry.name for entry in expected]),
        ("definitions of the features", manifest.features, expected),
        ("signals", manifest.signals, list(profile.signal_names)),
        ("modes", manifest.modes, [mode.name for mode in profile.predicted_modes]),
        ("product types", manifest.product_types, list(profile.types)),
    ):
        if there != here:
            first = _first_difference(there, here)
            raise ArtifactError(f"{path} has other {what} than the profile {profile.name} ({first}): {REBUILD}")


def _first_difference(there: Sequence[object], here: Sequence[object]) -> str:
    for position, (old, new) in enumerate(zip(there, here, strict=False)):
        if old != new:
            return f"position {position}: {old} there, {new} here"
    return f"{len(there)} there, {len(here)} here"
