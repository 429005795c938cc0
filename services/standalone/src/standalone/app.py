"""Wires the three services into one process: same applications, log and paths as behind an ingress."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import gateway.app
import ingest.app
from chassis.event_log import EventLog
from chassis.express import Lanes
from chassis.http_app import json_response
from chassis.problem import Unavailable, render
from chassis.station import Station
from chassis.station_thread import StationThread
from chassis.telemetry import Telemetry
from gateway.settings import GatewaySettings
from inference.app import Inference
from inference.settings import InferenceSettings
from ingest.settings import IngestSettings
from standalone.demo import register_demo
from standalone.web_files import web_route

TelemetryOf = Callable[[str], Telemetry]


class Standalone:
    """One process with everything; `log` stays the caller's to close, after the application's lifespan has ended."""

    def __init__(
        self,
        *,
        log: EventLog,
        web: Path,
        inference: InferenceSettings,
        ingest_settings: IngestSettings,
        gateway_settings: GatewaySettings,
        registry: CollectorRegistry,
        telemetry: TelemetryOf = Telemetry,
    ) -> None:
        self._log, self._web = log, web
        self._station: Station | None = None
        self._ingest_settings, self._gateway_settings = ingest_settings, gateway_settings
        self._inference = Inference(inference, telemetry("inference"), registry)
        self.services: dict[str, FastAPI] = {
            inference.prefix: self._inference.http_app(),
            ingest_settings.prefix: ingest.app.create_app(
                ingest_settings, log, telemetry=telemetry("ingest"), registry=registry
            ),
            gateway_settings.prefix: gateway.app.create_app(
                gateway_settings, log, telemetry=telemetry("gateway"), registry=registry
            ),
        }

    def asgi(self) -> ASGIApp:
        """The application: each service below its prefix, the pages everywhere else."""
        pages = Starlette(
            routes=[Route("/livez", _livez), Route("/readyz", self._readyz), web_route(self._web)],
            lifespan=self._lifespan,
        )

        async def doors(scope: Scope, receive: Receive, send: Send) -> None:
            await self._door(scope, pages)(scope, receive, send)

        return doors

    def drain(self) -> list[Callable[[], None]]:
        """What to call when the process is asked to stop."""
        return [tell for service in self.services.values() for tell in service.state.drain]

    def lanes(self) -> Lanes:
        """The express lanes of all services."""
        return {path: lane for service in self.services.values() for path, lane in service.state.lanes.items()}

    def _door(self, scope: Scope, pages: ASGIApp) -> ASGIApp:
        if scope["type"] == "http":
            for prefix, service in self.services.items():
                if scope["path"] == prefix or scope["path"].startswith(f"{prefix}/"):
                    return service
        return pages

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # Started from the end of the line to its beginning, so that nothing arrives before somebody takes it.
            for prefix, service in reversed(self.services.items()):
                await stack.enter_async_context(service.router.lifespan_context(service))
                if prefix == self._gateway_settings.prefix:
                    profile = self._inference.profile
                    await register_demo(service, self._gateway_settings, self._ingest_settings, profile)
            if self._inference.model.refusal is None:
                self._station, *others = self._inference.stations(self._log)
                for station in (self._station, *others):
                    stack.enter_context(StationThread(station, self._inference.settings.watchdog_s))
            yield

    async def _readyz(self, _: Request) -> Response:
        reasons = [reason for service in self.services.values() if (reason := service.state.readiness()) is not None]
        if self._station is not None and not self._station.is_assigned():
            reasons.append("the log has assigned no partition to the stream role yet")
        if reasons:
            return render(Unavailable("; ".join(reasons), code="not_ready", retry_after_s=1))
        return json_response({"status": "ready"})


async def _livez(_: Request) -> Response:
    return json_response({"status": "alive"})
