"""The simulated fleet publishes like a machine: spread over time, patient with the log, its nonsense buried."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count

import pytest
from prometheus_client import CollectorRegistry

from chassis.dead_letter import read_dead_letter
from chassis.event_log import LogUnavailable, Record
from chassis.topics import DEAD_LETTERS, READINGS
from ingest.acceptance import Acceptance
from ingest.metrics import IngestMetrics
from ingest.simulate import Simulator
from models.fleet import Fleet
from models.profile import Profile
from services.ingest.tests.fakes import FakeProducer
from services.ingest.tests.samples import NOW, poll_until, reading

Raw = dict[str, object] | bytes
PERIOD_S = 0.02
Start = Callable[["Sequence[Raw] | FixedFleet"], Simulator]


class FixedFleet:
    """Says the same at every step and remembers when it was asked, on the monotonic clock in seconds."""

    def __init__(self, readings: Sequence[Raw]) -> None:
        self.readings = readings
        self.asked: list[float] = []

    def step(self, now: datetime) -> Sequence[Raw]:
        self.asked.append(time.monotonic())
        return self.readings


@pytest.fixture
def start(acceptance: Acceptance, producer: FakeProducer, registry: CollectorRegistry) -> Iterator[Start]:
    """Runs a simulator of a fixed fleet every 20 ms; its clock moves one second per look."""
    running: list[Simulator] = []
    ticks = count()

    def started(readings: Sequence[Raw] | FixedFleet) -> Simulator:
        simulator = Simulator(
            readings if isinstance(readings, FixedFleet) else FixedFleet(readings),
            acceptance,
            producer,
            IngestMetrics(registry),
            clock=lambda: NOW + timedelta(seconds=next(ticks)),
            period_s=PERIOD_S,
        )
        simulator.start()
        running.append(simulator)
        return simulator

    yield started
    for simulator in running:
        simulator.stop()


def test_the_fleet_is_published_again_and_again(start: Start, producer: FakeProducer) -> None:
    start([reading(udi="M1"), reading(udi="L2")])
    poll_until(lambda: len(producer.published) >= 6, "three rounds")
    assert {event.topic for event in producer.published} == {READINGS}
    assert {event.key for event in producer.published} == {b"M1", b"L2"}


def test_machines_measure_once_per_period_and_not_ahead_of_time(start: Start) -> None:
    fleet = FixedFleet([reading(udi="M1")])
    start(fleet)
    poll_until(lambda: len(fleet.asked) >= 6, "six rounds")
    assert fleet.asked[5] - fleet.asked[0] >= 5 * PERIOD_S


def test_what_the_door_would_refuse_becomes_a_dead_letter(start: Start, producer: FakeProducer) -> None:
    start([reading(udi="M1", air_temperature=29), b"{broken"])
    poll_until(lambda: len(producer.published) >= 4, "two rounds")
    letters = [
        read_dead_letter(Record(event.topic, 0, 0, event.key, event.value, event.headers, NOW))
        for event in producer.published
        if event.topic == DEAD_LETTERS
    ]
    assert len(letters) == len(producer.published)
    cold = [letter for letter in letters if letter.key == b"M1"]
    assert {letter.code for letter in cold} == {"wrong_unit_suspected"}
    assert cold[0].origin.startswith("simulator:M1:2026-05-04T")
    assert cold[0].service == "ingest"
    assert b'"air_temperature":29' in cold[0].value
    assert {letter.code for letter in letters if letter.key is None} == {"malformed_json"}
    assert len({letter.id for letter in letters}) == len(letters)


def test_a_log_that_is_away_is_left_alone_and_then_used_again(
    start: Start, producer: FakeProducer, registry: CollectorRegistry
) -> None:
    producer.refusal = LogUnavailable("away", retry_after_s=0.05)
    start([reading(udi="M1")])

    def dropped() -> float:
        labels = {"source": "simulator", "code": "log_unavailable"}
        return registry.get_sample_value("pm_ingest_readings_unacknowledged_total", labels) or 0

    poll_until(lambda: dropped() >= 2, "two refused rounds")
    producer.refusal = None
    poll_until(lambda: len(producer.published) >= 3, "publishing again")


def test_it_ends_at_once_and_publishes_nothing_afterwards(start: Start, producer: FakeProducer) -> None:
    simulator = start([reading(udi="M1")])
    poll_until(lambda: bool(producer.published), "publishing")
    simulator.stop(timeout_s=1)
    after = len(producer.published)
    simulator.stop(timeout_s=1)
    assert len(producer.published) == after


def test_the_demo_fleet_is_accepted_but_for_the_machine_that_sends_celsius(
    acceptance: Acceptance, profile: Profile
) -> None:
    fleet = Fleet(profile, 10, seed=1)
    refused = set()
    for second in range(130):
        now = NOW + timedelta(seconds=second)
        for raw in fleet.step(now):
            verdict = acceptance.examine_all([json.dumps(raw).encode()], now).verdicts[0]
            if not isinstance(verdict, int):
                refused.add((verdict.machine_id, verdict.code))
    assert refused == {(fleet.members[-1].machine_id, "wrong_unit_suspected")}
