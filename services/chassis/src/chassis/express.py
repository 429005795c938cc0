"""The express lane: a path that is asked all the time answers its plain good requests before any routing.

Routing, middleware and span of a FastAPI request cost several times what a judgement costs. The lane takes a request
only if there is nothing to say about it but the answer; everything else (another content type, a `Prefer` header, a
long or chunked body, whatever the door refuses) goes the documented way through the application and is answered there,
so there is one place for refusals, limits and problem documents. While traces are exported the lane is closed, and
every request gets its span.
"""

import time
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from chassis.http_metrics import HttpMetrics

Headers = list[tuple[bytes, bytes]]
Answer = Callable[[bytes], bytes | None]
"""The JSON answer to a whole JSON body, or None for `ask the documented route`, which asks it all again."""

_JSON = b"application/json"


class ExpressLane:
    """Answers plain `POST`s of one path with 200 and JSON."""

    def __init__(self, path: str, answer: Answer, metrics: HttpMetrics, max_body_bytes: int, headers: Headers) -> None:
        """`answer` must be quick, it runs on the event loop; `headers` are what every answer of the service carries."""
        self._answer, self._max_body_bytes = answer, max_body_bytes
        self._headers = [(b"content-type", _JSON), *headers]
        self._count = metrics.requests.labels("POST", path, "200")
        self._seconds = metrics.seconds.labels("POST", path)

    async def tried(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """None when the request is answered, else what the application is to receive in its place."""
        started = time.perf_counter()
        if not _is_plain(scope["headers"]):
            return receive
        first = await receive()
        body = first.get("body", b"")
        if first["type"] != "http.request" or first.get("more_body") or len(body) > self._max_body_bytes:
            return _again(first, receive)
        if (answer := self._answer(body)) is None:
            return _again(first, receive)
        headers = [*self._headers, (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
        self._count.inc()
        self._seconds.observe(time.perf_counter() - started)
        return None


class ExpressApp(FastAPI):
    """A FastAPI application whose `lanes` (path -> lane) are tried first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lanes: dict[str, ExpressLane] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and (lane := self.lanes.get(scope["path"])):
            left = await lane.tried(scope, receive, send)
            if left is None:
                return
            receive = left
        await super().__call__(scope, receive, send)


def _is_plain(headers: Headers) -> bool:
    is_json = False
    for name, value in headers:
        if name == b"content-type":
            is_json = value == _JSON
        elif name == b"prefer":
            return False
    return is_json


def _again(first: Message, receive: Receive) -> Receive:
    """Gives the message that was taken, then what comes after it."""
    waiting = [first]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
