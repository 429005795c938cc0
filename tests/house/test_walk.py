"""One reading walks through the whole house: HTTP, log, judgement, row, and one trace from end to end."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from starlette.testclient import TestClient

from chassis.embedded_log import EmbeddedLog
from chassis.telemetry import Telemetry
from gateway.settings import GatewaySettings
from inference.settings import InferenceSettings
from ingest.settings import IngestSettings
from standalone.app import Standalone
from tests.server import ARTIFACT, poll_until

READING = {
    "machine_id": "L47340",
    "air_temperature": 298.4,
    "process_temperature": 308.2,
    "rotational_speed": 1282,
    "torque": 60.7,
    "tool_wear": 216,
}


class House:
    """The standalone application inside the test, with its spans and metrics in reach."""

    def __init__(self, folder: Path) -> None:
        self.spans = InMemorySpanExporter()
        self.registry = CollectorRegistry()
        self.log = EmbeddedLog(folder / "log.sqlite3")
        web = folder / "web"
        web.mkdir()
        (web / "index.html").write_text("<!doctype html><title>test</title><script>run()</script>")
        self.standalone = Standalone(
            log=self.log,
            web=web,
            inference=InferenceSettings(artifact=ARTIFACT),
            ingest_settings=IngestSettings(),
            gateway_settings=GatewaySettings(database_url=f"sqlite:///{folder / 'gateway.sqlite3'}"),
            registry=self.registry,
            telemetry=lambda service: Telemetry(service, self.spans),
        )
        self.client = TestClient(self.standalone.asgi())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    with house.client:
        yield house
    house.log.close()


def stored(house: House, machine_id: str) -> dict[str, Any] | None:
    answer = house.client.get(f"/gateway/machines/{machine_id}")
    body = answer.json()
    return body if answer.status_code == 200 and body["last_assessment"] else None


def test_a_posted_reading_is_stored_with_the_numbers_of_predict(house: House) -> None:
    (result,) = house.client.post("/ingest/readings", json=READING).json()["results"]
    machine = poll_until(lambda: stored(house, "L47340"), 10, "the reading is stored")
    assessment = machine["last_assessment"]
    assert assessment["event_id"] == result["event_id"]
    assert machine["state"] == "live"
    asked = house.client.post("/api/predict", json=READING).json()
    for key in ("failure_probability", "anomaly_score", "prediction", "modes", "reasons", "rules", "model"):
        assert assessment[key] == asked[key], key


def test_one_trace_reaches_from_the_request_to_the_row(house: House) -> None:
    answer = house.client.post("/ingest/readings", json=READING)
    assert answer.status_code == 202
    poll_until(lambda: stored(house, "L47340"), 10, "the reading is stored")
    spans = poll_until(lambda: the_walk(house), 10, "the last span is there")
    assert len({span.context.trace_id for span in spans if span.context}) == 1
    by_name = {span.name: span for span in spans}
    assert is_child(by_name["send pm.readings"], by_name["POST /ingest/readings"])
    assert is_child(by_name["process pm.readings"], by_name["send pm.readings"])
    assert is_child(by_name["process pm.assessments"], by_name["process pm.readings"])


def the_walk(house: House) -> list[ReadableSpan] | None:
    """The four spans of the reading's way, once all of them have ended."""
    names = {"POST /ingest/readings", "send pm.readings", "process pm.readings", "process pm.assessments"}
    spans = [span for span in house.spans.get_finished_spans() if span.name in names]
    return spans if {span.name for span in spans} == names else None


def is_child(span: ReadableSpan, parent: ReadableSpan) -> bool:
    return span.parent is not None and parent.context is not None and span.parent.span_id == parent.context.span_id


def test_a_machine_is_never_a_label_of_a_metric(house: House) -> None:
    house.client.post("/ingest/readings", json=READING)
    poll_until(lambda: stored(house, "L47340"), 10, "the reading is stored")
    house.client.get("/gateway/machines/L47340/timeline")
    text = generate_latest(house.registry).decode()
    assert "pm_ingest_" in text
    assert "pm_inference_" in text
    assert "pm_gateway_" in text
    assert "L47340" not in text


def test_pages_and_services_share_one_origin(house: House) -> None:
    page = house.client.get("/machines/L47340")
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "require-trusted-types-for" in policy
    assert f"script-src 'self' 'sha256-{b64encode(sha256(b'run()').digest()).decode()}';" in policy
    missing = house.client.get("/assets/gone.js")
    assert missing.status_code == 404
    assert "html" not in missing.headers["content-type"]
    for path in ("/api/nothing", "/ingest/nothing", "/gateway/nothing", "/api", "/gateway"):
        answer = house.client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
    poll_until(lambda: house.client.get("/readyz").status_code == 200, 10, "every part has joined the log")
