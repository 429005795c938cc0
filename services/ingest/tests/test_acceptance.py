"""What ingest takes: plausible readings inside the event-time window, one event per id."""

import json
from datetime import timedelta

import pytest

from ingest.acceptance import Acceptance
from models.reading import Reading, Refusal
from services.ingest.tests.samples import NOW, body


def code(verdict: Reading | Refusal) -> str | None:
    return verdict.code if isinstance(verdict, Refusal) else None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-7 * 86_400, None),
        (-7 * 86_400 - 1, "timestamp_out_of_range"),
        (600, None),
        (601, "timestamp_out_of_range"),
    ],
)
def test_the_event_time_window_includes_its_bounds(acceptance: Acceptance, seconds: int, expected: str | None) -> None:
    observed_at = (NOW + timedelta(seconds=seconds)).isoformat()
    assert code(acceptance.examine(body(observed_at=observed_at), NOW)) == expected


def test_a_reading_without_a_time_was_observed_when_it_was_received(acceptance: Acceptance) -> None:
    reading = acceptance.examine(body(), NOW)
    assert isinstance(reading, Reading)
    assert reading.observed_at == NOW


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"air_temperature": 29}, "wrong_unit_suspected"),
        ({"torque": 428}, "out_of_range"),
        ({"torque": None}, "missing_signal"),
        ({"torque": "42"}, "wrong_type"),
        ({"udi": None}, "missing_machine"),
        ({"udi": "../etc"}, "invalid_machine_id"),
        ({"event_id": "a b"}, "invalid_event_id"),
        ({"observed_at": "2026-05-04T12:00:00"}, "bad_timestamp"),
        ({"equipment": "lathe"}, "unknown_equipment"),
        ({"colour": 1}, "unknown_field"),
    ],
)
def test_what_is_refused_has_a_code_that_says_why(
    acceptance: Acceptance, changes: dict[str, object], expected: str
) -> None:
    assert code(acceptance.examine(body(**changes), NOW)) == expected


def test_a_reading_of_unusual_size_is_refused_unread(acceptance: Acceptance) -> None:
    assert code(acceptance.examine(body() + b" " * 16_384, NOW)) == "malformed_json"


def test_what_is_published_decodes_to_what_was_taken(acceptance: Acceptance) -> None:
    reading = acceptance.examine(body(event_id="e1"), NOW)
    assert isinstance(reading, Reading)
    again = acceptance.examine(acceptance.take(reading).value, NOW)
    assert isinstance(again, Reading)
    assert (again.event_id, again.values, again.machine_id) == ("e1", reading.values, "M14860")


def test_items_that_say_the_same_share_one_event(acceptance: Acceptance) -> None:
    spelled = json.dumps(json.loads(body(event_id="e1")), indent=1).encode()
    examined = acceptance.examine_all([body(event_id="e1"), spelled, body(event_id="e2")], NOW)
    assert examined.verdicts == [0, 0, 1]
    assert [taken.reading.event_id for taken in examined.taken] == ["e1", "e2"]


def test_the_same_id_with_other_content_is_refused(acceptance: Acceptance) -> None:
    first, second = acceptance.examine_all([body(event_id="e1"), body(event_id="e1", torque=40)], NOW).verdicts
    assert first == 0
    assert isinstance(second, Refusal)
    assert second.code == "conflicting_event_id"
