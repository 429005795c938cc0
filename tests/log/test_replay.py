"""Contract: positions. Replay from the beginning, seek, bounded polls, lag, and tails that see only what is new."""

import time

import pytest

from chassis.event_log import Event, Fenced, LogError, TopicPartition
from tests.log.lab import Lab, after, batches, collect, numbers, poll, until


def test_replay_gives_everything_again_and_moves_no_committed_offset(lab: Lab, topic: str) -> None:
    lab.publish(topic, 60)
    consumer = lab.consumer("workers", topic)
    first = collect(consumer, 60)
    consumer.commit(after(first))
    consumer.seek_to_beginning()
    again = collect(consumer, 60)
    assert sorted(record.position for record in again) == sorted(record.position for record in first)
    consumer.close(5)
    successor = lab.consumer("workers", topic)
    assert successor.poll(10, 0.3) == []


def test_seek_continues_at_the_offset(lab: Lab, topic: str) -> None:
    positions = lab.publish(topic, 50, keys=1)
    consumer = lab.consumer("workers", topic)
    collect(consumer, 50)
    consumer.seek(TopicPartition(topic, positions[0].partition), 30)
    assert numbers(collect(consumer, 20)) == list(range(30, 50))


def test_seek_needs_an_assigned_partition(lab: Lab, topic: str) -> None:
    consumer = lab.consumer("workers", topic)
    consumer.poll(1, 0)
    with pytest.raises(Fenced):
        consumer.seek(TopicPartition("pm.elsewhere", 0), 0)


def test_a_poll_gives_no_more_than_was_asked_for(lab: Lab, topic: str) -> None:
    lab.publish(topic, 100)
    consumer = lab.consumer("workers", topic)
    sizes = [len(records) for records in batches(consumer, 100, batch=7)]
    assert max(sizes) == 7
    assert sum(sizes) >= 100  # what nobody committed comes again when a busy host makes the member join anew


def test_big_records_come_in_bounded_polls(lab: Lab, topic: str) -> None:
    producer = lab.log(window_bytes=64 * 2**20).producer()
    for future in producer.publish([Event(topic, b"M1", b"x" * 900_000) for _ in range(20)]):
        future.result(20)
    consumer = lab.consumer("workers", topic)
    assert max(len(records) for records in batches(consumer, 20, batch=500)) < 20


def test_an_empty_poll_ends_after_its_timeout_and_a_new_record_ends_it_early(lab: Lab, topic: str) -> None:
    consumer = lab.consumer("workers", topic)
    until(lambda: poll(consumer, 1, 0.05) == [] and bool(consumer.assignment()), "joined")
    started = time.monotonic()
    assert consumer.poll(1, 0.2) == []
    assert 0.19 < time.monotonic() - started < 1.5
    lab.publish(topic, 1)
    started = time.monotonic()
    assert len(consumer.poll(1, 10)) == 1
    assert time.monotonic() - started < 5


def test_a_busy_partition_does_not_starve_the_others(lab: Lab, topic: str) -> None:
    lab.publish(topic, 500, keys=1)
    lab.publish(topic, 30, keys=30, first=1_000)
    consumer = lab.consumer("workers", topic)
    seen = collect(consumer, 150, batch=50)
    assert len({record.partition for record in seen}) == 3


def test_lag_counts_what_was_not_delivered(lab: Lab, topic: str) -> None:
    lab.publish(topic, 30)
    consumer = lab.consumer("workers", topic)
    got = collect(consumer, 1, batch=10)
    assert sum(consumer.lag().values()) == 30 - len(got)
    assert set(consumer.lag()) == consumer.assignment()
    got += collect(consumer, 30 - len(got))
    assert sum(consumer.lag().values()) == 0
    lab.publish(topic, 4, first=30)
    assert sum(consumer.lag().values()) == 4


def test_a_tail_sees_only_what_comes_after_it(lab: Lab, topic: str) -> None:
    lab.publish(topic, 20)
    one, two = lab.tail(topic), lab.tail(topic)
    lab.publish(topic, 15, first=20)
    assert sorted(numbers(collect(one, 15))) == list(range(20, 35))
    assert sorted(numbers(collect(two, 15))) == list(range(20, 35))
    assert one.poll(10, 0.1) == []


def test_a_tail_of_a_topic_that_does_not_exist_yet_sees_its_first_record(lab: Lab) -> None:
    topic = lab.topic(exists=False)
    tail = lab.tail(topic)
    assert tail.poll(10, 0.05) == []
    lab.create(topic)
    lab.publish(topic, 3)
    assert sorted(numbers(collect(tail, 3))) == [0, 1, 2]


def test_a_tail_can_look_back_but_commits_nothing(lab: Lab, topic: str) -> None:
    lab.publish(topic, 20)
    tail = lab.tail(topic)
    tail.seek_to_beginning()
    records = collect(tail, 20)
    assert sorted(numbers(records)) == list(range(20))
    with pytest.raises(LogError):
        tail.commit(after(records))


def test_tails_and_groups_do_not_touch_each_other(lab: Lab, topic: str) -> None:
    tail, member = lab.tail(topic), lab.consumer("workers", topic)
    lab.publish(topic, 25)
    assert len(collect(tail, 25)) == len(collect(member, 25)) == 25
    assert len(member.assignment()) == 3
