"""The express lane answers what the documented route answers, and leaves it everything it should not answer."""

import json
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from chassis.telemetry import Telemetry
from inference.app import Inference
from inference.settings import InferenceSettings
from services.inference.tests.examples import ARTIFACT, EXAMPLE, OVERSTRAIN

TIMED: dict[str, Any] = OVERSTRAIN | {"observed_at": "2026-01-31T12:00:00Z", "event_id": "one"}


class Served:
    """A process of inference, its registry and a client."""

    def __init__(self, exporter: InMemorySpanExporter | None = None) -> None:
        self.registry = CollectorRegistry()
        self.app = Inference(InferenceSettings(artifact=ARTIFACT), Telemetry("inference", exporter), self.registry)
        self.client = TestClient(self.app.http_app(), raise_server_exceptions=False)

    def post(self, body: object, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post("/api/predict", content=content, headers={"content-type": "application/json"} | headers)

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture(scope="module")
def served() -> Served:
    return Served()


def test_both_ways_give_the_same_answer_and_headers(served: Served) -> None:
    express = served.post(TIMED)
    documented = served.post(TIMED, **{"content-type": "application/json; charset=utf-8"})
    bodies = [answer.json() for answer in (express, documented)]
    for body in bodies:
        del body["received_at"]
    assert bodies[0] == bodies[1]
    assert express.status_code == documented.status_code == 200
    assert dict(express.headers) == dict(documented.headers) | {"content-length": express.headers["content-length"]}


@pytest.mark.parametrize("content_type", ["application/json", "application/json;charset=utf-8"])
def test_a_request_is_counted_once_on_either_way(content_type: str) -> None:
    served = Served()
    served.post(EXAMPLE, **{"content-type": content_type})
    labels = {"method": "POST", "route": "/api/predict"}
    assert served.counted("pm_inference_http_requests_total", **labels, status="200") == 1
    assert served.counted("pm_inference_http_request_seconds_count", **labels) == 1
    assert served.counted("pm_inference_scoring_seconds_count", door="predict") == 1
    assessed = {"door": "predict", "status": "assessed", "prediction": "0"}
    assert served.counted("pm_inference_assessments_total", **assessed) == 1


def test_a_refusal_is_told_and_counted_once() -> None:
    served = Served()
    answer = served.post(EXAMPLE | {"air_temperature": 25})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_unit_suspected")
    assert int(answer.json()["trace_id"], 16) != 0
    assert served.counted("pm_inference_refusals_total", door="predict", code="wrong_unit_suspected") == 1
    labels = {"method": "POST", "route": "/api/predict", "status": "422"}
    assert served.counted("pm_inference_http_requests_total", **labels) == 1


def test_a_body_beyond_the_limit_is_refused_on_either_way(served: Served) -> None:
    body = json.dumps(EXAMPLE).encode() + b" " * 2**20
    assert served.post(body).status_code == 413


def test_a_body_in_pieces_is_answered(served: Served) -> None:
    body = json.dumps(EXAMPLE).encode()
    pieces = iter([body[:20], body[20:]])
    answer = served.client.post("/api/predict", content=pieces, headers={"content-type": "application/json"})
    assert answer.json()["prediction"] == 0


def test_while_traces_are_exported_every_request_has_its_span() -> None:
    exporter = InMemorySpanExporter()
    assert Served(exporter).post(EXAMPLE).status_code == 200
    assert [span.name for span in exporter.get_finished_spans()] == ["POST /api/predict"]
