"""The gateway as it is served: over a real socket, from the first reading to a polite end."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from chassis.assessment import Assessment, encode
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event
from chassis.telemetry import Telemetry
from chassis.topics import ASSESSMENTS
from gateway.app import create_app, utc_now
from gateway.settings import GatewaySettings
from services.gateway.tests.alarm_desk import raise_alarm
from services.gateway.tests.conftest import NOW

Make = Callable[..., Assessment]


class Served:
    """A gateway on a port of its own; `stop` does what a signal makes `chassis.server` do."""

    def __init__(self, app: FastAPI, log: EmbeddedLog) -> None:
        self.app, self.log = app, log
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=4))
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/gateway", timeout=10)

    def assess(self, assessment: Assessment) -> None:
        producer = self.log.producer()
        (future,) = producer.publish([Event(ASSESSMENTS, assessment.machine_id.encode(), encode(assessment))])
        future.result(10)
        producer.close(1)

    def stop(self) -> float:
        """Seconds until the server has ended."""
        started = time.monotonic()
        for tell in self.app.state.drain:
            tell()
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()
        return time.monotonic() - started


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    log, telemetry = EmbeddedLog(tmp_path / "log.sqlite3", durable=False), Telemetry("gateway")
    settings = GatewaySettings(database_url=f"sqlite:///{tmp_path}/gateway.sqlite3")
    served = Served(create_app(settings, log, telemetry=telemetry, registry=CollectorRegistry()), log)
    yield served
    served.stop()
    served.client.close()
    log.close()
    telemetry.close()


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Names and data of the events in the lines of a stream."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_reading_is_seen_live_and_open_streams_do_not_hold_up_the_end(served: Served, make: Make) -> None:
    with served.client.stream("GET", "/stream?machine=M14860") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = events(stream.iter_lines())
        assert next(told)[0] == "hello"
        served.assess(make(observed_at=utc_now(), received_at=utc_now()))
        # The reading may come whole before the frame that it is in.
        frame, whole = None, None
        while frame is None or whole is None:
            name, message = next(told)
            frame = message if name == "frame" and message.get("new") else frame
            whole = message if name == "assessment" else whole
        assert (frame["new"], frame["condition"][0] & 7) == ([[0, "M14860"]], 0)
        assert whole["event_id"] == "e1"
        assert served.stop() < 3
        assert list(told) == []


def test_what_was_stored_is_there_after_a_restart(served: Served, make: Make, tmp_path: Path) -> None:
    served.assess(make(observed_at=utc_now(), received_at=utc_now()))
    deadline = time.monotonic() + 10
    while served.client.get("/machines").json()["total"] == 0:
        assert time.monotonic() < deadline, "the reading is never stored"
    served.stop()
    log, telemetry = EmbeddedLog(tmp_path / "log.sqlite3", durable=False), Telemetry("gateway")
    settings = GatewaySettings(database_url=f"sqlite:///{tmp_path}/gateway.sqlite3")
    again = Served(create_app(settings, log, telemetry=telemetry, registry=CollectorRegistry()), log)
    try:
        with again.client.stream("GET", "/stream") as stream:
            told = events(stream.iter_lines())
            _, message = next(told)
            while "M14860" not in str(message):
                _, message = next(told)
        assert again.client.get("/machines/M14860").json()["stored_readings"] == 1
    finally:
        again.stop()
        again.client.close()
        log.close()
        telemetry.close()


@contextmanager
def told_of_alarms(served: Served, make: Make) -> Iterator[tuple[Any, Iterator[Any]]]:
    """An alarm that is raised now, as the stream tells it, and what the stream tells of alarms from then on."""
    now = utc_now()
    with served.client.stream("GET", "/stream") as stream:
        told = (message["alarms"] for name, message in events(stream.iter_lines()) if name == "alarms")
        for reading in raise_alarm(make):
            at = reading.observed_at - NOW + now
            served.assess(msgspec.structs.replace(reading, observed_at=at, received_at=at))
        (raised,) = next(told)
        yield raised, told


def test_what_anybody_does_to_an_alarm_is_told_on_the_stream(served: Served, make: Make) -> None:
    with told_of_alarms(served, make) as (raised, told):
        assert raised["machine_id"] == "M1"
        path = f"/alarms/{raised['alarm_id']}"
        version = served.client.get(path).json()["version"]
        body = {"actor": "ann", "note": "on my way"}
        served.client.post(f"{path}/ack", json=body, headers={"if-match": f'"{version}"'}).raise_for_status()
        assert next(told) == [raised]


def test_a_verdict_of_anybody_is_told_on_the_stream(served: Served, make: Make) -> None:
    with told_of_alarms(served, make) as (raised, told):
        path = f"/alarms/{raised['alarm_id']}/verdict"
        for finding in ("confirmed", "false"):
            served.client.post(path, json={"actor": "ann", "finding": finding}).raise_for_status()
            assert next(told) == [raised]
