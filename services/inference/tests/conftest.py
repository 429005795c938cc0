"""Inference on the artifact that `make model` builds."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from inference.app import Inference
from services.inference.tests.examples import ARTIFACT, inference_on


@pytest.fixture(scope="session")
def inference() -> Inference:
    made = inference_on(ARTIFACT)
    assert made.model.refusal is None, made.model.refusal
    return made


@pytest.fixture(scope="session")
def client(inference: Inference) -> Iterator[TestClient]:
    with TestClient(inference.http_app(), raise_server_exceptions=False) as client:
        yield client
