"""The OpenAPI document and the door say the same, whatever is asked."""

from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ingest.formats import NDJSON

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Fixed cases: what is drawn anew each time is in test_hostile_bodies.
_BOUNDED = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_answer_is_as_documented(app: FastAPI) -> None:
    document = schemathesis.openapi.from_asgi("/ingest/openapi.json", app)
    asked = []
    for found in document.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked.append(operation.label)

        @_BOUNDED
        @given(operation.as_strategy())
        def check(case: Case[Any]) -> None:
            # Schemathesis cannot write NDJSON; test_hostile_bodies does.
            assume(case.media_type != NDJSON)
            case.call_and_validate(checks=_CHECKS)

        check()
    assert asked == ["POST /ingest/readings"]
