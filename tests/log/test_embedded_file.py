"""The embedded log only: its file seen from several processes, on a full disk, and after damage."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event, LogError, LogUnavailable
from tests.log.lab import Lab, after, collect, numbers, until

TOPIC = "pm.contract"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the log of a test lies."""
    return tmp_path / "deeper" / "log.sqlite3"


@pytest.fixture
def embedded(file: Path) -> Iterator[Lab]:
    """A lab around `file`."""
    lab = Lab(f"embedded:{file}")
    yield lab
    lab.close()


def test_a_full_disk_is_unavailable_and_everything_acknowledged_before_is_kept(embedded: Lab) -> None:
    embedded.log().close()
    child = embedded.child("fill_disk", TOPIC, "300000")
    assert child.stdout is not None
    *acknowledged, end = child.stdout.read().split()
    assert end in {"LogUnavailable", "PublishUnknown"}
    assert len(acknowledged) > 20
    stored = numbers(collect(embedded.consumer("readers", TOPIC), len(acknowledged), batch=500))
    assert set(map(int, acknowledged)) <= set(stored)


def test_several_processes_may_make_the_file_at_the_same_time(embedded: Lab) -> None:
    children = [embedded.child("publish", TOPIC, str(first * 10_000)) for first in range(3)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline().strip().isdigit()


def test_a_reader_in_this_process_sees_what_another_process_writes(embedded: Lab) -> None:
    reader = embedded.consumer("readers", TOPIC)
    assert reader.poll(1, 0) == []
    embedded.child("publish", TOPIC, "0")
    assert len(collect(reader, 100)) >= 100


def test_a_newcomer_gets_a_partition_only_after_its_owner_gave_it_up(embedded: Lab) -> None:
    embedded.publish(TOPIC, 60, keys=30)
    owner, newcomer = embedded.consumer("workers", TOPIC), embedded.consumer("workers", TOPIC)
    records = collect(owner, 60)
    for _ in range(5):
        assert newcomer.poll(100, 0.02) == []
    owner.commit(after(records))
    until(lambda: owner.poll(1, 0.02) == newcomer.poll(1, 0.02) == [] and bool(newcomer.assignment()), "handed over")


def test_a_log_closed_and_opened_again_goes_on(embedded: Lab, file: Path) -> None:
    embedded.publish(TOPIC, 10)
    log = EmbeddedLog(file)
    [position] = [future.result(5) for future in log.producer().publish([Event(TOPIC, b"M0", b"10")])]
    log.close()
    log = EmbeddedLog(file)
    [following] = [future.result(5) for future in log.producer().publish([Event(TOPIC, b"M0", b"11")])]
    assert following == (position.topic, position.partition, position.offset + 1)
    log.close()
    with pytest.raises(LogUnavailable, match="closed"):
        log.producer().publish([Event(TOPIC, b"M0", b"12")])


def test_the_number_of_partitions_is_that_of_the_file(file: Path) -> None:
    EmbeddedLog(file, partitions=5).close()
    log = EmbeddedLog(file, partitions=2)
    assert log.partitions == 5
    log.close()


def test_a_key_keeps_its_partition_for_ever(file: Path) -> None:
    log = EmbeddedLog(file)
    keys = [b"M14860", b"L47181", b"H29424", b"press-1", b""]
    positions = [future.result(5) for future in log.producer().publish([Event(TOPIC, key, b"{}") for key in keys])]
    assert [position.partition for position in positions] == [2, 1, 2, 1, 0]
    log.close()


def test_a_file_that_is_no_database_is_refused_with_one_sentence(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not a database, and long enough to be looked at" * 100)
    with pytest.raises(LogError, match="damaged or not an event log") as refusal:
        EmbeddedLog(file)
    assert str(file) in str(refusal.value)


def test_a_database_of_another_application_is_refused_and_left_alone(file: Path) -> None:
    file.parent.mkdir()
    foreign = sqlite3.connect(file)
    foreign.execute("CREATE TABLE precious (n)")
    foreign.close()
    before = file.read_bytes()
    with pytest.raises(LogError, match="another application"):
        EmbeddedLog(file)
    assert file.read_bytes() == before


def test_a_file_of_another_format_is_refused(file: Path) -> None:
    EmbeddedLog(file).close()
    newer = sqlite3.connect(file)
    newer.execute("PRAGMA user_version=99")
    newer.close()
    with pytest.raises(LogError, match="format 99"):
        EmbeddedLog(file)


def test_a_truncated_file_is_refused(file: Path) -> None:
    EmbeddedLog(file).close()
    file.write_bytes(file.read_bytes()[:5_000])
    with pytest.raises(LogError, match="damaged"):
        EmbeddedLog(file)


def test_a_folder_in_place_of_the_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="cannot be opened"):
        EmbeddedLog(tmp_path)


def test_an_open_log_leaves_no_thread_behind_when_closed(file: Path) -> None:
    before = threading.active_count()
    EmbeddedLog(file).close()
    assert threading.active_count() == before
