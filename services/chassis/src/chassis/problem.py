"""Errors as RFC 9457 problem documents: one base class, one renderer, one content type.

A service names its facts in `problems.py` as subclasses that set `status`, `title` and `code`; whoever raises one gives
the detail. Pure rooms never raise a Problem: doors translate.
"""

from collections.abc import Sequence

import msgspec
from opentelemetry import trace
from starlette.responses import Response

CONTENT_TYPE = "application/problem+json"
DETAIL_LIMIT = 512


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong at one place. `pointer` is a JSON pointer, `suggested` the value in the right unit."""

    pointer: str
    detail: str
    code: str | None = None
    suggested: float | None = None


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every error answer. `code` is stable and for programs, `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str
    errors: list[FieldError] = []


class Problem(Exception):
    """A fact that ends a request: the caller's fault, a normal conflict, or a dependency that is away."""

    status = 500
    title = "Internal error"
    code = "internal"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after_s: float | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.retry_after_s = retry_after_s
        if code is not None:
            self.code = code

    def document(self) -> ProblemDocument:
        """The problem as data, with the trace id of the request it ends."""
        return ProblemDocument(
            type=f"urn:pm:problem:{self.code}",
            title=self.title,
            status=self.status,
            detail=self.detail[:DETAIL_LIMIT],
            code=self.code,
            trace_id=current_trace_id(),
            errors=self.errors,
        )


class NotFound(Problem):
    status, title, code = 404, "Not found", "not_found"


class MethodNotAllowed(Problem):
    status, title, code = 405, "Method not allowed", "method_not_allowed"


class BodyTooLarge(Problem):
    status, title, code = 413, "Body too large", "body_too_large"


class UnsupportedMediaType(Problem):
    status, title, code = 415, "Unsupported media type", "unsupported_media_type"


class Malformed(Problem):
    status, title, code = 422, "Malformed request", "malformed"


class Unavailable(Problem):
    status, title, code = 503, "Temporarily unavailable", "unavailable"


def current_trace_id() -> str:
    """The trace id of the current span as 32 hex digits; zeros outside of a request."""
    return trace.format_trace_id(trace.get_current_span().get_span_context().trace_id)


def render(problem: Problem) -> Response:
    """The one renderer: content type, status and Retry-After of every error answer come from here."""
    headers = {"cache-control": "no-store"}
    if problem.retry_after_s is not None:
        headers["retry-after"] = str(max(1, round(problem.retry_after_s)))
    body = msgspec.json.encode(problem.document())
    return Response(body, status_code=problem.status, headers=headers, media_type=CONTENT_TYPE)
