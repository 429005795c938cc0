"""The application every service starts from, asked through its HTTP door."""

from collections.abc import Iterator

import msgspec
import pytest
from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry, generate_latest
from starlette.responses import Response
from starlette.testclient import TestClient

from chassis.http_app import create_http_app, json_response
from chassis.http_metrics import HttpMetrics
from chassis.openapi import answers, publish_schemas, request_body
from chassis.problem import CONTENT_TYPE, FieldError, Malformed, NotFound, Unavailable
from chassis.telemetry import Telemetry


class Cup(msgspec.Struct):
    """A cup."""

    volume_ml: float


_SHELF = [{"volume_ml": 200.0}] * 1_000


class Kitchen:
    """An application with one route per kind of ending, and what its readiness says."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.registry = CollectorRegistry()
        self.app = create_http_app(
            title="Kitchen",
            version="1",
            prefix="/kitchen",
            readiness=lambda: self.reason,
            telemetry=Telemetry("kitchen"),
            metrics=HttpMetrics(self.registry, "kitchen"),
            max_body_bytes=64,
        )
        _routes(self.app)
        publish_schemas(self.app, [Cup])


def _routes(app: FastAPI) -> None:
    @app.post(
        "/kitchen/cups/{name}", responses=answers(200, Cup, (NotFound, Malformed)), openapi_extra=request_body(Cup)
    )
    async def fill(name: str, request: Request) -> Response:
        body = await request.body()
        if name == "away":
            raise Unavailable("the kettle is away", retry_after_s=2)
        if name == "broken":
            raise RuntimeError("SELECT secret FROM kettle")
        if name == "bad":
            raise Malformed("no cup", errors=[FieldError("/volume_ml", "too much", suggested=200.0)])
        return json_response(Cup(float(len(body))))

    @app.api_route("/kitchen/shelf", methods=["GET", "POST"], include_in_schema=False)
    async def shelf() -> Response:
        return json_response(_SHELF)

    @app.get("/kitchen/steam", include_in_schema=False)
    async def steam() -> Response:
        return Response(b"data: hiss\n\n" * 1_000, media_type="text/event-stream")

    @app.get("/kitchen/count", responses=answers(200, Cup))
    async def count(limit: int = 1) -> Response:
        return json_response(Cup(limit))


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


@pytest.fixture
def client(kitchen: Kitchen) -> Iterator[TestClient]:
    with TestClient(kitchen.app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/kitchen/cups/bad", b"", 422, "malformed"),
        ("POST", "/kitchen/cups/away", b"", 503, "unavailable"),
        ("POST", "/kitchen/cups/broken", b"", 500, "internal"),
        ("POST", "/kitchen/cups/big", b"x" * 65, 413, "body_too_large"),
        ("GET", "/kitchen/nowhere", None, 404, "not_found"),
        ("GET", "/kitchen/cups/bad", None, 405, "method_not_allowed"),
        ("GET", "/kitchen/count?limit=many", None, 422, "malformed"),
    ],
)
def test_every_error_is_a_problem_document(
    client: TestClient, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    answer = client.request(method, path, content=body)
    assert answer.headers["content-type"] == CONTENT_TYPE
    document = answer.json()
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert set(document) >= {"type", "title", "status", "detail", "code", "trace_id"}
    assert len(document["trace_id"]) == 32
    assert int(document["trace_id"], 16) != 0


def test_a_bug_tells_the_caller_nothing_of_the_inside(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.post("/kitchen/cups/broken")
    assert "SELECT" not in answer.text
    assert "SELECT secret" in caplog.text


def test_a_problem_carries_retry_after_and_field_errors(client: TestClient) -> None:
    assert client.post("/kitchen/cups/away").headers["retry-after"] == "2"
    errors = client.post("/kitchen/cups/bad").json()["errors"]
    assert errors == [{"pointer": "/volume_ml", "detail": "too much", "suggested": 200.0}]


def test_a_method_that_is_not_allowed_names_those_that_are(client: TestClient) -> None:
    assert client.get("/kitchen/cups/bad").headers["allow"] == "POST"


def test_probes_tell_life_and_readiness_apart(kitchen: Kitchen, client: TestClient) -> None:
    assert client.get("/readyz").status_code == 200
    kitchen.reason = "the model is not verified"
    assert client.get("/livez").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "the model is not verified")


def test_metrics_count_by_route_template_and_leave_probes_out(kitchen: Kitchen, client: TestClient) -> None:
    client.get("/livez")
    client.post("/kitchen/cups/one", content=b"1")
    client.post("/kitchen/cups/two", content=b"2")
    client.get("/secret/machine/M1")
    text = generate_latest(kitchen.registry).decode()
    assert 'pm_kitchen_http_requests_total{method="POST",route="/kitchen/cups/{name}",status="200"} 2.0' in text
    assert "livez" not in text
    assert "M1" not in text


def test_openapi_has_our_types_and_one_error_type(client: TestClient) -> None:
    document = client.get("/kitchen/openapi.json").json()
    assert {"Cup", "ProblemDocument", "FieldError"} <= set(document["components"]["schemas"])
    assert "ValidationError" not in str(document)
    refused = document["paths"]["/kitchen/count"]["get"]["responses"]["422"]["content"]
    assert list(refused) == [CONTENT_TYPE]


def test_docs_need_no_other_origin(client: TestClient) -> None:
    page = client.get("/kitchen/docs")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert client.get("/kitchen/docs/assets/swagger-ui-bundle.js").status_code == 200
    assert '"/kitchen/openapi.json"' in client.get("/kitchen/docs/start.js").text


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/kitchen/count", "/kitchen/nowhere", "/livez", "/kitchen/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "default-src 'none'" in headers["content-security-policy"], path


def test_what_is_read_is_compressed_and_what_machines_post_is_not(client: TestClient) -> None:
    read, posted = client.get("/kitchen/shelf"), client.post("/kitchen/shelf")
    assert read.headers["content-encoding"] == "gzip"
    assert int(read.headers["content-length"]) < len(read.content) / 10
    assert read.json() == posted.json() == _SHELF
    plain = client.get("/kitchen/shelf", headers={"accept-encoding": "identity"})
    for uncompressed in (posted, plain, client.get("/kitchen/count"), client.get("/kitchen/steam")):
        assert "content-encoding" not in uncompressed.headers
