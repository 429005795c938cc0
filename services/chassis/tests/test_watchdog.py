"""The watchdog and the thread of a station: a process that fails or hangs ends, one that waits does not."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from chassis.embedded_consumer import GroupConsumer
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event, LogUnavailable, Record, TopicPartition
from chassis.station import NotNow, Outcome, Station
from chassis.station_metrics import StationMetrics
from chassis.station_thread import StationThread
from chassis.telemetry import Telemetry
from chassis.watchdog import STUCK_STATUS, Watchdog


class Patient:
    """A station as the watchdog sees it."""

    name = "patient"

    def __init__(self, silent_s: float, stuck_s: float) -> None:
        self.silent_s, self.stuck_s_ = silent_s, stuck_s
        self.looked = threading.Event()

    def heartbeat_age_s(self) -> float:
        return self.silent_s

    def stuck_s(self) -> float:
        self.looked.set()
        return self.stuck_s_


class Ending:
    """Stands for the end of the process."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.came = threading.Event()

    def __call__(self, status: int) -> None:
        self.status = status
        self.came.set()


@pytest.mark.parametrize(("silent_s", "stuck_s"), [(9.0, 0.0), (0.0, 9.0)], ids=["no poll", "no progress"])
def test_a_station_that_hangs_ends_the_process(
    silent_s: float, stuck_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    end = Ending()
    watchdog = Watchdog(Patient(silent_s, stuck_s), 0.1, end)
    watchdog.start()
    assert end.came.wait(5)
    watchdog.stop()
    assert end.status == STUCK_STATUS
    assert "no progress" in caplog.text


def test_a_station_at_work_is_left_alone() -> None:
    end, patient = Ending(), Patient(0.0, 0.0)
    watchdog = Watchdog(patient, 0.1, end)
    watchdog.start()
    assert patient.looked.wait(5)
    watchdog.stop()
    assert end.status is None


class Handler:
    """Raises what it is told to."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    def __call__(self, records: Sequence[Record]) -> Outcome:
        self.calls += 1
        raise self.error


def station_of(log: EmbeddedLog, handler: Handler) -> Station:
    log.producer().publish([Event("pm.readings", b"M1", b"{}")])[0].result(5)
    return Station(
        name="s", log=log, group="g", topics=["pm.readings"], handle=handler, clock=lambda: datetime.now(UTC),
        observer=StationMetrics(CollectorRegistry(), "test"), telemetry=Telemetry("test"), poll_timeout_s=0.02,
    )  # fmt: skip


def test_an_error_nobody_foresaw_ends_the_process(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log, end = EmbeddedLog(tmp_path / "log", durable=False), Ending()
    with StationThread(station_of(log, Handler(ZeroDivisionError())), 30, end):
        assert end.came.wait(5)
    log.close()
    assert end.status == STUCK_STATUS
    assert "ZeroDivisionError" in caplog.text


def test_waiting_for_a_dependency_is_not_hanging(tmp_path: Path) -> None:
    log, end = EmbeddedLog(tmp_path / "log", durable=False), Ending()
    handler = Handler(NotNow("the database is away", retry_after_s=0.05))
    station = station_of(log, handler)
    with StationThread(station, 0.5, end):
        deadline = time.monotonic() + 10
        while handler.calls < 15:
            assert time.monotonic() < deadline
            assert not end.came.wait(0.05)
    log.close()
    assert end.status is None


class AwayLog(EmbeddedLog):
    """A log whose consumers cannot reach it."""

    def consumer(self, group: str, topics: Sequence[str]) -> GroupConsumer:
        return _Away(super().consumer(group, topics))


class _Away(GroupConsumer):
    def __init__(self, real: GroupConsumer) -> None:
        self._real = real

    def lag(self) -> dict[TopicPartition, int]:
        return {TopicPartition("pm.readings", 0): 5}

    def missed(self) -> int:
        return 0

    def poll(self, max_records: int, timeout_s: float) -> list[Record]:
        raise LogUnavailable("no broker answers", retry_after_s=0.02)

    def close(self, timeout_s: float) -> None:
        self._real.close(timeout_s)


def test_a_log_that_is_away_is_not_hanging_either(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log, end = AwayLog(tmp_path / "log", durable=False), Ending()
    with StationThread(station_of(log, Handler(ZeroDivisionError())), 0.3, end):
        assert not end.came.wait(1.0)
    log.close()
    assert end.status is None
    assert caplog.text.count("station cannot reach the log") == 1, "an outage is reported once, not at each try"
