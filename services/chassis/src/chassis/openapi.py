"""OpenAPI for msgspec types: components from structs, references in routes, one error type everywhere."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chassis.problem import CONTENT_TYPE, Problem, ProblemDocument

_REF = "#/components/schemas/{name}"


def answers(
    status: int, struct: type, problems: Sequence[type[Problem]] = (), media_type: str = "application/json"
) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: one success with `struct` as its body, and the problems it may answer with."""
    schema = {"$ref": _REF.format(name=struct.__name__)}
    documented: dict[int | str, dict[str, Any]] = {
        status: {"description": (struct.__doc__ or "").split("\n")[0], "content": {media_type: {"schema": schema}}}
    }
    for problem in problems:
        body = {"schema": {"$ref": _REF.format(name=ProblemDocument.__name__)}}
        documented[problem.status] = {"description": problem.title, "content": {CONTENT_TYPE: body}}
    return documented


def request_body(
    schema: type | dict[str, Any],
    media_types: Sequence[str] = ("application/json",),
    examples: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The `openapi_extra=` of a route that reads its body itself. `schema` is a struct or a JSON Schema."""
    shape = schema if isinstance(schema, dict) else {"$ref": _REF.format(name=schema.__name__)}
    content: dict[str, Any] = {"schema": shape}
    if examples:
        content["examples"] = {name: {"value": value} for name, value in examples.items()}
    return {"requestBody": {"required": True, "content": dict.fromkeys(media_types, content)}}


def publish_schemas(app: FastAPI, structs: Sequence[type], schemas: dict[str, dict[str, Any]] | None = None) -> None:
    """Make `app.openapi()` carry the components of `structs`, of the problem document, and `schemas` by name.

    FastAPI's own validation error schema is left out: every error is a problem document.
    """

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            built = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                summary=app.summary,
            )
            _, components = msgspec.json.schema_components([*structs, ProblemDocument], ref_template=_REF)
            own = built.setdefault("components", {}).setdefault("schemas", {})
            own.update(components)
            own.update(schemas or {})
            _replace_validation_errors(built)
            app.openapi_schema = built
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the extension point FastAPI documents


def _replace_validation_errors(document: dict[str, Any]) -> None:
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            answer = operation.get("responses", {}).get("422", {})
            if "HTTPValidationError" in str(answer):
                operation["responses"]["422"] = {
                    "description": "Malformed request",
                    "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(name=ProblemDocument.__name__)}}},
                }
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
