"""Asks a service everything its OpenAPI document offers, and holds every answer to that document.

The cases are the same in every run; what is drawn anew each time is in the services' own tests of hostile input.
"""

from collections.abc import Collection, Sequence
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

_CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


def already_running(app: Any) -> Any:
    """The application for askers that would start it once more for each question; its threads run already."""

    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for phase in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{phase}.complete"})

    return without_lifespan


def ask_everything(
    app: Any,
    document: str,
    *,
    examples: int,
    without: Collection[str] = (),
    unwritable: Collection[str] = (),
    more_checks: Sequence[Any] = (),
) -> list[str]:
    """Ask `examples` cases of every operation; the labels of the operations asked, such as `GET /gateway/machines`.

    `document` is the path of the OpenAPI document. `without` are paths that are left out; cases of the media types
    `unwritable` are passed over.
    """
    bounded = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    schema = schemathesis.openapi.from_asgi(document, app)
    asked = []
    for found in (schema.exclude(path=list(without)) if without else schema).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked.append(operation.label)

        @bounded
        @given(operation.as_strategy())
        def check(case: Case[Any]) -> None:
            assume(case.media_type not in unwritable)
            case.call_and_validate(checks=[*_CHECKS, *more_checks])

        check()
    return asked
