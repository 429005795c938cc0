"""Another model than the live one, which answers on the log for replays."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec

from chassis.assessment import Assessment, encode
from chassis.event_log import Event
from chassis.replay import KIND, ModelCard, Ticket, encode_card, kind_of, ticket_of
from chassis.topics import REPLAY_ASSESSMENTS, REPLAY_READINGS
from services.gateway.tests.running import Gateway

Make = Callable[..., Assessment]
OTHER = "sha256:other"


@contextmanager
def inference(gateway: Gateway, make: Make, answer: Callable[[Assessment], Assessment | None]) -> Iterator[None]:
    """Another model, which says of a reading what `answer` says; None says nothing at all."""
    stop = threading.Event()

    def run() -> None:
        consumer, producer = gateway.log.consumer("inference-replay", [REPLAY_READINGS]), gateway.log.producer()
        while not stop.is_set():
            records = consumer.poll(200, 0.05)
            events = []
            for record in records:
                if kind_of(record.headers) == "roll-call":
                    events.append(Event(REPLAY_ASSESSMENTS, None, encode_card(CARD), ((KIND, b"model"),)))
                elif (ticket := ticket_of(record.headers)) and (said := answer(scored(make, record.value, ticket))):
                    events.append(Event(REPLAY_ASSESSMENTS, record.key, encode(said), ticket.headers("assessment")))
            for future in producer.publish(events):
                future.result(10)
        consumer.close(1)
        producer.close(1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        gateway.until("/models", lambda found: found["models"])
        yield
    finally:
        stop.set()
        thread.join(10)


CARD = ModelCard(
    name="milling",
    version="other",
    digest=OTHER,
    equipment="milling",
    is_live=False,
    trained_on="little",
    rows=10,
    created_at="2026-05-01",
    evaluation={},
)


def scored(make: Make, body: bytes, ticket: Ticket) -> Assessment:
    """A quiet assessment of the reading on the topic."""
    reading = msgspec.json.decode(body)
    assert reading["event_id"] == ticket.event_id
    at = msgspec.convert(reading["observed_at"], datetime)
    modes = {"HDF": 0.0, "PWF": 0.0, "OSF": 0.0, "TWF": 0.0}
    fields = {"machine_id": reading["machine_id"], "observed_at": at, "received_at": at, "modes": modes}
    return make(ticket.event_id, **fields)


def answers_about(gateway: Gateway, machine_id: str, number: int) -> list[Event]:
    """The first ones of the other model, as it published them."""
    consumer = gateway.log.consumer("again", [REPLAY_ASSESSMENTS])
    found: list[Event] = []
    deadline = time.monotonic() + 10
    while len(found) < number:
        assert time.monotonic() < deadline, f"{len(found)} of {number} answers"
        records = [each for each in consumer.poll(200, 0.05) if each.key == machine_id.encode()]
        found += [Event(each.topic, each.key, each.value, each.headers) for each in records]
    consumer.close(1)
    return found[:number]
