"""The station on the embedded log at work: every record handled, published and committed, poison buried once."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from chassis.dead_letter import read_dead_letter
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event, Record
from chassis.station import NotNow, Outcome
from chassis.telemetry import Telemetry
from chassis.topics import DEAD_LETTERS
from services.chassis.tests.bench import NOW, SOURCE, copy, lag_of_group, publish, station, stored, work_off, work_until


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(tmp_path / "log.sqlite3", session_timeout_s=1, durable=False)
    yield log
    log.close()


def test_every_record_is_handled_published_and_committed(log: EmbeddedLog) -> None:
    publish(log, *map(str, range(200)))
    work_off(log, station(log, batch=30), 200)
    assert sorted(int(record.value) for record in stored(log)) == list(range(200))
    assert lag_of_group(log) == 0


def test_a_poison_record_is_one_dead_letter_and_its_neighbours_go_on(log: EmbeddedLog) -> None:
    publish(log, *(["good"] * 10), "poison", *(["good"] * 10))
    work_off(log, station(log), 20)
    [letter] = map(read_dead_letter, stored(log, DEAD_LETTERS))
    [origin] = [record.position for record in stored(log, SOURCE) if record.value == b"poison"]
    assert (letter.code, letter.detail, letter.service, letter.refused_at) == (
        "malformed_json", "no JSON", "inference", NOW
    )  # fmt: skip
    assert (letter.key, letter.value, letter.origin) == (b"M0", b"poison", "{}/{}/{}".format(*origin))
    assert len(stored(log)) == 20
    assert lag_of_group(log) == 0


def test_stopping_finishes_the_batch_in_hand_and_leaves_the_group(log: EmbeddedLog) -> None:
    publish(log, *map(str, range(10)))
    stop = threading.Event()

    def handle(records: Sequence[Record]) -> Outcome:
        stop.set()
        return copy(records)

    station(log, handle, batch=4).run(stop)
    assert len(stored(log)) == 4
    started = time.monotonic()
    assert lag_of_group(log) == 6
    assert time.monotonic() - started < 0.5, "the partitions were free at once"


def test_outputs_larger_than_the_window_go_out_in_smaller_batches(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path / "small.sqlite3", window_events=8, durable=False)
    for number in range(50):
        publish(log, str(number))
    work_off(log, station(log, batch=50), 50)
    assert {int(record.value) for record in stored(log)} == set(range(50))
    log.close()


def test_a_station_asked_to_stop_while_it_waits_leaves_without_committing(log: EmbeddedLog) -> None:
    publish(log, "1", "2")
    stop = threading.Event()

    def handle(records: Sequence[Record]) -> Outcome:
        stop.set()
        raise NotNow("the database is away", retry_after_s=60)

    started = time.monotonic()
    station(log, handle).run(stop)
    assert time.monotonic() - started < 5
    assert lag_of_group(log) == 2


def test_the_traces_of_records_stay_open_around_the_handler(log: EmbeddedLog) -> None:
    traceparent = b"00-" + b"ab" * 16 + b"-" + b"cd" * 8 + b"-01"
    event = Event(SOURCE, b"M1", b"1", (("traceparent", traceparent),))
    log.producer().publish([event])[0].result(5)
    telemetry = Telemetry("test")
    seen: list[bytes] = []

    def handle(records: Sequence[Record]) -> Outcome:
        seen.extend(value for record in records for _, value in telemetry.onward(record))
        return Outcome()

    traced = station(log, handle, telemetry=telemetry)
    work_until(traced, lambda: bool(seen))
    traced.close()
    assert seen[0].startswith(b"00-" + b"ab" * 16)
