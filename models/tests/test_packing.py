"""What is packed tells everything needed to trust it, and replaces what stood there in one piece."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.artifact import load
from models.crossval import predict
from models.dataset import simulated
from models.evaluation import measure
from models.manifest import decode
from models.packing import pack
from models.profile import Profile
from models.verification import FILES, MANIFEST

from .conftest import SEED, Trained


def test_the_manifest_tells_what_the_model_is_made_of(small_artifact: Path, profile: Profile) -> None:
    artifact = load(small_artifact, profile)
    manifest = artifact.manifest
    assert artifact.digest == "sha256:" + hashlib.sha256((small_artifact / MANIFEST).read_bytes()).hexdigest()
    assert manifest.version.startswith("20260102T030405Z-")
    assert manifest.data.rows == 6_000
    assert manifest.data.digest == simulated(profile, 6_000, SEED).digest()
    assert manifest.data.modes["HDF"] > 0
    assert [entry.name for entry in manifest.features] == list(profile.feature_names)
    assert manifest.metrics.rows > 0
    assert len(manifest.metrics.reliability) == 10
    assert all(sum(histogram.counts) == 6_000 for histogram in manifest.reference)
    assert list(manifest.envelope) == list(profile.signal_names)


def test_golden_readings_hold_failures_of_every_predicted_mode(small_artifact: Path) -> None:
    manifest = decode((small_artifact / MANIFEST).read_bytes())
    assert len(manifest.golden) >= 16
    for position, mode in enumerate(manifest.modes):
        if mode != "TWF":  # no honest model foresees those from one row
            assert any(reading.modes[position] >= 0.5 for reading in manifest.golden), mode
    assert any(reading.failure_probability < 0.05 for reading in manifest.golden)


def test_the_same_rows_and_seed_give_the_same_answers_and_model_files(
    trained: Trained, profile: Profile, tmp_path: Path
) -> None:
    metrics = measure(predict(trained.model, trained.rows, profile), trained.rows, profile, "training rows")
    time = datetime(2026, 1, 1, tzinfo=UTC)
    first, second = (
        pack(trained.model, trained.rows, metrics, profile, SEED, time, tmp_path / name) for name in ("a", "b")
    )
    assert first == second
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted([*FILES, MANIFEST])
    assert json.loads((tmp_path / "a" / MANIFEST).read_bytes())["version"] == first.version


def test_packing_replaces_an_artifact_and_leaves_nothing_beside_it(
    trained: Trained, small_artifact: Path, profile: Profile, tmp_path: Path
) -> None:
    target = tmp_path / "milling"
    shutil.copytree(small_artifact, target)
    metrics = measure(predict(trained.model, trained.rows, profile), trained.rows, profile, "training rows")
    manifest = pack(trained.model, trained.rows, metrics, profile, SEED, datetime.now(UTC), target)
    assert load(target, profile).manifest == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["milling"]


def test_packing_that_fails_keeps_the_old_artifact(
    trained: Trained, small_artifact: Path, profile: Profile, tmp_path: Path
) -> None:
    target = tmp_path / "milling"
    shutil.copytree(small_artifact, target)
    metrics = measure(predict(trained.model, trained.rows, profile), trained.rows, profile, "training rows")
    unwritable = trained.model.__class__(lambda: None, trained.model.failure_model, None, trained.model.thresholds)
    with pytest.raises(Exception, match="pickle"):
        pack(unwritable, trained.rows, metrics, profile, SEED, datetime.now(UTC), target)
    assert load(target, profile)
    assert [path.name for path in tmp_path.iterdir()] == ["milling"]
