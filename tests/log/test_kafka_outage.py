"""Kafka only: brokers that are not there, topics that are missing, records that retention has taken."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.structs import TopicPartition as KafkaPartition

from chassis.event_log import Event, LogUnavailable, Producer, TopicPartition
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.kafka_log.topics import Layout, create_topics
from tests.log.lab import Lab, after, collect, numbers, poll, until
from tools.kafka.cluster import KafkaCluster
from tools.ports import free_port

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


@pytest.fixture
def lab(broker: KafkaCluster) -> Iterator[Lab]:
    """A lab on Kafka."""
    lab = Lab(f"kafka:{broker.bootstrap}", broker)
    yield lab
    lab.close()


@pytest.fixture
def nowhere() -> Iterator[KafkaLog]:
    """A log whose brokers do not exist."""
    log = KafkaLog(Connection((f"127.0.0.1:{free_port()}",)))
    yield log
    log.close()


def _is_refused_at_once(producer: Producer) -> bool:
    started = time.monotonic()
    try:
        future = producer.publish([Event("pm.readings", b"M1", b"{}")])[0]
    except LogUnavailable:
        return time.monotonic() - started < 0.2
    assert isinstance(future.exception(5), LogUnavailable), "never sent, so not stored"
    return False


def test_opening_everything_without_a_broker_neither_blocks_nor_raises(nowhere: KafkaLog) -> None:
    before = threading.active_count()
    started = time.monotonic()
    producer, consumer = nowhere.producer(), nowhere.consumer("workers", ["pm.readings"])
    assert time.monotonic() - started < 0.5
    until(lambda: _is_refused_at_once(producer), "refused at once")
    with pytest.raises(LogUnavailable, match=r"no Kafka broker at 127.*ECONNREFUSED"):
        consumer.poll(1, 0.1)
    assert (consumer.assignment(), consumer.lag(), consumer.missed()) == (frozenset(), {}, 0)
    with pytest.raises(LogUnavailable, match="no Kafka broker"):
        nowhere.tail(["pm.readings"])
    consumer.close(1)
    producer.close(0.1)
    until(lambda: threading.active_count() == before, "attempts that failed leave no thread behind")


def test_a_producer_made_before_its_broker_delivers_once_the_broker_is_there(lab: Lab, broker: KafkaCluster) -> None:
    topic = lab.topic()
    broker.brokers[0].stop()
    producer = lab.log(delivery_timeout_s=5).producer()
    until(lambda: _is_refused_at_once(producer), "refused at once while the broker is down")
    broker.brokers[0].start()

    def delivered() -> bool:
        try:
            return producer.publish([Event(topic, b"M1", b"1")])[0].exception(10) is None
        except LogUnavailable:
            return False

    until(delivered, "delivered", patience_s=30)
    assert numbers(collect(lab.consumer("readers", topic), 1))[0] == 1


def test_a_frozen_broker_is_told_by_poll_and_costs_no_record(lab: Lab) -> None:
    topic = lab.topic()
    lab.publish(topic, 20)
    consumer = lab.consumer("workers", topic)
    first = collect(consumer, 1, batch=5)

    with lab.stalled():
        rest: list[int] = []

        def drained_and_told() -> bool:
            try:
                rest.extend(numbers(consumer.poll(100, 0.1)))
            except LogUnavailable:
                return True
            return False

        until(drained_and_told, "the outage is told")
        with pytest.raises(LogUnavailable):
            consumer.commit(after(first))
    everything = numbers(first) + rest
    if len(everything) < 20:
        everything += numbers(collect(consumer, 20 - len(everything)))
    assert sorted(everything) == list(range(20))


def test_a_missing_topic_is_named_and_nothing_is_taken_for_it(lab: Lab) -> None:
    topic = lab.topic(exists=False)
    consumer = lab.consumer("workers", topic)

    def is_named() -> bool:
        with pytest.raises(LogUnavailable) as told:  # a broker that was away just now has another reason at first
            consumer.poll(1, 0.1)
        return f"{topic} does not exist; pm-topics" in str(told.value)

    until(is_named, "the missing topic is named")
    future = lab.log().producer().publish([Event(topic, b"M1", b"{}")])[0]
    assert isinstance(future.exception(10), LogUnavailable)
    lab.create(topic)
    assert lab.publish(topic, 1)


def test_a_sender_whose_clock_is_hours_ahead_is_taken_and_its_records_bear_the_time_of_the_broker(lab: Lab) -> None:
    topic = lab.topic()
    sender = KafkaProducer(bootstrap_servers=lab.address.removeprefix("kafka:"))
    ahead = datetime.now(UTC) + timedelta(hours=2)
    sender.send(topic, b"0", key=b"M1", timestamp_ms=int(ahead.timestamp() * 1_000)).get(30)
    sender.close()
    [record] = collect(lab.consumer("readers", topic), 1)
    assert record.appended_at < ahead - timedelta(hours=1)


def _retain_from(lab: Lab, partition: TopicPartition, offset: int) -> None:
    """Do what retention does, now."""
    admin = KafkaAdminClient(bootstrap_servers=lab.address.removeprefix("kafka:"))
    admin.delete_records({KafkaPartition(*partition): offset})
    admin.close()


def test_records_that_retention_took_unread_are_counted(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    topic = lab.topic()
    positions = lab.publish(topic, 50, keys=1)
    consumer = lab.consumer("workers", topic)
    read = collect(consumer, 10, batch=10)
    consumer.commit(after(read))
    consumer.close(5)
    lane = positions[0].partition
    _retain_from(lab, TopicPartition(topic, lane), 30)
    later = lab.consumer("workers", topic)
    assert numbers(collect(later, 20)) == list(range(30, 50))
    assert later.missed() == 20
    assert caplog.text.count("records dropped by retention before they were read") == 1
    fresh = lab.consumer("another", topic)
    assert numbers(collect(fresh, 20)) == list(range(30, 50))
    assert fresh.missed() == 0, "a new group begins at what is there"


def test_records_that_retention_took_from_a_running_reader_are_counted(lab: Lab) -> None:
    topic = lab.topic()
    lane = lab.publish(topic, 10, keys=1)[0].partition
    consumer = lab.consumer("workers", topic)
    assert len(collect(consumer, 10)) == 10
    consumer.pause()
    lab.publish(topic, 40, keys=1, first=10)
    _retain_from(lab, TopicPartition(topic, lane), 50)
    until(lambda: poll(consumer, 1, 0.05) == [] and sum(consumer.lag().values()) == 0, "nothing is left to read")
    assert consumer.missed() == 40
    consumer.resume()
    lab.publish(topic, 1, keys=1, first=50)
    assert numbers(collect(consumer, 1)) == [50]
    assert consumer.missed() == 40


def test_making_topics_again_changes_their_retention_and_leaves_the_rest(lab: Lab, broker: KafkaCluster) -> None:
    topic, connection = lab.topic(), Connection((broker.bootstrap,))
    lab.publish(topic, 5)
    said = create_topics(connection, [topic], Layout(5, 1, 1, retention_s=7_200), within_s=10)
    assert said == [f"{topic} exists with 3 partitions, left alone: the setting says 5"]
    assert len(collect(lab.consumer("readers", topic), 5)) == 5
