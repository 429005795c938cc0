"""Wires ingest: the only place that constructs its parts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from chassis.event_log import EventLog
from chassis.http_app import create_http_app
from chassis.telemetry import Telemetry
from ingest.acceptance import Acceptance
from ingest.metrics import IngestMetrics
from ingest.readings import ReadingsDoor
from ingest.routes import add_routes
from ingest.settings import IngestSettings
from ingest.simulate import Simulator
from models.fleet import Fleet
from models.profile import load_profile

_CLOSE_S = 3.0


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def create_app(
    settings: IngestSettings,
    log: EventLog,
    *,
    telemetry: Telemetry,
    registry: CollectorRegistry,
    clock: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """The HTTP application of ingest on `log`; its lifespan runs the simulated fleet of `settings.fleet` machines.

    The log stays the caller's to close, after the lifespan has ended. Raises ProfileError.
    """
    metrics = IngestMetrics(registry)
    profile = load_profile(settings.equipment)
    acceptance = Acceptance({profile.name: profile}, profile.name, settings.past_s, settings.future_s)
    producer = log.producer()
    door = ReadingsDoor(
        acceptance,
        producer,
        metrics,
        telemetry,
        clock,
        max_readings=settings.max_readings,
        ack_timeout_s=settings.ack_timeout_s,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        simulator = None
        if settings.fleet:
            fleet = Fleet(profile, settings.fleet, settings.fleet_seed)
            simulator = Simulator(fleet, acceptance, producer, metrics, clock)
            simulator.start()
        try:
            yield
        finally:
            if simulator:
                await asyncio.to_thread(simulator.stop)
            await asyncio.to_thread(producer.close, _CLOSE_S)

    app = create_http_app(
        title="Predictive maintenance: ingest",
        version=version("pm-ingest"),
        prefix=settings.prefix,
        readiness=lambda: None,
        telemetry=telemetry,
        metrics=metrics.http,
        max_body_bytes=settings.max_body_bytes,
        lifespan=lifespan,
    )
    add_routes(app, settings.prefix, door, profile, settings.max_readings)
    return app
