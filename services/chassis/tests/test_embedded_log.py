"""Inside the embedded log: retention, a disk that hangs, a writer that is refused."""

import logging
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from chassis import embedded_group
from chassis.embedded_log import EmbeddedLog
from chassis.embedded_queue import Bell
from chassis.embedded_store import Entry, Store, open_file
from chassis.embedded_writer import Writer
from chassis.event_log import Event, LogFull, LogUnavailable, Position, PublishUnknown, TopicPartition
from chassis.window import Window

TOPIC = "pm.readings"


def events(count: int) -> list[Event]:
    return [Event(TOPIC, b"M1", str(number).encode()) for number in range(count)]


def test_old_records_are_dropped_and_a_reader_behind_them_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "log"
    log = EmbeddedLog(file, durable=False)
    reader = log.tail([TOPIC])
    positions = [future.result(5) for future in log.producer().publish(events(30))]
    lane = TopicPartition(TOPIC, positions[0].partition)
    log.close()
    forgetful = EmbeddedLog(file, durable=False, retention_s=0.001)
    deadline = time.monotonic() + 20
    while reader.lag()[lane]:
        assert time.monotonic() < deadline
    [lost] = [record for record in caplog.records if "dropped by retention" in record.message]
    assert lost.levelno == logging.WARNING
    assert lost.__dict__["lost"] == 30
    [following] = [future.result(5) for future in forgetful.producer().publish(events(1))]
    assert following.offset == 30, "offsets go on, dropped records or not"
    reader.close(1)
    forgetful.close()


def test_retention_keeps_what_is_young(tmp_path: Path) -> None:
    connection, partitions = open_file(tmp_path / "log", 3, False, 1)
    store = Store(connection, partitions)
    lane = TopicPartition(TOPIC, 0)
    store.append([Entry(lane, None, b"old", None)] * 5, now_us=1_000)
    store.append([Entry(lane, None, b"young", None)] * 5, now_us=2_000)
    assert store.prune(older_than_us=2_000, limit=3) == 3
    assert store.prune(older_than_us=2_000, limit=3) == 2
    assert store.prune(older_than_us=2_000, limit=3) == 0
    assert connection.execute("SELECT DISTINCT value FROM records").fetchall() == [(b"young",)]
    connection.close()


class HangingStore(Store):
    """A store whose disk does not answer until it is told to."""

    def __init__(self, connection: sqlite3.Connection, partitions: int) -> None:
        super().__init__(connection, partitions)
        self.answer = threading.Event()
        self.error: sqlite3.Error | None = None

    def append(self, entries: Sequence[Entry], now_us: int) -> list[Position]:
        assert self.answer.wait(20)
        positions = super().append(entries, now_us)
        if self.error is not None:
            raise self.error
        return positions


def hanging_writer(file: Path) -> tuple[HangingStore, Writer]:
    store = HangingStore(*open_file(file, 3, False, 1))
    return store, Writer(store, Bell(), delivery_timeout_s=0.3, retention_s=1_000)


def test_a_hanging_disk_is_unknown_at_the_deadline_and_holds_its_window(tmp_path: Path) -> None:
    store, writer = hanging_writer(tmp_path / "log")
    window = Window(10, 100_000, 0.1)
    ticket = writer.publish(events(10), window)
    for future in ticket.futures:
        assert isinstance(future.exception(5), PublishUnknown)
    with pytest.raises(LogFull):
        writer.publish(events(1), window)
    with pytest.raises(LogUnavailable, match="does not answer"):
        writer.submit(lambda _: None)
    store.answer.set()
    deadline = time.monotonic() + 10
    while True:
        try:
            assert writer.publish(events(10), window).futures[-1].result(5)
            break
        except LogFull:
            assert time.monotonic() < deadline
    writer.close(5)


def test_a_failed_transaction_stores_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    store, writer = hanging_writer(tmp_path / "log")
    window = Window(10, 100_000, 0.1)
    store.error = sqlite3.OperationalError("disk I/O error")
    store.answer.set()
    for future in writer.publish(events(3), window).futures:
        with pytest.raises(LogUnavailable, match="disk I/O error"):
            future.result(5)
    store.error = None
    assert [future.result(5).offset for future in writer.publish(events(3), window).futures] == [0, 1, 2]
    writer.close(5)


def test_what_cannot_be_stored_fails_at_its_publisher_alone(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path / "log", durable=False)
    producer = log.producer()
    with pytest.raises(UnicodeEncodeError):
        producer.publish([Event(TOPIC, b"M1", b"{}", (("\ud800", b""),))])
    assert producer.publish(events(1))[0].result(5)
    log.close()


@pytest.mark.parametrize(("members", "sizes"), [(1, [3]), (2, [2, 1]), (3, [1, 1, 1]), (4, [1, 1, 1, 0])])
def test_range_assignment_covers_each_partition_once(members: int, sizes: list[int]) -> None:
    names = {f"m{number}": [TOPIC] for number in range(members)}
    shares = [embedded_group.share(name, names, 3) for name in names]
    assert [len(lanes) for lanes in shares] == sizes
    assert set().union(*shares) == {TopicPartition(TOPIC, partition) for partition in range(3)}


def test_a_commit_from_an_earlier_epoch_of_the_same_member_is_fenced(tmp_path: Path) -> None:
    connection, partitions = open_file(tmp_path / "log", 1, False, 1)
    store = Store(connection, partitions)
    lane = TopicPartition(TOPIC, 0)

    def epoch() -> int:
        return embedded_group.beat(store, "g", "me", [TOPIC], now_us=0, session_us=1).owned[lane].epoch

    first = epoch()
    embedded_group.leave(store, "g", "me")
    second = epoch()
    assert second > first
    assert embedded_group.commit(store, "g", "me", {lane: first}, {lane: 5}) == [lane]
    assert embedded_group.commit(store, "g", "me", {lane: second}, {lane: 5}) == []
    connection.close()
