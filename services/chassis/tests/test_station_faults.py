"""The station on the embedded log in trouble: crashes, doubts, a dependency that is away. Nothing is lost."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event, Position, PublishUnknown, Record, TopicPartition
from chassis.station import NotNow, Outcome, Station
from chassis.topics import DEAD_LETTERS
from services.chassis.tests.bench import (
    GROUP,
    SOURCE,
    Crash,
    DeafProducer,
    LogWith,
    copy,
    lag_of_group,
    publish,
    station,
    stored,
    work_off,
    work_until,
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(tmp_path / "log.sqlite3", session_timeout_s=1, durable=False)
    yield log
    log.close()


def crash_after(calls: int) -> Callable[[Sequence[Record]], Outcome]:
    count = 0

    def handle(records: Sequence[Record]) -> Outcome:
        nonlocal count
        count += 1
        if count > calls:
            raise Crash
        return copy(records)

    return handle


def test_a_crash_before_the_commit_loses_nothing(log: EmbeddedLog) -> None:
    publish(log, *map(str, range(60)))
    crashing = station(log, crash_after(2), batch=10)
    with pytest.raises(Crash):
        crashing.run(threading.Event())
    assert lag_of_group(log) == 40
    work_off(log, station(log, batch=10), 60)
    assert Counter(int(record.value) for record in stored(log)) == Counter(range(60))


class HastyStation(Station):
    """The wrong order, as a negative control: commits what it has polled before anything is published."""

    def _handled(self, records: list[Record]) -> Outcome:
        self._commit(records)
        return super()._handled(records)


@pytest.mark.parametrize(("kind", "survivors"), [(Station, 30), (HastyStation, 0)], ids=["ours", "commits first"])
def test_only_the_right_order_survives_a_crash_while_publishing(
    log: EmbeddedLog, kind: type[Station], survivors: int
) -> None:
    publish(log, *map(str, range(30)))
    crashing = station(LogWith(log, DeafProducer(log.producer())), kind=kind)
    with pytest.raises(Crash):
        crashing.run(threading.Event())
    assert lag_of_group(log) == survivors


def test_an_unknown_publish_is_done_again_from_the_start_of_the_batch(log: EmbeddedLog) -> None:
    publish(log, *map(str, range(20)))
    producer = DeafProducer(log.producer(), PublishUnknown("no answer"), times=2)
    doubtful = station(LogWith(log, producer))
    work_until(doubtful, lambda: {int(record.value) for record in stored(log)} == set(range(20)))
    doubtful.close()
    assert producer.calls > 2
    assert lag_of_group(log) == 0


def test_an_acknowledgement_that_never_comes_commits_nothing(log: EmbeddedLog) -> None:
    class Silent(DeafProducer):
        def publish(self, events: Sequence[Event]) -> list[Future[Position]]:
            return [Future() for _ in events]

    publish(log, "1", "2")
    silent = station(LogWith(log, Silent(log.producer())), ack_timeout_s=0.1)
    for _ in range(5):
        assert silent.step() == 0
    silent.close()
    assert lag_of_group(log) == 2


def test_a_dependency_that_is_away_costs_neither_membership_nor_records(log: EmbeddedLog) -> None:
    other = log.consumer(GROUP, [SOURCE])
    elsewhere: list[Record] = []
    back_at = time.monotonic() + 2  # twice the session timeout of the log

    def handle(records: Sequence[Record]) -> Outcome:
        elsewhere.extend(other.poll(100, 0))
        assert len(other.assignment()) < 3, "the other member took over while the station was waiting"
        if time.monotonic() < back_at:
            raise NotNow("the database is away", retry_after_s=0.1)
        return copy(records)

    patient = station(log, handle)
    work_until(patient, lambda: other.poll(1, 0) == [] and bool(other.assignment()) and patient.is_assigned())
    publish(log, *map(str, range(40)))

    def everything_arrived() -> bool:
        elsewhere.extend(other.poll(100, 0))
        return len(stored(log)) + len(elsewhere) >= 40

    work_until(patient, everything_arrived)
    patient.close()
    other.close(1)
    assert time.monotonic() > back_at
    assert Counter(int(r.value) for r in [*stored(log), *elsewhere]) == Counter(range(40))
    assert not stored(log, DEAD_LETTERS)


def test_a_station_whose_partitions_moved_drops_the_batch_and_goes_on(log: EmbeddedLog) -> None:
    publish(log, *map(str, range(20)))
    taken: list[Record] = []

    def handle(records: Sequence[Record]) -> Outcome:
        if not taken:  # this station hangs so long that another member takes everything
            other = log.consumer(GROUP, [SOURCE])
            deadline = time.monotonic() + 10
            while len(taken) < 20:
                taken.extend(other.poll(100, 0.1))
                assert time.monotonic() < deadline
            other.commit({TopicPartition(r.topic, r.partition): r.offset + 1 for r in taken})
            other.close(1)
        return copy(records)

    slow = station(log, handle)
    work_until(slow, lambda: bool(taken))
    publish(log, "100")
    work_until(slow, lambda: b"100" in {record.value for record in stored(log)})
    slow.close()
    assert lag_of_group(log) == 0
