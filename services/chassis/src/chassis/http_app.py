"""The HTTP application every service starts from: problems, body limit, probes, OpenAPI, headers, traces, metrics."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.api_docs import add_docs
from chassis.express import Answer, ExpressLane
from chassis.http_metrics import UNMEASURED, HttpMetrics, MeasureRequests
from chassis.problem import (
    BodyTooLarge,
    FieldError,
    Malformed,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
    UnsupportedMediaType,
    render,
)
from chassis.telemetry import Telemetry

log = logging.getLogger(__name__)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_BY_STATUS = {p.status: p for p in (NotFound, MethodNotAllowed, BodyTooLarge, UnsupportedMediaType, Malformed)}
# A smaller answer fits into one packet either way. The highest level takes 4 times the time for a fifth of the bytes.
_LEAST_COMPRESSED = 1_400
_COMPRESSION = 4
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


def create_http_app(
    *,
    title: str,
    version: str,
    prefix: str,
    readiness: Callable[[], str | None],
    telemetry: Telemetry,
    metrics: HttpMetrics,
    max_body_bytes: int,
    lifespan: Lifespan | None = None,
    express: Mapping[str, Answer] | None = None,
) -> FastAPI:
    """A FastAPI application with everything that is the same in every service.

    `readiness()` returns None when ready, else the sentence that `/readyz` answers with (503). `/livez` says only that
    this process's loop runs. Routes are declared by the caller with their full path, beginning with `prefix`.
    `app.state.drain` is the list of functions to call when the process is asked to stop. `express` has, by path, the
    quick answers of routes that also exist in the ordinary way; `app.state.lanes` is made of them for the server.
    """
    app = FastAPI(
        title=title,
        version=version,
        openapi_url=f"{prefix}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(MeasureRequests, metrics=metrics),
            Middleware(DefaultHeaders),
            Middleware(CompressReads, minimum_size=_LEAST_COMPRESSED, compresslevel=_COMPRESSION),
            Middleware(LimitBody, max_bytes=max_body_bytes),
        ],
        exception_handlers=_problem_answers(),
        telemetry={
            "tracer_provider": telemetry.provider,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "exclude": lambda scope: scope["path"] in UNMEASURED,
        },
    )
    quick = {} if telemetry.is_exporting else express or {}
    app.state.lanes = {
        path.encode(): ExpressLane(path, answer, metrics, max_body_bytes, _HEADERS) for path, answer in quick.items()
    }
    app.state.readiness = readiness
    app.state.drain = []
    _add_probes(app, readiness)
    add_docs(app, prefix)
    return app


def json_response(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer from a msgspec-able value, or from bytes that are JSON already."""
    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return Response(body, status_code=status, headers=headers, media_type="application/json")


def _add_probes(app: FastAPI, readiness: Callable[[], str | None]) -> None:
    @app.get("/livez", include_in_schema=False)
    async def livez() -> Response:
        return json_response({"status": "alive"})

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        if (reason := readiness()) is not None:
            raise Unavailable(reason, code="not_ready", retry_after_s=1)
        return json_response({"status": "ready"})


def _problem_answers() -> dict[int | type[Exception], Callable[[Request, Any], Any]]:
    async def own(_: Request, problem: Problem) -> Response:
        return render(problem)

    async def http(_: Request, error: HTTPException) -> Response:
        kind = _BY_STATUS.get(error.status_code)
        problem = kind(str(error.detail)) if kind else Problem(str(error.detail), code="http_error")
        if kind is None:
            problem.status, problem.title = error.status_code, "Request refused"
        answer = render(problem)
        if error.headers and "allow" in {name.lower() for name in error.headers}:
            answer.headers["allow"] = next(v for n, v in error.headers.items() if n.lower() == "allow")
        return answer

    async def invalid(_: Request, error: RequestValidationError) -> Response:
        issues = [FieldError(_pointer(issue["loc"]), issue["msg"], code=issue["type"]) for issue in error.errors()[:32]]
        return render(Malformed("the request does not match the documented form", errors=issues))

    async def bug(_: Request, error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        return render(Problem("the service failed; the log has the cause under this trace id"))

    return {Problem: own, HTTPException: http, RequestValidationError: invalid, Exception: bug}


def _pointer(location: tuple[int | str, ...]) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in location)


class DefaultHeaders:
    """ASGI middleware: headers that every answer of an API carries unless the route has set them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] += [header for header in _HEADERS if header[0] not in present]
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)


class CompressReads(GZipMiddleware):
    """ASGI middleware: what a browser reads is compressed, streams aside; what machines post is answered as it is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class LimitBody:
    """ASGI middleware: reading more than `max_bytes` of a body raises BodyTooLarge where the route reads it.

    FastAPI's own limit answers in plain text from outside of the exception handlers.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_bytes:
                raise BodyTooLarge(f"a body may have at most {self.max_bytes} bytes")
            return message

        await self.app(scope, bounded if scope["type"] == "http" else receive, send)
