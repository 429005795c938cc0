"""Runs an application: uvicorn with the fast parsers, Prometheus metrics on a port of their own."""

import os
from collections.abc import Callable
from threading import Thread
from wsgiref.simple_server import WSGIServer

import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, start_http_server
from starlette.types import ASGIApp

GRACE_S = 4


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


def serve(app: FastAPI | ASGIApp, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way within four seconds.

    Uvicorn raises the signal again once it is done; both signals are the normal way to stop.
    """
    fast = os.name == "posix"
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop" if fast else "auto",
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=16 * 1024,
    )
    try:
        uvicorn.Server(config).run()
    except KeyboardInterrupt:
        return
