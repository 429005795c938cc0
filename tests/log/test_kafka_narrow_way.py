"""Kafka only: on a way that carries little, what is taken does not queue for longer than its caller waits."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

import pytest

from chassis.event_log import Event, LogFull, LogUnavailable, Position, Producer
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.kafka_log.topics import Layout, create_topics
from tests.faults.proxy import Proxy
from tests.log.lab import until
from tools.kafka.cluster import KafkaCluster
from tools.testing import StartKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
TOPIC = "pm.narrow"
_VALUE = b"x" * 1_000
_BYTES_PER_S = 600_000.0
_WINDOW_EVENTS = 10_000
_CALL = 20
_LEARNT, _DELIVERED = 2_000, 4_000


@pytest.fixture(scope="module")
def way() -> Iterator[Proxy]:
    with Proxy() as way:
        yield way


@pytest.fixture(scope="module")
def cluster(start_kafka: StartKafka, way: Proxy) -> KafkaCluster:
    cluster = start_kafka(proxy_ports={"narrow": [way.port]})
    way.upstream = cluster.brokers[0].ports.proxied["narrow"]
    layout = Layout(partitions=3, replication_factor=1, min_insync_replicas=1, retention_s=3_600)
    create_topics(Connection((cluster.bootstrap,)), [TOPIC], layout, within_s=60)
    return cluster


def test_a_flood_on_a_narrow_way_is_refused_long_before_the_window_is_full(cluster: KafkaCluster, way: Proxy) -> None:
    log = KafkaLog(Connection((cluster.proxied_bootstrap("narrow"),)), window_events=_WINDOW_EVENTS)
    producer = log.producer()
    until(lambda: _published(producer), "the producer is connected")
    way.bytes_per_s = _BYTES_PER_S
    under_way: deque[Future[Position]] = deque()
    delivered, longest, refusals = 0, 0, 0

    def flooded() -> bool:
        nonlocal delivered, longest, refusals
        while under_way and under_way[0].done():
            assert under_way.popleft().exception() is None
            delivered += 1
        if delivered > _LEARNT:
            longest = max(longest, len(under_way))
        try:
            under_way.extend(producer.publish([Event(TOPIC, b"M1", _VALUE)] * _CALL))
        except (LogFull, LogUnavailable):
            refusals += 1
            wait(under_way, 0.005, FIRST_COMPLETED)
        return delivered > _DELIVERED

    try:
        until(flooded, "enough is delivered")
    finally:
        way.heal()
        log.close()
    assert refusals > 0
    # Half a second of what the way carries, and as much again for what was measured a little too high.
    assert _CALL <= longest <= _BYTES_PER_S / len(_VALUE)


def _published(producer: Producer) -> bool:
    try:
        return producer.publish([Event(TOPIC, b"M1", b"0")])[0].exception(10) is None
    except LogUnavailable:
        return False
