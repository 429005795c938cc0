"""The express lane answers what the documented route answers, and leaves it everything it should not answer."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from chassis.server import http_config
from chassis.telemetry import Telemetry
from inference.app import Inference
from inference.settings import InferenceSettings
from services.inference.tests.examples import ARTIFACT, EXAMPLE, OVERSTRAIN

TIMED: dict[str, Any] = OVERSTRAIN | {"observed_at": "2026-01-31T12:00:00Z", "event_id": "one"}


class Served:
    """A server of inference that listens, its registry and a client that keeps its connection."""

    def __init__(self, port: int, client: httpx.Client, registry: CollectorRegistry) -> None:
        self.port, self.client, self.registry = port, client, registry

    def post(self, body: object, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post("/api/predict", content=content, headers={"content-type": "application/json"} | headers)

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0


@contextmanager
def serving(exporter: InMemorySpanExporter | None = None) -> Iterator[Served]:
    registry = CollectorRegistry()
    app = Inference(InferenceSettings(artifact=ARTIFACT), Telemetry("inference", exporter), registry).http_app()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = uvicorn.Server(http_config(app, "127.0.0.1", port, app.state.lanes))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
                yield Served(port, client, registry)
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as served:
        yield served


def test_both_ways_give_the_same_answer_and_headers(served: Served) -> None:
    express = served.post(TIMED)
    documented = served.post(TIMED, **{"content-type": "application/json; charset=utf-8"})
    bodies = [answer.json() for answer in (express, documented)]
    for body in bodies:
        del body["received_at"]
    assert bodies[0] == bodies[1]
    assert express.status_code == documented.status_code == 200
    own = {name: express.headers[name] for name in ("content-length", "date")}
    assert dict(express.headers) == dict(documented.headers) | own


@pytest.mark.parametrize("content_type", ["application/json", "application/json;charset=utf-8"])
def test_a_request_is_counted_once_on_either_way(content_type: str) -> None:
    with serving() as served:
        served.post(EXAMPLE, **{"content-type": content_type})
    labels = {"method": "POST", "route": "/api/predict"}
    assert served.counted("pm_inference_http_requests_total", **labels, status="200") == 1
    assert served.counted("pm_inference_http_request_seconds_count", **labels) == 1
    assert served.counted("pm_inference_scoring_seconds_count", door="predict") == 1
    assessed = {"door": "predict", "status": "assessed", "prediction": "0"}
    assert served.counted("pm_inference_assessments_total", **assessed) == 1


def test_a_refusal_is_told_and_counted_once() -> None:
    with serving() as served:
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
    with serving(exporter) as served:
        assert served.post(EXAMPLE).status_code == 200
    assert [span.name for span in exporter.get_finished_spans()] == ["POST /api/predict"]


def raw(body: bytes, *headers: str) -> bytes:
    """A request as bytes."""
    lines = ["POST /api/predict HTTP/1.1", "Host: here", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def exchanged(served: Served, *pieces: bytes, answers: int) -> list[tuple[int, str]]:
    """Status and `event_id` (or code) of each of the `answers` on one connection that the pieces are written to."""
    found = []
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = connection.makefile("rb")
        for piece in pieces:
            connection.sendall(piece)
        for _ in range(answers):
            status = int(file.readline().split()[1])
            length = 0
            while (line := file.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            body = json.loads(file.read(length))
            found.append((status, body.get("event_id") or body["code"]))
    return found


def test_many_requests_at_once_are_answered_in_their_order(served: Served) -> None:
    named = [json.dumps(TIMED | {"event_id": f"number-{number}"}).encode() for number in range(20)]
    refused = json.dumps(EXAMPLE | {"air_temperature": 25}).encode()
    pieces = b"".join(raw(refused if number % 7 == 3 else body) for number, body in enumerate(named))
    expected = [(422, "wrong_unit_suspected") if n % 7 == 3 else (200, f"number-{n}") for n in range(20)]
    assert exchanged(served, pieces, answers=20) == expected


def test_a_request_that_comes_byte_by_byte_is_answered(served: Served) -> None:
    request = raw(json.dumps(TIMED).encode())
    pieces = [request[number : number + 1] for number in range(len(request))]
    assert exchanged(served, *pieces, answers=1) == [(200, "one")]


def test_a_connection_that_is_to_be_closed_is_closed_after_the_answer(served: Served) -> None:
    answer = served.post(TIMED, connection="close")
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")


def test_a_client_that_waits_to_be_told_to_go_on_is_told(served: Served) -> None:
    body = json.dumps(TIMED).encode()
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(raw(body, "Expect: 100-continue")[: -len(body)])
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_a_failure_is_answered_as_such_and_the_next_request_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ArithmeticError("no number")

    with serving() as served:
        with monkeypatch.context() as patched:
            patched.setattr("inference.predictor.Predictor.assess", fails)
            answer = served.post(EXAMPLE, connection="close")
            assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert served.post(EXAMPLE).status_code == 200
