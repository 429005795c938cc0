"""Contract: what an acknowledgement means, and what a full or silent log does."""

import time
from concurrent.futures import wait

import pytest

from chassis.event_log import Event, Headers, LogFull, LogUnavailable, PublishUnknown
from tests.log.lab import Lab, after, collect, numbered, numbers


def test_an_acknowledged_event_is_at_its_position(lab: Lab, topic: str) -> None:
    positions = lab.publish(topic, 200)
    records = collect(lab.consumer("readers", topic), 200)
    assert {(record.position, int(record.value)) for record in records} == {
        (position, number) for number, position in enumerate(positions)
    }


def test_events_of_a_key_share_a_partition_and_keep_their_order(lab: Lab, topic: str) -> None:
    producer = lab.log().producer()
    futures = [producer.publish([numbered(topic, 2 * n), numbered(topic, 2 * n + 1)]) for n in range(200)]
    assert all(future.result(10) for pair in futures for future in pair)
    records = collect(lab.consumer("readers", topic), 400)
    for machine in range(7):
        of_machine = [record for record in records if record.key == b"M%d" % machine]
        assert numbers(of_machine) == sorted(numbers(of_machine))
        assert len({record.partition for record in of_machine}) == 1
        assert [record.offset for record in of_machine] == sorted({record.offset for record in of_machine})


def test_keys_spread_over_the_partitions(lab: Lab, topic: str) -> None:
    assert {position.partition for position in lab.publish(topic, 100, keys=100)} == {0, 1, 2}


@pytest.mark.parametrize(
    ("key", "value", "headers"),
    [
        (None, b"no key", ()),
        (b"M1", b"", ()),
        (b"\x00\xff", bytes(range(256)), ()),
        (b"M1", b"x" * 900_000, ()),
        (b"M1", b"headers", (("traceparent", b"00-aa"), ("pm-code", b"\xff\x00"), ("traceparent", b""))),
    ],
    ids=["no key", "empty value", "all bytes", "big value", "headers"],
)
def test_what_was_published_comes_back_unchanged(
    lab: Lab, topic: str, key: bytes | None, value: bytes, headers: Headers
) -> None:
    before = time.time()
    assert lab.log().producer().publish([Event(topic, key, value, headers)])[0].result(10).topic == topic
    [record] = collect(lab.consumer("readers", topic), 1)
    assert (record.topic, record.key, record.value, record.headers) == (topic, key, value, headers)
    assert before - 1 <= record.appended_at.timestamp() <= time.time() + 1
    assert record.appended_at.utcoffset() is not None


def test_publishing_nothing_is_nothing(lab: Lab) -> None:
    assert lab.log().producer().publish([]) == []


def test_a_full_window_refuses_at_once_and_takes_all_or_nothing(lab: Lab, topic: str) -> None:
    producer = lab.log(window_events=20).producer()
    with lab.stalled():
        taken = producer.publish([numbered(topic, number) for number in range(15)])
        started = time.monotonic()
        with pytest.raises(LogFull) as refusal:
            producer.publish([numbered(topic, number) for number in range(100, 106)])
        taken += producer.publish([numbered(topic, number) for number in range(15, 20)])
        for _ in range(1_000):
            with pytest.raises(LogFull):
                producer.publish([numbered(topic, 200)])
        assert time.monotonic() - started < 1
        assert refusal.value.retry_after_s > 0
    assert all(future.result(10) for future in taken)
    assert producer.publish([numbered(topic, 20)])[0].result(10)
    assert sorted(numbers(collect(lab.consumer("readers", topic), 21))) == list(range(21))


def test_the_window_is_bounded_in_bytes(lab: Lab, topic: str) -> None:
    producer = lab.log(window_bytes=100_000).producer()
    with lab.stalled():
        for _ in range(9):
            producer.publish([Event(topic, b"M1", b"x" * 10_000)])
        with pytest.raises(LogFull):
            producer.publish([Event(topic, b"M1", b"x" * 10_000)])


def test_an_unanswered_event_is_unknown_after_the_deadline_and_never_hangs(lab: Lab, topic: str) -> None:
    producer = lab.log(delivery_timeout_s=0.5).producer()
    assert producer.publish([numbered(topic, 0)])[0].result(5)
    with lab.stalled():
        futures = producer.publish([numbered(topic, number) for number in range(1, 6)])
        assert not wait(futures, 5).not_done
    for future in futures:
        assert isinstance(future.exception(), PublishUnknown | LogUnavailable)


def test_a_log_that_answers_again_takes_events_again(lab: Lab, topic: str) -> None:
    producer = lab.log(delivery_timeout_s=0.5, window_events=5).producer()
    with lab.stalled():
        wait(producer.publish([numbered(topic, number) for number in range(5)]), 5)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert producer.publish([numbered(topic, 99)])[0].result(5)
            return
        except (LogUnavailable, PublishUnknown):
            assert time.monotonic() < deadline


def test_closing_a_producer_waits_for_what_is_on_its_way(lab: Lab, topic: str) -> None:
    producer = lab.log().producer()
    futures = producer.publish([numbered(topic, number) for number in range(100)])
    producer.close(10)
    assert all(future.done() and future.exception() is None for future in futures)


def test_closing_a_producer_of_a_silent_log_ends_and_says_so(lab: Lab, topic: str) -> None:
    producer = lab.log().producer()
    with lab.stalled():
        future = producer.publish([numbered(topic, 1)])[0]
        producer.close(0.1)
        assert isinstance(future.exception(1), PublishUnknown | LogUnavailable)


def test_a_caller_that_gives_up_cannot_cancel_an_event_on_its_way(lab: Lab, topic: str) -> None:
    producer = lab.log().producer()
    with lab.stalled():
        future = producer.publish([numbered(topic, 1)])[0]
        assert not future.cancel()
    assert future.result(10)
    records = collect(lab.consumer("readers", topic), 1)
    assert after(records)
