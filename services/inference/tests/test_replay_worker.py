"""The replay station: the model that is asked for answers, with the times of the live reading."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.assessment import decode
from chassis.dead_letter import read_dead_letter
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event, Headers, Record
from chassis.replay import KIND, Ticket, decode_card, kind_of, ticket_of, why_of
from chassis.topics import DEAD_LETTERS, REPLAY_ASSESSMENTS, REPLAY_READINGS
from services.inference.tests.examples import ARTIFACT, EXAMPLE, inference_on
from services.inference.tests.test_worker import _all, _stopped

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
EPOCH_US = 1_777_896_000_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(tmp_path / "log.sqlite3")
    yield log
    log.close()


def answers(log: EmbeddedLog, *asked: tuple[bytes, Headers]) -> list[Record]:
    """What the replay station says to records with these values and headers."""
    producer = log.producer()
    for future in producer.publish([Event(REPLAY_READINGS, b"M1", value, headers) for value, headers in asked]):
        future.result(10)
    producer.close(5)
    live, station = inference_on(ARTIFACT).stations(log)
    handled = 0
    while handled < len(asked):
        handled += station.step()
    for each in (live, station):
        each.run(_stopped())
    return _all(log, REPLAY_ASSESSMENTS)


def test_the_live_model_gives_the_live_assessment_again(log: EmbeddedLog) -> None:
    inference = inference_on(ARTIFACT)
    reading = json.dumps(EXAMPLE | {"observed_at": AT.isoformat(), "event_id": "e1"}).encode()
    (live,) = inference.model.judge().judge([reading], [AT + timedelta(seconds=1)])
    ticket = Ticket("r" * 32, inference.model.artifact().digest, "e1", EPOCH_US, EPOCH_US + 1_000_000)
    (answer,) = answers(log, (reading, ticket.headers("reading")))
    assert (kind_of(answer.headers), ticket_of(answer.headers), answer.key) == ("assessment", ticket, b"M1")
    assert decode(answer.value) == live


def test_an_unknown_model_and_a_reading_that_cannot_be_judged_are_told(log: EmbeddedLog) -> None:
    inference = inference_on(ARTIFACT)
    digest = inference.model.artifact().digest
    found = answers(
        log,
        (json.dumps(EXAMPLE).encode(), Ticket("r", "sha256:no", "e1", 0, 0).headers("reading")),
        (b"{}", Ticket("r", digest, "e2", 0, 0).headers("reading")),
        (b"{}", ()),
    )
    assert {kind_of(each.headers) for each in found} == {"refusal"}
    codes = {ticket.event_id: why_of(each.headers) for each in found if (ticket := ticket_of(each.headers))}
    assert codes["e1"][0] == "unknown_model"
    assert inference.model.artifact().manifest.version in codes["e1"][1]
    assert codes["e2"][0] == "missing_machine"
    (letter,) = _all(log, DEAD_LETTERS)
    assert read_dead_letter(letter).code == "malformed_replay"


def test_a_roll_call_is_answered_with_a_card_that_tells_how_good_the_model_is(log: EmbeddedLog) -> None:
    (answer,) = answers(log, (b"{}", ((KIND, b"roll-call"),)))
    card = decode_card(answer.value)
    artifact = inference_on(ARTIFACT).model.artifact()
    assert (kind_of(answer.headers), card.digest, card.is_live) == ("model", artifact.digest, True)
    curve = card.evaluation["failure"]
    thresholds = [threshold for threshold, _, _ in curve.points]
    assert thresholds == sorted(thresholds, reverse=True)
    last = curve.points[-1]
    assert 0 < last[2] <= curve.failures < last[1] <= curve.rows
    at = next(point for point in reversed(curve.points) if point[0] >= artifact.manifest.thresholds.failure)
    assert abs(at[1] - artifact.manifest.metrics.alarm.alarms) <= 0.1 * artifact.manifest.metrics.alarm.alarms
