"""What the contract suite needs of an implementation: to open the same log several times, also in other processes.

A log is named by an address: `embedded:FILE` or `kafka:BOOTSTRAP`. On Kafka each lab has topics and groups of its own
on a broker that all tests share.
"""

import itertools
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Consumer, Event, EventLog, LogUnavailable, Position, Record, TopicPartition
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.kafka_log.topics import Layout, create_topics
from tools.kafka.cluster import KafkaCluster

ROOT = Path(__file__).parents[2]
SESSION_S = 1.0
# The least that a broker allows by default, and how long a living member may go without a poll.
KAFKA_SESSION_S = 6.0
KAFKA_POLL_INTERVAL_S = 8.0
PATIENCE_S = 60.0  # a member that got nothing begins anew after 15 s, and one thread drives all members here
PARTITIONS = 3
_fresh = itertools.count()


def open_log(address: str, **options: Any) -> EventLog:
    """The log at `address`; `options` are window_events, window_bytes, delivery_timeout_s, session_timeout_s."""
    scheme, _, rest = address.partition(":")
    if scheme == "embedded":
        return EmbeddedLog(Path(rest), **{"session_timeout_s": SESSION_S, "durable": False} | options)
    if scheme == "kafka":
        clocks = {"session_timeout_s": KAFKA_SESSION_S, "max_poll_interval_s": KAFKA_POLL_INTERVAL_S}
        return KafkaLog(Connection(tuple(rest.split(","))), **clocks | options)
    raise ValueError(f"no log is made for {address}")


class Lab:
    """Opens one log as often as a test wants and closes everything when the test ends."""

    def __init__(self, address: str, cluster: KafkaCluster | None = None) -> None:
        self.address, self._cluster = address, cluster
        self._name = secrets.token_hex(4)
        self._logs: list[EventLog] = []
        self._consumers: list[Consumer] = []
        self._children: list[subprocess.Popen[str]] = []

    @property
    def is_kafka(self) -> bool:
        return self._cluster is not None

    @property
    def session_s(self) -> float:
        """Seconds after which the partitions of a dead member go to others."""
        return KAFKA_SESSION_S if self.is_kafka else SESSION_S

    def topic(self, *, exists: bool = True) -> str:
        """A topic of this lab alone."""
        name = f"pm.contract-{self._name}-{next(_fresh)}"
        if exists:
            self.create(name)
        return name

    def create(self, topic: str) -> None:
        """Make `topic` exist; the embedded log makes topics by itself."""
        if self._cluster is not None:
            layout = Layout(PARTITIONS, replication_factor=1, min_insync_replicas=1, retention_s=3_600)
            create_topics(Connection((self._cluster.bootstrap,)), [topic], layout, within_s=PATIENCE_S)

    def group(self, name: str) -> str:
        """The name of a group of this lab alone."""
        return f"{name}-{self._name}"

    def log(self, **options: Any) -> EventLog:
        """The log as another process would open it."""
        self._logs.append(open_log(self.address, **options))
        return self._logs[-1]

    def consumer(self, group: str, *topics: str, log: EventLog | None = None) -> Consumer:
        """A member of `group` that has not joined yet."""
        self._consumers.append((log or self.log()).consumer(self.group(group), topics))
        return self._consumers[-1]

    def tail(self, *topics: str) -> Consumer:
        """A tail from now on."""
        self._consumers.append(self.log().tail(topics))
        return self._consumers[-1]

    def publish(self, topic: str, count: int, keys: int = 7, first: int = 0) -> list[Position]:
        """Publish numbered events and wait until all are acknowledged; the value is the number."""
        producer = self.log(window_events=max(1_000, count)).producer()
        events = [numbered(topic, number, keys) for number in range(first, first + count)]
        positions: list[Position] = []

        def stored() -> bool:
            futures = producer.publish(events)
            wait(futures, PATIENCE_S)
            # A broker that has just started may not know its topics yet: all or nothing is refused then.
            if all(isinstance(future.exception(0), LogUnavailable) for future in futures):
                return False
            positions.extend(future.result(0) for future in futures)
            return True

        until(stored, "published")
        return positions

    def child(self, command: str, *arguments: str) -> "subprocess.Popen[str]":
        """A process of its own that uses the log; see child.py for the commands."""
        call = [sys.executable, "-m", "tests.log.child", self.address, command, *arguments]
        self._children.append(subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1))
        return self._children[-1]

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """While open, the log takes nothing: its disk or broker does not answer."""
        if self._cluster is not None:
            broker = self._cluster.brokers[0]
            broker.freeze()
            try:
                until(lambda: _is_stopped(broker.pid), "the broker stands still")
                yield
            finally:
                broker.thaw()
            return
        blocker = sqlite3.connect(self.address.removeprefix("embedded:"), isolation_level=None)
        try:
            blocker.execute("BEGIN IMMEDIATE")
            yield
            blocker.execute("ROLLBACK")
        finally:
            blocker.close()

    def close(self) -> None:
        """End children, then consumers, then logs."""
        for child in self._children:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
        for consumer in self._consumers:
            consumer.close(1)
        for log in self._logs:
            log.close()


def _is_stopped(pid: int) -> bool:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return all(thread.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "T" for thread in threads)


def numbered(topic: str, number: int, keys: int = 7) -> Event:
    """Event `number`; its key is one of `keys` machines."""
    return Event(topic, f"M{number % keys}".encode(), str(number).encode())


def numbers(records: Sequence[Record]) -> list[int]:
    """The numbers of numbered events."""
    return [int(record.value) for record in records]


def after(records: Sequence[Record]) -> Mapping[TopicPartition, int]:
    """The offsets to commit once `records` are done."""
    return {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}


def poll(consumer: Consumer, max_records: int, timeout_s: float) -> list[Record]:
    """What a poll gives: nothing as long as a broker that is busy does not answer in time, which the port allows."""
    try:
        return consumer.poll(max_records, timeout_s)
    except LogUnavailable:
        return []


def batches(consumer: Consumer, count: int, batch: int = 100) -> list[list[Record]]:
    """What each poll gives until there are at least `count` records; fails when they do not come in time."""
    got: list[list[Record]] = []

    def take() -> bool:
        got.append(poll(consumer, batch, 0.1))
        return sum(map(len, got)) >= count

    until(take, f"{count} records")
    return got


def collect(consumer: Consumer, count: int, batch: int = 100) -> list[Record]:
    """At least `count` records; fails when they do not come in time."""
    return [record for records in batches(consumer, count, batch) for record in records]


def until(claim: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Poll `claim` until it holds; fails with `what` when it does not in time."""
    deadline = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < deadline, f"not within {patience_s} s: {what}"


def joined(*consumers: Consumer, partitions: int = 3) -> None:
    """Poll all `consumers` in turn, paused, until together they own all partitions of one topic."""
    for consumer in consumers:
        consumer.pause()

    def settled() -> bool:
        for consumer in consumers:
            assert poll(consumer, 1, 0.02) == []
        owned = [lane for consumer in consumers for lane in consumer.assignment()]
        return len(owned) == partitions == len(set(owned)) and all(consumer.assignment() for consumer in consumers)

    until(settled, "every member owns a share")
    for consumer in consumers:
        consumer.resume()
