"""`pm-models` as people use it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.__main__ import app
from models.artifact import load
from models.csv_table import read_csv
from models.dataset import simulated
from models.profile import Profile


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_simulated_rows_survive_the_csv_file(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    assert "1500 rows" in run("simulate", "--rows", "1500", "--seed", "4", "--out", str(path))
    assert read_csv(path, profile).digest() == simulated(profile, 1_500, 4).digest()


@pytest.mark.slow
def test_a_model_is_trained_on_a_csv_file_and_cross_validated(profile: Profile, tmp_path: Path) -> None:
    path, out = tmp_path / "rows.csv", tmp_path / "milling"
    run("simulate", "--rows", "1500", "--seed", "4", "--out", str(path))
    output = run("train", "--data", str(path), "--out", str(out))
    assert "stratified 5-fold cross-validation" in output
    manifest = load(out, profile).manifest
    assert manifest.data.source.startswith("rows.csv (sha256:")
    assert manifest.data.seed is None
    assert manifest.metrics.rows == 1_500


def test_an_artifact_is_verified_and_inspected(small_artifact: Path) -> None:
    assert "is sound: milling 20260102T030405Z-" in run("verify", str(small_artifact))
    output = run("inspect", str(small_artifact))
    for word in ("6000 rows", "rules alone", "HDF", "thresholds", "scikit-learn", "golden"):
        assert word in output


@pytest.mark.parametrize("command", ["simulate", "train", "evaluate", "verify", "inspect"])
def test_every_command_explains_itself(command: str) -> None:
    assert "--equipment" in run(command, "--help")
