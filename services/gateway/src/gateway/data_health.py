"""The door to data health: is silence good news? Rates, lag, latency, dead letters, silent machines, clocks."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers
from gateway.instants import SECOND_US, instant, micros
from gateway.machine_state import Patience
from gateway.machine_views import MachineSummary, StateCounts, state_counts, summary
from gateway.problems import StoreUnavailable
from gateway.progress import Progress
from gateway.refusals import printable
from gateway.store import Store, dead_letters, flow, machines
from gateway.store.choices import Choice
from gateway.store.dead_letters import ByReason
from gateway.store.flow import Passage

_MINUTE_US = 60 * SECOND_US
_WINDOW_MINUTES = 5
_PASSAGES = 10_000
_SAMPLES = 3
_SILENT = 10
_SAMPLE_CHARACTERS = 200


class Rates(msgspec.Struct, frozen=True):
    """Readings stored per second, over the last minute and the last five."""

    one_minute: float
    five_minutes: float


class PartitionLag(msgspec.Struct, frozen=True):
    """Records of a partition that this gateway has not yet taken."""

    topic: str
    partition: int
    records: int


class Backlog(msgspec.Struct, frozen=True):
    """How far this process's writing station is behind, as of `as_of`; null before it has looked."""

    partitions: list[PartitionLag]
    oldest_age_s: float
    as_of: datetime | None


class Latency(msgspec.Struct, frozen=True):
    """Seconds from the acceptance of a reading until it was stored, over the last five minutes, newest 10,000."""

    readings: int
    p50_s: float | None
    p95_s: float | None
    p99_s: float | None


class ClockSkew(msgspec.Struct, frozen=True):
    """The furthest that a machine's clock was ahead of and behind ours in the same readings, in seconds."""

    ahead_s: float
    behind_s: float


class DeadLetterSample(msgspec.Struct, frozen=True):
    """One refused record; `value_start` is its first 200 characters, without control characters."""

    id: str
    origin: str
    detail: str
    service: str
    machine_id: str | None
    refused_at: datetime
    value_start: str


class DeadLetterReason(msgspec.Struct, frozen=True):
    """The dead letters of one reason, with the newest three.

    Of `count`, `open` wait for somebody, and `redriven` were put back on their topic at least once.
    """

    code: str
    count: int
    open: int
    redriven: int
    last_at: datetime
    samples: list[DeadLetterSample]


class DataHealth(msgspec.Struct, frozen=True):
    """What the gateway can see of the flow of data: in its topics, its store and its machines."""

    server_time: datetime
    rates: Rates
    backlog: Backlog
    latency: Latency
    clock_skew: ClockSkew
    dead_letters: list[DeadLetterReason]
    machines: StateCounts
    longest_silent: list[MachineSummary]


def data_health_routes(
    prefix: str, store: Store, clock: Callable[[], datetime], patience: Patience, progress: Progress
) -> APIRouter:
    """The route of data health below `prefix`."""
    router = APIRouter(prefix=prefix, tags=["data health"])

    @router.get(
        "/data-health",
        summary="Rates, lag, latency, dead letters, silent machines, clock skew",
        responses=answers(200, DataHealth, (StoreUnavailable,)),
    )
    def data_health() -> Response:
        now_us = micros(clock())
        passages = flow.passages(store, now_us - _WINDOW_MINUTES * _MINUTE_US, _PASSAGES)
        health = DataHealth(
            server_time=instant(now_us),
            rates=_rates(store, now_us),
            backlog=_backlog(progress),
            latency=_latency(passages),
            clock_skew=_skew(passages),
            dead_letters=[_reason(reason) for reason in dead_letters.by_reason(store, _SAMPLES)],
            machines=state_counts(machines.counts(store, Choice(), now_us, patience)),
            longest_silent=[summary(machine, now_us, patience) for machine in machines.longest_silent(store, _SILENT)],
        )
        return json_response(health)

    return router


def _rates(store: Store, now_us: int) -> Rates:
    one, five = (flow.stored_since(store, now_us - minutes * _MINUTE_US) for minutes in (1, _WINDOW_MINUTES))
    return Rates(one / 60, five / (60 * _WINDOW_MINUTES))


def _backlog(progress: Progress) -> Backlog:
    lag, oldest_age_s, as_of = progress.snapshot()
    partitions = [PartitionLag(topic, partition, records) for (topic, partition), records in sorted(lag.items())]
    return Backlog(partitions, oldest_age_s, as_of)


def _latency(passages: Sequence[Passage]) -> Latency:
    waits = sorted((passage.stored_at - passage.received_at) / SECOND_US for passage in passages)
    return Latency(len(waits), *(percentile(waits, share) for share in (0.50, 0.95, 0.99)))


def percentile(ascending: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile: the smallest value that at least `share` of the values do not exceed."""
    if not ascending:
        return None
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]


def _skew(passages: Sequence[Passage]) -> ClockSkew:
    ahead_us = max((passage.observed_at - passage.received_at for passage in passages), default=0)
    behind_us = max((passage.received_at - passage.observed_at for passage in passages), default=0)
    return ClockSkew(max(0, ahead_us) / SECOND_US, max(0, behind_us) / SECOND_US)


def _reason(reason: ByReason) -> DeadLetterReason:
    samples = [
        DeadLetterSample(
            id=sample.id,
            origin=sample.origin,
            detail=sample.detail,
            service=sample.service,
            machine_id=sample.machine_id,
            refused_at=instant(sample.refused_at),
            value_start=printable(sample.value.decode(errors="replace"), _SAMPLE_CHARACTERS),
        )
        for sample in reason.samples
    ]
    return DeadLetterReason(
        reason.code, reason.count, reason.open, reason.redriven, instant(reason.last_at_us), samples
    )
