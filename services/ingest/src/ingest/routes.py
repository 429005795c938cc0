"""The routes of ingest with their OpenAPI descriptions."""

from typing import Any

from fastapi import FastAPI

from chassis.openapi import answers, publish_schemas
from chassis.problem import BodyTooLarge, FieldError
from ingest.formats import CSV, JSON, NDJSON
from ingest.problems import MalformedBody, NotAcknowledged, WrongContentType
from ingest.readings import ReadingsDoor
from ingest.results import ItemResult, ReadingsAnswer, ReadingsProblemDocument
from models.profile import Profile
from models.schema import json_schema

_DESCRIPTION = """One reading, an array of readings, one reading per line (NDJSON), or CSV with a header.

Answers 202 when at least one reading was accepted and every accepted one is safely on the log. A reading without
`event_id` gets one: from machine, time and content; in CSV rows without time and id from machine, content and the
number of equal rows before it, so that sending the same file again changes nothing. A reading without `observed_at`
counts as observed when it was received. After a 503 send the readings again with the ids in `results`: they count once.
"""
_PROBLEMS = (WrongContentType, BodyTooLarge, MalformedBody, NotAcknowledged)


def add_routes(app: FastAPI, prefix: str, door: ReadingsDoor, profile: Profile, max_readings: int) -> None:
    """Declare the routes under `prefix`; `profile` is the one that the documented example and schema show."""
    app.post(
        f"{prefix}/readings",
        status_code=202,
        summary="Send readings",
        description=_DESCRIPTION,
        operation_id="postReadings",
        responses=_responses(),
        openapi_extra={"requestBody": {"required": True, "content": _request_content(profile, max_readings)}},
    )(door.post)
    publish_schemas(
        app, [ReadingsAnswer, ReadingsProblemDocument, ItemResult, FieldError], {"Reading": json_schema(profile)}
    )


def _responses() -> dict[int | str, dict[str, Any]]:
    documented = answers(202, ReadingsAnswer, _PROBLEMS)
    for status in (MalformedBody.status, NotAcknowledged.status):
        for content in documented[status]["content"].values():
            content["schema"] = {"$ref": f"#/components/schemas/{ReadingsProblemDocument.__name__}"}
    retry_after = {"description": "Seconds to wait before sending again", "schema": {"type": "integer", "minimum": 1}}
    documented[NotAcknowledged.status]["headers"] = {"Retry-After": retry_after}
    return documented


def _request_content(profile: Profile, max_readings: int) -> dict[str, Any]:
    one = {"$ref": "#/components/schemas/Reading"}
    preset = profile.presets[0]
    example = {"udi": preset.machine_id, **dict(zip(profile.signal_names, preset.values, strict=True))}
    header = ",".join(example)
    row = ",".join(str(value) for value in example.values())
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": max_readings}
    return {
        JSON: {"schema": {"oneOf": [one, many]}, "examples": {"one": {"value": example}, "many": {"value": [example]}}},
        NDJSON: {"schema": {"type": "string"}},
        CSV: {"schema": {"type": "string"}, "example": f"{header}\n{row}\n"},
    }
