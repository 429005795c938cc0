"""The two stations of the gateway: the live readings, and the scores of replays."""

from collections.abc import Callable
from datetime import datetime

from chassis.event_log import EventLog
from chassis.station import Station
from chassis.telemetry import Telemetry
from chassis.topics import ASSESSMENTS, DEAD_LETTERS, REPLAY_ASSESSMENTS
from gateway import replay_worker, worker
from gateway.progress import LIVE, Progress
from gateway.settings import GatewaySettings


def live_station(
    settings: GatewaySettings,
    log: EventLog,
    handler: worker.Worker,
    progress: Progress,
    telemetry: Telemetry,
    clock: Callable[[], datetime],
) -> Station:
    """Assessments and dead letters into the history and the live alarms."""
    return Station(
        name=LIVE,
        log=log,
        group=worker.GROUP,
        topics=[ASSESSMENTS, DEAD_LETTERS],
        handle=handler.handle,
        clock=clock,
        observer=progress,
        telemetry=telemetry,
        batch=settings.batch,
    )


def replay_station(
    log: EventLog,
    handler: replay_worker.ReplayWorker,
    progress: Progress,
    telemetry: Telemetry,
    clock: Callable[[], datetime],
) -> Station:
    """What inference says of replayed readings, into the tables of replays. Small batches: live ones come between."""
    return Station(
        name="gateway-replay",
        log=log,
        group=replay_worker.GROUP,
        topics=[REPLAY_ASSESSMENTS],
        handle=handler.handle,
        clock=clock,
        observer=progress,
        telemetry=telemetry,
        batch=200,
    )
