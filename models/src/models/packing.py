"""Puts a trained model on disk in one piece, with everything its manifest must tell."""

import hashlib
import io
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from models.compiled import CompiledModel
from models.dataset import Dataset
from models.equipment import Profile
from models.evaluation import Metrics
from models.features import features
from models.golden import golden_readings
from models.manifest import (
    FORMAT,
    DataEntry,
    FileEntry,
    Histogram,
    Manifest,
    ThresholdEntry,
    encode,
    feature_entries,
    seal,
)
from models.training import TrainedModel
from models.verification import ANOMALY_MODEL, FAILURE_MODEL, MANIFEST, SCALER, libraries

_HISTOGRAM_BINS = 20


def pack(
    model: TrainedModel,
    rows: Dataset,
    metrics: Metrics,
    profile: Profile,
    seed: int,
    created_at: datetime,
    directory: Path,
) -> Manifest:
    """Write the artifact of a model trained on `rows`; replaces what stands at `directory`, never leaves half of it."""
    files = {
        SCALER: _pickled(model.scaler),
        FAILURE_MODEL: _pickled(model.failure_model),
        ANOMALY_MODEL: _pickled(model.anomaly_model),
    }
    manifest = _manifest(model, rows, metrics, profile, seed, created_at.astimezone(UTC), files)
    directory.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the final step is a rename inside one file system.
    scratch = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        new, old = scratch / "new", scratch / "old"
        new.mkdir()
        for name, data in (*files.items(), (MANIFEST, encode(manifest))):
            _write(new / name, data)
        if directory.exists():
            directory.rename(old)
        try:
            new.rename(directory)
        except OSError:
            if old.exists():
                old.rename(directory)
            raise
    finally:
        shutil.rmtree(scratch)
    return manifest


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _pickled(estimator: Any) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(estimator, buffer, compress=3)
    return buffer.getvalue()


def _manifest(
    model: TrainedModel,
    rows: Dataset,
    metrics: Metrics,
    profile: Profile,
    seed: int,
    created_at: datetime,
    files: dict[str, bytes],
) -> Manifest:
    compiled = CompiledModel(model.scaler, model.failure_model, model.anomaly_model, profile)
    digest = rows.digest()
    content = hashlib.sha256(b"".join(files.values())).hexdigest()
    return seal(
        Manifest(
            format=FORMAT,
            name=profile.name,
            version=f"{created_at:%Y%m%dT%H%M%SZ}-{content[:8]}",
            created_at=created_at.isoformat(timespec="seconds"),
            files={name: FileEntry(hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()},
            libraries=libraries(),
            product_types=list(profile.types),
            signals=list(profile.signal_names),
            features=feature_entries(profile),
            modes=[mode.name for mode in profile.predicted_modes],
            data=DataEntry(
                source=rows.source,
                rows=len(rows),
                failures=int(rows.failure.sum()),
                modes=dict(zip(profile.mode_names, rows.modes.sum(axis=0).tolist(), strict=True)),
                digest=digest,
                seed=rows.seed,
            ),
            training_seed=seed,
            thresholds=ThresholdEntry(model.thresholds.failure, model.thresholds.anomaly),
            metrics=metrics,
            envelope={
                name: (float(column.min()), float(column.max()))
                for name, column in zip(profile.signal_names, rows.values.T, strict=True)
            },
            reference=_histograms(rows, profile),
            golden=golden_readings(compiled, rows, profile),
            content_digest="",
        )
    )


def _histograms(rows: Dataset, profile: Profile) -> list[Histogram]:
    matrix = features(rows.values, rows.type_index, profile)
    found = []
    for name, column in zip(profile.feature_names, matrix.T, strict=True):
        counts, edges = np.histogram(column, bins=_HISTOGRAM_BINS)
        found.append(Histogram(name, edges.tolist(), counts.tolist()))
    return found
