"""A feed on a stage with its audience, and what a browser reads from the stream."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry

from chassis.assessment import Assessment, encode
from gateway.alarm_watch import AlarmNews
from gateway.feed import Feed
from gateway.instants import micros
from gateway.live import Audience
from gateway.machine_state import Patience
from gateway.metrics import GatewayMetrics
from gateway.store import StoreAway

Make = Callable[..., Assessment]


class Event(msgspec.Struct):
    """One server-sent event as a browser sees it."""

    name: str
    id: str | None
    data: Any


class Stage:
    """A feed with its audience, and a clock that moves a second with every frame."""

    def __init__(self, make: Make, now: datetime, seats: int = 10, heartbeat_s: float = 5, behind: int = 50) -> None:
        self.make, self.now, self.second = make, now, 0
        self.feed = Feed(Patience(10, 300), 60)
        self.stored: bytes | None = None
        self.alarms = AlarmNews()
        self.audience = Audience(
            self.feed,
            self.alarms,
            GatewayMetrics(CollectorRegistry()),
            lambda: now,
            self._stored,
            seats=seats,
            heartbeat_s=heartbeat_s,
            max_behind=behind,
        )

    def _stored(self, machine_id: str) -> bytes | None:
        if self.stored is None:
            raise StoreAway(OSError(machine_id))
        return self.stored

    def play(self, frames: int, machine: str = "M1") -> None:
        for _ in range(frames):
            self.second += 1
            assessment = self.make(f"e{self.second}", ago=-self.second, machine_id=machine)
            self.feed.assess(assessment, encode(assessment))
            assert self.feed.cut(micros(self.now) + self.second * 1_000_000) is not None
        self.audience.wake()


def parse(chunk: bytes) -> list[Event]:
    events = []
    for block in chunk.decode().removesuffix("\n\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if "event" in fields:
            events.append(Event(fields["event"], fields.get("id"), json.loads(fields["data"])))
    return events


async def read(stream: AsyncIterator[bytes], count: int) -> list[Event]:
    """The next `count` events; fails after five seconds."""
    events: list[Event] = []
    async with asyncio.timeout(5):
        while len(events) < count:
            events += parse(await anext(stream))
    assert len(events) == count, events
    return events
