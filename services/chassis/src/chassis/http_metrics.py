"""HTTP metrics of a service: requests and seconds by route template. Never a machine id or a raw path as a label."""

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
UNMEASURED = frozenset({"/livez", "/readyz"})


class HttpMetrics:
    """Counters of one service; `service` is the middle of the metric name, as in `pm_ingest_http_requests_total`."""

    def __init__(self, registry: CollectorRegistry, service: str) -> None:
        labels = ("method", "route", "status")
        self.requests = Counter(f"pm_{service}_http_requests", "Answered HTTP requests", labels, registry=registry)
        self.seconds = Histogram(
            f"pm_{service}_http_request_seconds",
            "Time until the answer was complete",
            ("method", "route"),
            buckets=SECONDS,
            registry=registry,
        )


class MeasureRequests:
    """ASGI middleware that counts and times requests; probes are left out."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNMEASURED:
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self.metrics.requests.labels(method, route, str(status)).inc()
            self.metrics.seconds.labels(method, route).observe(time.perf_counter() - started)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
