"""The express lane: a path that is asked all the time answers its plain good requests before any routing.

Task, scope, routing, middleware and span of a FastAPI request cost several times what a judgement costs. A lane takes a
request only if there is nothing to say about it but the answer; everything else (another content type, a `Prefer`
header, a long body, whatever the door refuses) goes the documented way through the application and is answered there,
so there is one place for refusals, limits and problem documents. While traces are exported the lane is closed, and
every request gets its span. `chassis.express_protocol` is where requests turn into it.
"""

import logging
import time
from collections.abc import Callable, Mapping

from chassis.http_metrics import HttpMetrics

log = logging.getLogger(__name__)
Headers = list[tuple[bytes, bytes]]
Answer = Callable[[bytes], bytes | None]
"""The JSON answer to a whole JSON body, or None for `ask the documented route`, which asks it all again."""
Lanes = Mapping[bytes, "ExpressLane"]
"""By the path of the request line."""

_JSON = b"application/json"
_ANOTHER_WAY = frozenset({b"prefer", b"expect", b"connection", b"upgrade", b"transfer-encoding"})


class ExpressLane:
    """Answers plain `POST`s of one path with 200 and JSON. Nothing here waits."""

    def __init__(self, path: str, answer: Answer, metrics: HttpMetrics, max_body_bytes: int, headers: Headers) -> None:
        """`answer` must be quick, it runs on the event loop; `headers` are what every answer of the service carries."""
        self.max_body_bytes = max_body_bytes
        self._path, self._answer = path, answer
        self._head = b"".join(b"%s: %s\r\n" % header for header in [(b"content-type", _JSON), *headers])
        self._count = metrics.requests.labels("POST", path, "200")
        self._seconds = metrics.seconds.labels("POST", path)

    def takes(self, headers: Headers) -> bool:
        """Whether nothing in the request's headers asks for more than the plain answer on a connection that stays."""
        is_json = False
        for name, value in headers:
            if name == b"content-type":
                is_json = value == _JSON
            elif name in _ANOTHER_WAY and not (name == b"connection" and value.lower() == b"keep-alive"):
                return False
        return is_json

    def answered(self, body: bytes, date: Headers) -> bytes | None:
        """The whole answer, head and body, with the server's own headers `date`; None when the route has to answer."""
        started = time.perf_counter()
        try:
            answer = self._answer(body)
        except Exception:
            # The route meets the same, and says so to the client; here is nobody who could.
            log.warning("no express answer, the route is asked", exc_info=True, extra={"path": self._path})
            return None
        if answer is None:
            return None
        server = b"".join([b"%s: %s\r\n" % header for header in date])
        self._count.inc()
        self._seconds.observe(time.perf_counter() - started)
        return b"HTTP/1.1 200 OK\r\n%s%scontent-length: %d\r\n\r\n%s" % (server, self._head, len(answer), answer)
