"""The OpenAPI document and the door say the same, whatever is asked."""

from fastapi import FastAPI
from schemathesis.specs.openapi.checks import response_headers_conformance

from ingest.formats import NDJSON
from tests.openapi_contract import ask_everything


def test_every_answer_is_as_documented(app: FastAPI) -> None:
    # Schemathesis cannot write NDJSON; test_hostile_bodies does.
    asked = ask_everything(
        app, "/ingest/openapi.json", examples=100, unwritable=[NDJSON], more_checks=[response_headers_conformance]
    )
    assert asked == ["POST /ingest/readings"]
