"""Kafka only: every address of the brokers changes, and only the first contact stays where it was (KIP-899).

A client of kafka-python asks only the addresses it was told last; when none of them is there any more, it asks nobody.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from chassis.event_log import Consumer, Event, LogUnavailable, Producer, PublishUnknown
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.kafka_log.topics import Layout, create_topics
from tests.faults.proxy import Proxy
from tests.log.lab import KAFKA_SESSION_S, poll, until
from tools.kafka.cluster import KafkaCluster
from tools.testing import StartKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
TOPIC = "pm.moving"


class Moving(NamedTuple):
    """A cluster whose broker may move, and where its clients make the first contact."""

    cluster: KafkaCluster
    contact: Proxy

    def move(self, old: Sequence[Proxy], new: Proxy) -> None:
        """The broker comes back under another address, and nobody listens at the old one any more."""
        [broker] = self.cluster.brokers
        broker.kill()
        for proxy in old:
            proxy.down()
        broker.advertise({"moving": new.port})
        broker.start()


@pytest.fixture
def moving(start_kafka: StartKafka) -> Iterator[Moving]:
    with Proxy() as contact:
        cluster = start_kafka(proxy_ports={"moving": [contact.port]})
        contact.upstream = cluster.brokers[0].ports.proxied["moving"]
        layout = Layout(partitions=3, replication_factor=1, min_insync_replicas=1, retention_s=3_600)
        create_topics(Connection((cluster.bootstrap,)), [TOPIC], layout, within_s=60)
        yield Moving(cluster, contact)


def test_who_knows_only_addresses_that_are_gone_asks_at_the_first_contact_again(moving: Moving) -> None:
    log = KafkaLog(
        Connection((moving.cluster.proxied_bootstrap("moving"),)),
        delivery_timeout_s=3,
        session_timeout_s=KAFKA_SESSION_S,
    )
    with ExitStack() as stack:
        stack.callback(log.close)
        producer, member = log.producer(), log.consumer("workers", [TOPIC])
        stack.callback(member.close, 1)
        tail = log.tail([TOPIC])
        stack.callback(tail.close, 1)
        upstream = moving.contact.upstream
        addresses = [stack.enter_context(Proxy(upstream)) for _ in range(2)]
        for number, (old, new) in enumerate([([], addresses[0]), (addresses[:1], addresses[1])]):
            moving.move(old, new)
            value = b"%d" % number
            until(lambda value=value: _published(producer, value), "published")  # type: ignore[misc]
            for reader in (member, tail):
                until(lambda reader=reader, value=value: value in _values(reader), "read", patience_s=90)  # type: ignore[misc]


def _published(producer: Producer, value: bytes) -> bool:
    try:
        return producer.publish([Event(TOPIC, b"M1", value)])[0].exception(10) is None
    except (LogUnavailable, PublishUnknown):
        return False


def _values(reader: Consumer) -> list[bytes]:
    return [record.value for record in poll(reader, 100, 0.5)]
