"""The manifest of a model artifact: what is in it, what it was made from and with, how good it is, and golden answers.

`content_digest` covers everything else in the manifest, so that an edited manifest is noticed before anything is
loaded on its word. Against somebody who can rewrite the whole directory only a signature would help.
"""

import hashlib

import msgspec

from models.equipment import Profile
from models.evaluation import Metrics

FORMAT = 1


class FileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the artifact: hex SHA-256 and size in bytes."""

    sha256: str
    size: int


class FeatureEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the feature matrix, as the profile defined it when the model was trained."""

    name: str
    kind: str
    of: list[str]
    cause: str
    unit: str
    anomaly: bool


class ThresholdEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At or above `failure` the prediction is 1; at or above `anomaly` the reading is an anomaly."""

    failure: float
    anomaly: float


class DataEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The training data: where from, how much, which failures, and the digest of its numbers."""

    source: str
    rows: int
    failures: int
    modes: dict[str, int]
    digest: str
    seed: int | None


class GoldenReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reading (signals in profile order and units) and what the model answered when it was packed."""

    values: list[float]
    product_type: str
    failure_probability: float
    modes: list[float]
    anomaly_score: float
    contributions: list[float]


class Histogram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a feature was spread in the training data: `counts[i]` rows in [edges[i], edges[i + 1]], for drift checks."""

    feature: str
    edges: list[float]
    counts: list[int]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`manifest.json`. `envelope` is the smallest and largest value of each signal in the training data."""

    format: int
    name: str
    version: str
    created_at: str
    files: dict[str, FileEntry]
    libraries: dict[str, str]
    product_types: list[str]
    signals: list[str]
    features: list[FeatureEntry]
    modes: list[str]
    data: DataEntry
    training_seed: int
    thresholds: ThresholdEntry
    metrics: Metrics
    envelope: dict[str, tuple[float, float]]
    reference: list[Histogram]
    golden: list[GoldenReading]
    content_digest: str


def feature_entries(profile: Profile) -> list[FeatureEntry]:
    """The profile's features in order."""
    return [
        FeatureEntry(feature.name, feature.kind, list(feature.of), feature.cause, feature.unit, feature.anomaly)
        for feature in profile.features
    ]


def content_digest(manifest: Manifest) -> str:
    """`sha256:` and hex digest of the manifest without its own digest."""
    blank = msgspec.structs.replace(manifest, content_digest="")
    return f"sha256:{hashlib.sha256(msgspec.json.encode(blank, order='sorted')).hexdigest()}"


def seal(manifest: Manifest) -> Manifest:
    """The manifest with the digest of its content."""
    return msgspec.structs.replace(manifest, content_digest=content_digest(manifest))


def encode(manifest: Manifest) -> bytes:
    """JSON bytes for people and programs."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode(body: bytes) -> Manifest:
    """The manifest in `body`. Raises msgspec.DecodeError or msgspec.ValidationError for anything else."""
    return msgspec.json.decode(body, type=Manifest)
