"""A refused artifact: the process stays up, is not ready, judges nothing and says why."""

import logging
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inference.problems import ModelNotReady
from services.inference.tests.examples import ARTIFACT, EXAMPLE, inference_on


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A copy of the artifact with one bit of the forest flipped."""
    copy = tmp_path / "artifact"
    shutil.copytree(ARTIFACT, copy)
    forest = copy / "failure_model.joblib"
    content = bytearray(forest.read_bytes())
    content[len(content) // 2] ^= 1
    forest.write_bytes(bytes(content))
    return copy


def test_a_damaged_artifact_is_not_ready_and_judges_nothing(damaged: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    inference = inference_on(damaged)
    (line,) = [record for record in caplog.records if record.message == "model refused"]
    assert "failure_model.joblib" in line.__dict__["reason"]
    with TestClient(inference.http_app(), raise_server_exceptions=False) as client:
        assert client.get("/livez").status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert "failure_model.joblib" in ready.json()["detail"]
        answer = client.post("/api/predict", json=EXAMPLE)
        assert (answer.status_code, answer.json()["code"]) == (503, "model_not_ready")
        assert "retry-after" in answer.headers


def test_the_stream_role_does_not_start_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelNotReady):
        inference_on(tmp_path / "nothing").model.judge()
