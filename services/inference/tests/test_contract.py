"""The OpenAPI document and the doors say the same, whatever is asked."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inference.app import Inference

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Fixed cases: what is drawn anew each time is in test_predict.
_BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_answer_is_as_documented(inference: Inference) -> None:
    document = schemathesis.openapi.from_asgi("/api/openapi.json", inference.http_app())
    asked = []
    for found in document.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked.append(operation.label)

        @_BOUNDED
        @given(operation.as_strategy())
        def check(case: Case[Any]) -> None:
            case.call_and_validate(checks=_CHECKS)

        check()
    assert asked == [
        "POST /api/predict",
        "POST /api/predict/batch",
        "GET /api/models",
        "GET /api/models/{name}",
        "GET /api/schema/{equipment}",
    ]
