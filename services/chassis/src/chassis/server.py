"""Runs an application: uvicorn with the fast parsers, Prometheus metrics on a port of their own."""

import gc
import os
import signal
from collections.abc import Callable, Sequence
from threading import Thread
from types import FrameType, MappingProxyType
from wsgiref.simple_server import WSGIServer

import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, start_http_server
from starlette.types import ASGIApp

from chassis.express import Lanes
from chassis.express_protocol import protocol_with

GRACE_S = 4
# Longer than proxies keep a connection that nobody uses (Nginx 60 s, Traefik 90 s). Whoever closes first is met by the
# other's next request, and a proxy does not repeat a POST.
KEEP_ALIVE_S = 95


def process_registry() -> CollectorRegistry:
    """A registry with this process's own figures: memory, CPU, garbage collection, Python version."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def serve_metrics(registry: CollectorRegistry, host: str, port: int) -> Callable[[], None]:
    """Serve `/metrics` on its own port. Returns the function that ends it. Raises OSError when the port is taken."""
    server: WSGIServer
    thread: Thread
    server, thread = start_http_server(port, addr=host, registry=registry)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


class _Server(uvicorn.Server):
    """Uvicorn that says at once when it is asked to stop; it waits for open requests, and streams never end alone."""

    def __init__(self, config: uvicorn.Config, drain: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._drain = drain

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        for tell in self._drain:
            tell()
        super().handle_exit(sig, frame)


def http_config(app: FastAPI | ASGIApp, host: str, port: int, lanes: Lanes) -> uvicorn.Config:
    """How every service speaks HTTP; `lanes` are the paths with an express lane (`app.state.lanes`)."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop" if os.name == "posix" else "auto",
        http=protocol_with(lanes),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        h11_max_incomplete_event_size=16 * 1024,
    )


def serve(
    app: FastAPI | ASGIApp,
    host: str,
    port: int,
    drain: Sequence[Callable[[], None]] = (),
    lanes: Lanes = MappingProxyType({}),
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way within four seconds.

    `drain` are told first: whatever keeps a request open without an end must end it then. Both signals are the normal
    way to stop, so the process ends with status 0. `lanes` as for `http_config`.
    """
    server = _Server(http_config(app, host, port, lanes), drain)
    # Uvicorn raises the signal once more when it is done; the default action would then end us with a failure status.
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, lambda *_: None)
    # What is there now stays until the end; the collector need not look through it again and again (8 % of a request).
    gc.collect()
    gc.freeze()
    server.run()
    if not server.started:
        raise SystemExit(f"cannot listen on {host}:{port}; is it in use?")
