"""The OpenAPI document and the doors say the same, whatever is asked."""

from inference.app import Inference
from tests.openapi_contract import ask_everything


def test_every_answer_is_as_documented(inference: Inference) -> None:
    assert ask_everything(inference.http_app(), "/api/openapi.json", examples=60) == [
        "POST /api/predict",
        "POST /api/predict/batch",
        "GET /api/models",
        "GET /api/models/{name}",
        "GET /api/schema/{equipment}",
    ]
