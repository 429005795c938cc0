"""The three faults of kafka-python 3.0.12 that stop a service without a word: each shown bare, and gone in our log.

When a newer client has lost one of them, the bare half of its test fails; then the counter-measure can go as well.
"""

import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaTimeoutError
from kafka.structs import MemberState

from chassis.event_log import Event, PublishUnknown
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.delivery import Delivery
from chassis.kafka_log.rejoin import remember_rejoin, topics_known
from tests.log.lab import ROOT, Lab, collect, until
from tools.kafka.cluster import KafkaCluster

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
STUCK_S = 4.0


@pytest.fixture
def lab(broker: KafkaCluster) -> Any:
    """A lab on Kafka."""
    lab = Lab(f"kafka:{broker.bootstrap}", broker)
    yield lab
    lab.close()


def _in_a_rejoin_that_its_poll_did_not_wait_for(lab: Lab, topic: str, bootstrap: str, *, remembers: bool) -> Any:
    """A consumer that owns three partitions, learns of a fourth, and polls too briefly to join again at once."""
    client = KafkaConsumer(bootstrap_servers=bootstrap, group_id=lab.group("workers"), metrics_enabled=False)
    topics_known(client, [topic], 5_000)
    client.subscribe([topic])
    if remembers:
        remember_rejoin(client)

    def joined() -> bool:
        client.poll(timeout_ms=500)
        return len(client.assignment()) == 3

    until(joined, "three partitions")
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_partitions({topic: 4})
    admin.close()

    def knows_the_fourth() -> bool:
        client._cluster.request_update()
        time.sleep(0.05)
        return bool(client._cluster.partitions_for_topic(topic) == {0, 1, 2, 3})

    until(knows_the_fourth, "the fourth partition is known")
    client.poll(timeout_ms=0)
    until(lambda: client._coordinator._join_task.is_done, "the broker has answered the rejoin")
    return client


def _owns_all_within(client: Any, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        client.poll(timeout_ms=50)
        if len(client.assignment()) == 4:
            return True
    return False


def test_fault_1_a_rejoin_that_nothing_resumes(lab: Lab, broker: KafkaCluster) -> None:
    bare = _in_a_rejoin_that_its_poll_did_not_wait_for(lab, lab.topic(), broker.bootstrap, remembers=False)
    assert not _owns_all_within(bare, STUCK_S)
    assert bare.group_metadata().state == MemberState.REBALANCING, "no error, no assignment, no end"
    bare.close(autocommit=False, timeout_ms=1_000)


def test_fault_1_is_gone_when_the_rejoin_is_remembered(lab: Lab, broker: KafkaCluster) -> None:
    ours = _in_a_rejoin_that_its_poll_did_not_wait_for(lab, lab.topic(), broker.bootstrap, remembers=True)
    assert _owns_all_within(ours, 10)
    ours.close(autocommit=False, timeout_ms=1_000)


def test_fault_2_closing_a_producer_with_something_left_leaves_its_thread(lab: Lab, broker: KafkaCluster) -> None:
    topic = lab.topic()
    bare = KafkaProducer(bootstrap_servers=broker.bootstrap, metrics_enabled=False, delivery_timeout_ms=60_000)
    bare.send(topic, b"{}").get(10)
    with lab.stalled():
        bare.send(topic, b"{}")
        with pytest.raises(KafkaTimeoutError):
            bare.close(timeout=0.5)
        assert bare._sender.is_alive()
    bare.close(timeout=10)


def test_fault_2_is_gone_a_client_that_failed_is_dropped_and_ends(lab: Lab, broker: KafkaCluster) -> None:
    topic = lab.topic()
    before = threading.active_count()
    delivery = Delivery(Connection((broker.bootstrap,)), delivery_timeout_s=60, connect_s=5)
    outcomes: list[object] = []
    delivery.send(Event(topic, b"M1", b"{}"), delivery.partitions(topic), outcomes.append)
    until(lambda: len(outcomes) == 1, "delivered")
    with lab.stalled():
        delivery.send(Event(topic, b"M1", b"{}"), 3, outcomes.append)
        delivery.drop()
        until(lambda: threading.active_count() == before, "no thread is left")
    assert isinstance(outcomes[1], Exception)


def test_fault_2_is_gone_an_unanswered_delivery_makes_a_new_client(lab: Lab) -> None:
    topic = lab.topic()
    producer = lab.log(delivery_timeout_s=1).producer()
    assert producer.publish([Event(topic, b"M1", b"0")])[0].result(10)
    with lab.stalled():
        future = producer.publish([Event(topic, b"M1", b"1")])[0]
        assert isinstance(future.exception(5), PublishUnknown)

    def delivered() -> bool:
        try:
            return producer.publish([Event(topic, b"M1", b"2")])[0].exception(10) is None
        except Exception:
            return False

    until(delivered, "events are taken again")


BARE_POISON = """
import sys
from kafka import KafkaConsumer
def decode(value):
    return int(value)
consumer = KafkaConsumer(sys.argv[1], bootstrap_servers=sys.argv[2], auto_offset_reset="earliest", group_id=None,
                         value_deserializer=decode, metrics_enabled=False)
def say(line):
    print(line, flush=True)
raised = False
while True:
    try:
        for records in consumer.poll(timeout_ms=200).values():
            for record in records:
                say(record.value)
    except Exception:
        say("raised")
        raised = True
        continue
    if raised:
        say("polled on")
"""


def test_fault_3_a_deserializer_that_raises_ends_polling_for_ever(lab: Lab, broker: KafkaCluster) -> None:
    topic = lab.topic()
    _poisoned(lab, topic)
    call = [sys.executable, "-W", "ignore", "-c", BARE_POISON, topic, broker.bootstrap]
    child = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        assert [child.stdout.readline().strip() for _ in range(2)] == ["1", "raised"]
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.extend(child.stdout or []), daemon=True)
        reader.start()
        reader.join(STUCK_S)
        assert said == [], "the next poll does not come back, though its timeout is 0.2 s"
    finally:
        child.kill()
        child.wait()
        reader.join(5)
        child.stdout.close()


def test_fault_3_is_gone_bytes_come_as_they_are(lab: Lab) -> None:
    topic = lab.topic()
    _poisoned(lab, topic)
    consumer = lab.consumer("workers", topic)
    assert [record.value for record in collect(consumer, 3)] == [b"1", b"\xff poison", b"3"]


def _poisoned(lab: Lab, topic: str) -> None:
    producer = lab.log().producer()
    for value in (b"1", b"\xff poison", b"3"):
        producer.publish([Event(topic, b"M1", value)])[0].result(10)
