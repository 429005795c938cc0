"""The OpenAPI document and the service say the same, whatever is asked."""

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

from services.gateway.tests.running import Gateway

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_BOUNDED = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_answer_is_as_documented(gateway: Gateway) -> None:
    for name in ("M1", "M2"):
        gateway.client.put(f"/gateway/machines/{name}", json={"equipment": "milling"})
    document = schemathesis.openapi.from_asgi("/gateway/openapi.json", gateway.client.app)
    asked = []
    # The stream does not end by itself; test_stream holds it to its description.
    for found in document.exclude(path="/gateway/stream").get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked.append(operation.label)

        @_BOUNDED
        @given(operation.as_strategy())
        def check(case: Case[Any]) -> None:
            case.call_and_validate(checks=_CHECKS)

        check()
    assert len(asked) == 6, asked
