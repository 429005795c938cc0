"""Three brokers, two of them killed: everything is refused or unknown, and afterwards the producer delivers again.

A bare idempotent producer was once seen to deliver nothing more after such an outage; it does not happen every time, so
that only our own side is held here.
"""

import time
from collections import Counter
from concurrent.futures import Future

import pytest

from chassis.event_log import Event, LogError, LogUnavailable, Position, Producer
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.kafka_log.topics import Layout, create_topics
from tests.log.lab import poll, until
from tools.kafka.cluster import KafkaCluster
from tools.testing import StartKafka

pytestmark = [pytest.mark.kafka, pytest.mark.faults, pytest.mark.timeout(300)]
TOPIC = "pm.majority"
DELIVERY_S = 4.0


@pytest.fixture
def three(start_kafka: StartKafka) -> KafkaCluster:
    """Three brokers with a topic of three copies, of which two must confirm."""
    cluster = start_kafka(brokers=3)
    create_topics(Connection(tuple(cluster.bootstrap.split(","))), [TOPIC], Layout(3, 3, 2, 3_600), within_s=60)
    return cluster


def _outcome(producer: Producer, number: int) -> str:
    try:
        error = producer.publish([Event(TOPIC, b"M1", str(number).encode())])[0].exception(30)
    except LogError as refusal:
        return type(refusal).__name__
    return "accepted" if error is None else type(error).__name__


def test_without_a_majority_nothing_is_accepted_and_afterwards_ours_delivers(three: KafkaCluster) -> None:
    log = KafkaLog(Connection(tuple(three.bootstrap.split(","))), delivery_timeout_s=DELIVERY_S)
    ours = log.producer()
    until(lambda: _outcome(ours, 0) == "accepted", "accepted while all are there", patience_s=30)

    for broker in three.brokers[1:]:
        broker.kill()
    taken: list[Future[Position]] = []
    refused, slowest_s = 0, 0.0
    deadline = time.monotonic() + 3 * DELIVERY_S
    while time.monotonic() < deadline:
        started = time.monotonic()
        try:
            taken += ours.publish([Event(TOPIC, b"M1", b"9")])
        except LogUnavailable:
            refused += 1
        slowest_s = max(slowest_s, time.monotonic() - started)
        time.sleep(0.02)
    told = Counter(type(future.exception(30)).__name__ for future in taken)
    print(f"refused at once {refused}, slowest call {slowest_s:.3f} s, taken: {dict(told)}")
    assert told.keys() <= {"PublishUnknown", "LogUnavailable"}, "nothing is accepted"
    assert told["PublishUnknown"] >= 1
    assert refused > 2 * len(taken), "after a second of silence new events are refused at once"

    for broker in three.brokers[1:]:
        broker.start()
    until(lambda: _outcome(ours, 1) == "accepted", "ours delivers again", patience_s=60)

    consumer = log.consumer("readers", [TOPIC])
    seen: set[bytes] = set()

    def there() -> bool:
        seen.update(record.value for record in poll(consumer, 500, 0.2))
        return {b"0", b"1"} <= seen

    until(there, "both accepted events are there")
    consumer.close(5)
    log.close()
