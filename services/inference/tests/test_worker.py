"""The stream role on a real embedded log."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from chassis.assessment import decode
from chassis.dead_letter import read_dead_letter
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event, Record
from chassis.topics import ASSESSMENTS, DEAD_LETTERS, READINGS
from models.compiled import CompiledModel, Scores
from services.inference.tests.examples import ARTIFACT, EXAMPLE, OVERSTRAIN, inference_on

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-00".encode())


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(tmp_path / "log.sqlite3")
    yield log
    log.close()


def run(log: EmbeddedLog, bodies: list[bytes]) -> tuple[list[Record], list[Record]]:
    """Publish `bodies`, let the station work until it has no lag, and return what is on both topics behind it."""
    producer = log.producer()
    for future in producer.publish([Event(READINGS, b"M1", body, (TRACEPARENT,)) for body in bodies]):
        future.result(10)
    producer.close(5)
    station = inference_on(ARTIFACT).stations(log)[0]
    handled = 0
    while handled < len(bodies):
        handled += station.step()
    assert station.step() == 0
    station.run(_stopped())
    return _all(log, ASSESSMENTS), _all(log, DEAD_LETTERS)


def _stopped() -> threading.Event:
    stop = threading.Event()
    stop.set()
    return stop


def _all(log: EmbeddedLog, topic: str) -> list[Record]:
    consumer = log.consumer("test", [topic])
    records: list[Record] = []
    while more := consumer.poll(1_000, 0.5):
        records += more
    consumer.close(1)
    return records


def test_a_poison_record_is_one_dead_letter_and_its_neighbours_are_judged(log: EmbeddedLog) -> None:
    celsius = EXAMPLE | {"air_temperature": 25.0}
    bodies = [
        json.dumps(EXAMPLE).encode(),
        b"\x00rubbish",
        json.dumps(celsius).encode(),
        json.dumps(OVERSTRAIN).encode(),
    ]
    assessed, dead = run(log, bodies)
    assert {decode(record.value).machine_id for record in assessed} == {"M14860", "L47340"}
    assert len(assessed) == 2
    letters = [read_dead_letter(record) for record in dead]
    assert sorted((letter.code, letter.value) for letter in letters) == [
        ("malformed_json", b"\x00rubbish"),
        ("wrong_unit_suspected", bodies[2]),
    ]
    assert all(letter.origin.startswith(f"{READINGS}/") and letter.service == "inference" for letter in letters)


def test_the_trace_goes_on_with_what_comes_out(log: EmbeddedLog) -> None:
    assessed, dead = run(log, [json.dumps(EXAMPLE).encode(), b"rubbish"])
    for record in (*assessed, *dead):
        assert TRACE in dict(record.headers)["traceparent"].decode()


def test_a_redelivered_record_gives_the_same_assessment(log: EmbeddedLog) -> None:
    worker_input = json.dumps(EXAMPLE).encode()
    first, _ = run(log, [worker_input])
    judge = inference_on(ARTIFACT).model.judge()
    records = _all(log, READINGS)
    again = judge.judge([record.value for record in records], [record.appended_at for record in records])
    assert [decode(record.value) for record in first] == again


@pytest.mark.parametrize(
    "harm",
    [
        lambda scores: scores._replace(failure_probability=scores.failure_probability[:-1]),
        lambda scores: scores._replace(anomaly_score=scores.anomaly_score * np.nan),
        lambda scores: scores._replace(modes=scores.modes - 2.0),
        lambda scores: scores._replace(contributions=scores.contributions + np.inf),
    ],
    ids=["one too few", "no number", "out of range", "infinite"],
)
def test_numbers_that_cannot_be_end_the_process_before_anything_of_the_batch_counts(
    log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Scores], Scores]
) -> None:
    score = CompiledModel.score
    producer = log.producer()
    for future in producer.publish([Event(READINGS, b"M1", json.dumps(EXAMPLE).encode())] * 3):
        future.result(10)
    producer.close(5)
    station = inference_on(ARTIFACT).stations(log)[0]
    monkeypatch.setattr(CompiledModel, "score", lambda self, features: harm(score(self, features)))
    with pytest.raises(ArithmeticError):
        station.run(threading.Event())
    station.run(_stopped())
    assert _all(log, ASSESSMENTS) == _all(log, DEAD_LETTERS) == []
    monkeypatch.undo()
    again = inference_on(ARTIFACT).stations(log)[0]
    while not again.step():
        pass
    again.run(_stopped())
    assert len(_all(log, ASSESSMENTS)) == 3
