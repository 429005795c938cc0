"""The OpenAPI document and the service say the same, whatever is asked."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

Gateway = Any  # the fixture's class lives in conftest, which tests cannot import


@pytest.fixture
def document(gateway: Gateway) -> Any:
    for name in ("M1", "M2"):
        gateway.client.put(f"/gateway/machines/{name}", json={"equipment": "milling"})
    return schemathesis.openapi.from_asgi("/gateway/openapi.json", gateway.client.app).exclude(path="/gateway/stream")


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_documented(case: Case) -> None:
    case.call_and_validate(
        checks=[not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    )
