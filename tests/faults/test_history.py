"""What became of a fact, after all attempts to send it."""

import dataclasses
from pathlib import Path

import pytest

from tests.faults.history import Attempt, History, Outcome
from tests.faults.payload import Fact

ONE, TWO = Fact("run.1", "aa"), Fact("run.2", "bb")


def attempt(number: int, outcome: Outcome, fact: Fact = ONE) -> Attempt:
    return Attempt(fact.id, "F-1", 1, number, 0.0, fact.sha256, outcome)


@pytest.mark.parametrize(
    ("attempts", "outcome"),
    [
        (["accepted"], "accepted"),
        (["unknown", "accepted"], "accepted"),
        (["refused", "accepted"], "accepted"),
        (["refused", "refused"], "refused"),
        (["unknown", "refused"], "unknown"),
        (["unknown"], "unknown"),
    ],
)
def test_the_outcome_follows_from_all_attempts(tmp_path: Path, attempts: list[Outcome], outcome: Outcome) -> None:
    history = History(tmp_path / "history.jsonl")
    for number, each in enumerate(attempts, 1):
        history.note([attempt(number, "unknown")])
        history.note([attempt(number, each)])
    history.close()
    assert history.outcomes() == {ONE: outcome}
    assert History.read(tmp_path / "history.jsonl").outcomes() == {ONE: outcome}


def test_what_is_refused_for_its_content_was_never_accepted() -> None:
    history = History()
    history.note([attempt(1, "unknown"), dataclasses.replace(attempt(2, "refused"), status=422)])
    history.note([attempt(1, "unknown", TWO), dataclasses.replace(attempt(2, "refused", TWO), status=503)])
    assert history.outcomes() == {ONE: "refused", TWO: "unknown"}


def test_an_attempt_without_an_answer_stays_unknown(tmp_path: Path) -> None:
    """A generator that dies has written what it was about to send."""
    history = History(tmp_path / "history.jsonl")
    history.note([attempt(1, "unknown"), attempt(1, "unknown", TWO)])
    history.note([attempt(1, "accepted", TWO)])
    history.close()
    assert History.read(tmp_path / "history.jsonl").counts() == {"unknown": 1, "accepted": 1}
