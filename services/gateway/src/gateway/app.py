"""Wires the gateway: the only place that constructs its parts."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from chassis.event_log import EventLog
from chassis.http_app import create_http_app
from chassis.openapi import publish_schemas
from chassis.problem import render
from chassis.station import Station
from chassis.station_thread import StationThread
from chassis.telemetry import Telemetry
from gateway.alarm_action_doors import alarm_action_routes
from gateway.alarm_doors import alarm_routes
from gateway.alarm_rate_doors import alarm_rate_routes
from gateway.alarm_record_doors import alarm_record_routes
from gateway.alarm_settling import AlarmSettling
from gateway.alarm_verdict_doors import alarm_verdict_routes
from gateway.alarm_watch import AlarmNews, AlarmWatch
from gateway.data_health import data_health_routes
from gateway.dead_letter_doors import dead_letter_routes
from gateway.feed import Feed
from gateway.history import history_routes
from gateway.housekeeping import Housekeeping
from gateway.live import Audience, live_routes
from gateway.machines import machine_routes
from gateway.metrics import GatewayMetrics
from gateway.policy_doors import policy_routes
from gateway.policy_money_doors import policy_money_routes
from gateway.problems import StoreUnavailable
from gateway.progress import Progress
from gateway.published import STRUCTS
from gateway.recent_signals import recent_signal_routes
from gateway.redrive import Redriver
from gateway.replay_doors import replay_routes
from gateway.replay_worker import ReplayWorker
from gateway.replaying import Replaying
from gateway.settings import GatewaySettings
from gateway.stations import live_station, replay_station
from gateway.store import Store, StoreAway, assessments, machines
from gateway.store.migration import migrate
from gateway.tail import Tail
from gateway.webhook_delivery import WebhookDelivery
from gateway.webhook_doors import webhook_routes
from gateway.worker import Worker


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def create_app(
    settings: GatewaySettings,
    log: EventLog,
    *,
    telemetry: Telemetry,
    registry: CollectorRegistry,
    clock: Callable[[], datetime] = utc_now,
    end: Callable[[int], object] = os._exit,
) -> FastAPI:
    """The HTTP application of the gateway on `log`; its lifespan runs the writing station and the live feed.

    An embedded database (SQLite) is brought to the newest schema at start; a server's schema must be there already.
    `end` gets the exit status when a thread fails or hangs. The log stays the caller's to close, after the lifespan.
    """
    metrics, progress, store = GatewayMetrics(registry), Progress(registry), settings.store()
    feed = Feed(settings.patience, settings.stream_keep_s)
    news = AlarmNews()
    audience = _audience(settings, feed, news, metrics, clock, store)
    redriver = Redriver(store, log, clock, settings.redrive_wait_s)
    house = Housekeeping(store, metrics, clock, settings.retention, every_s=settings.housekeeping_s, end=end)
    settling = AlarmSettling(store, metrics, clock, every_s=settings.alarm_settle_s, end=end)
    messages = WebhookDelivery(store, metrics, clock, settings.receiver, every_s=settings.webhook_every_s, end=end)
    replaying = Replaying(store, log, clock, share=settings.replay_share, end=end)
    station: list[Station] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if store.is_embedded:
            await asyncio.to_thread(migrate, store)
        worker = Worker(store, metrics, clock, settings.equipment, settings.retention)
        station[:] = [live_station(settings, log, worker, progress, telemetry, clock)]
        tail = _tail(settings, log, store, feed, metrics, clock, audience, end)
        watch = AlarmWatch(store, news, clock, every_s=settings.stream_alarms_s, wake=audience.wake, end=end)
        audience.open()
        try:
            scores = replay_station(log, ReplayWorker(store, clock), progress, telemetry, clock)
            stations = [StationThread(each, settings.watchdog_s, end) for each in (scores, station[0])]
            with house, settling, messages, tail, watch, stations[0], stations[1], replaying:
                yield
        finally:
            audience.close()
            redriver.close()
            store.close()

    def readiness() -> str | None:
        if not station or not station[0].is_assigned():
            return "the log has not yet given the writing station its partitions"
        return house.schema_problem

    app = create_http_app(
        title="Predictive maintenance: gateway",
        version=version("pm-gateway"),
        prefix=settings.prefix,
        readiness=readiness,
        telemetry=telemetry,
        metrics=metrics.http,
        max_body_bytes=settings.max_body_bytes,
        lifespan=lifespan,
    )
    app.state.drain.append(audience.close)
    _add_doors(app, settings, store, clock, progress, audience)
    app.include_router(dead_letter_routes(settings.prefix, store, redriver))
    _add_alarm_doors(app, settings, store, clock, metrics)
    _add_what_if(app, settings, store, clock, replaying)
    return app


def _add_alarm_doors(
    app: FastAPI, settings: GatewaySettings, store: Store, clock: Callable[[], datetime], metrics: GatewayMetrics
) -> None:
    prefix = settings.prefix
    # Before the alarms, whose path would take `rate` for one.
    app.include_router(alarm_rate_routes(prefix, store, clock, settings.equipment))
    app.include_router(alarm_routes(prefix, store, clock, max_days=settings.timeline_max_days))
    app.include_router(alarm_record_routes(prefix, store))
    # Before the actions, whose path would take `verdict` for one.
    app.include_router(alarm_verdict_routes(prefix, store, clock, settings.equipment))
    app.include_router(alarm_action_routes(prefix, store, clock, metrics))
    secret, configured = settings.webhook_secret_file, settings.receiver is not None
    app.include_router(webhook_routes(prefix, store, clock, secret, configured=configured))


def _add_what_if(
    app: FastAPI, settings: GatewaySettings, store: Store, clock: Callable[[], datetime], replaying: Replaying
) -> None:
    prefix, equipment = settings.prefix, settings.equipment
    app.include_router(policy_routes(prefix, store, clock, equipment))
    app.include_router(
        policy_money_routes(
            prefix, store, clock, max_days=settings.timeline_max_days, max_readings=settings.preview_max_readings
        )
    )
    app.include_router(replay_routes(prefix, store, clock, equipment, replaying.ask_for_models))


def _add_doors(
    app: FastAPI,
    settings: GatewaySettings,
    store: Store,
    clock: Callable[[], datetime],
    progress: Progress,
    audience: Audience,
) -> None:
    async def away(_: Request, error: StoreAway) -> Response:
        return render(StoreUnavailable(str(error), retry_after_s=error.retry_after_s))

    app.add_exception_handler(StoreAway, away)  # type: ignore[arg-type]  # Starlette types handlers by Exception only
    prefix, patience = settings.prefix, settings.patience
    app.include_router(machine_routes(prefix, store, clock, patience))
    app.include_router(
        history_routes(prefix, store, clock, max_days=settings.timeline_max_days, max_rows=settings.timeline_max_rows)
    )
    app.include_router(recent_signal_routes(prefix, store, clock))
    app.include_router(data_health_routes(prefix, store, clock, patience, progress))
    app.include_router(live_routes(prefix, audience))
    publish_schemas(app, STRUCTS)


def _audience(
    settings: GatewaySettings,
    feed: Feed,
    news: AlarmNews,
    metrics: GatewayMetrics,
    clock: Callable[[], datetime],
    store: Store,
) -> Audience:
    def newest_body(machine_id: str) -> bytes | None:
        machine = machines.find(store, machine_id)
        return assessments.body(store, machine.last.event_id) if machine is not None and machine.last else None

    return Audience(
        feed,
        news,
        metrics,
        clock,
        newest_body,
        seats=settings.stream_clients,
        heartbeat_s=settings.stream_heartbeat_s,
        max_behind=settings.stream_max_behind,
    )


def _tail(
    settings: GatewaySettings,
    log: EventLog,
    store: Store,
    feed: Feed,
    metrics: GatewayMetrics,
    clock: Callable[[], datetime],
    audience: Audience,
    end: Callable[[int], object],
) -> Tail:
    return Tail(
        feed,
        log,
        store,
        metrics,
        clock,
        frame_s=settings.stream_frame_s,
        reload_s=settings.stream_reload_s,
        wake=audience.wake,
        end=end,
    )
