"""A station on an embedded log, and looks at what it left there. For the tests of the station."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry

from chassis.event_log import Consumer, Event, EventLog, Position, Producer, Record
from chassis.station import Outcome, Rejected, Station
from chassis.station_metrics import StationMetrics
from chassis.telemetry import Telemetry

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE, TARGET, GROUP = "pm.source", "pm.target", "station-under-test"


class Crash(Exception):
    """Stands for a fault nobody foresaw."""


def copy(records: Sequence[Record]) -> Outcome:
    """Copies each record; refuses the value `poison`."""
    return Outcome(
        outputs=[
            Event(TARGET, record.key, record.value, record.headers) for record in records if record.value != b"poison"
        ],
        rejects=[Rejected(record, "malformed_json", "no JSON") for record in records if record.value == b"poison"],
    )


def station(
    log: EventLog,
    handle: Callable[[Sequence[Record]], Outcome] = copy,
    kind: type[Station] = Station,
    **options: Any,
) -> Station:
    """A station from SOURCE to TARGET with short timeouts."""
    usual: dict[str, Any] = {
        "name": "inference",
        "group": GROUP,
        "topics": [SOURCE],
        "clock": lambda: NOW,
        "observer": StationMetrics(CollectorRegistry(), "test"),
        "telemetry": Telemetry("test"),
        "poll_timeout_s": 0.02,
        "ack_timeout_s": 2,
    }
    return kind(log=log, handle=handle, **usual | options)


def publish(log: EventLog, *values: str) -> None:
    events = [Event(SOURCE, f"M{number % 5}".encode(), value.encode()) for number, value in enumerate(values)]
    assert all(future.result(5) for future in log.producer().publish(events))


def stored(log: EventLog, topic: str = TARGET) -> list[Record]:
    """All records of a topic."""
    reader = log.tail([topic])
    reader.seek_to_beginning()
    records = []
    while sum(reader.lag().values()):
        records += reader.poll(100, 0.1)
    reader.close(1)
    return records


def lag_of_group(log: EventLog) -> int:
    """Records behind the committed offsets of the station's group, which must have no members."""
    consumer = log.consumer(GROUP, [SOURCE])
    consumer.pause()
    consumer.poll(1, 0)
    lag = sum(consumer.lag().values())
    consumer.close(1)
    return lag


def work_until(station: Station, claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not claim():
        station.step()
        assert time.monotonic() < deadline


def work_off(log: EventLog, station: Station, records: int) -> None:
    """Step until `records` lie in the target topic, then leave."""
    work_until(station, lambda: len(stored(log)) >= records)
    station.close()


class DeafProducer:
    """A producer that dies between publishing and the acknowledgement, like a process that is killed there."""

    def __init__(self, producer: Producer, answer: Exception | None = None, times: int = 1) -> None:
        self._producer, self._answer, self._times = producer, answer, times
        self.calls = 0

    def publish(self, events: Sequence[Event]) -> list[Future[Position]]:
        self.calls += 1
        if self.calls > self._times:
            return self._producer.publish(events)
        if self._answer is None:
            raise Crash
        for future in self._producer.publish(events[: len(events) // 2]):
            future.result(5)
        unanswered: list[Future[Position]] = [Future() for _ in events]
        for future in unanswered:
            future.set_exception(self._answer)
        return unanswered

    def close(self, timeout_s: float) -> None:
        self._producer.close(timeout_s)


class LogWith:
    """A log whose producer is another one."""

    def __init__(self, log: EventLog, producer: Producer) -> None:
        self._log, self._producer = log, producer

    def producer(self) -> Producer:
        return self._producer

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        return self._log.consumer(group, topics)

    def tail(self, topics: Sequence[str]) -> Consumer:
        return self._log.tail(topics)

    def close(self) -> None:
        self._log.close()
