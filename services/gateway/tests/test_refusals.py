"""What a dead letter says about a machine; its bytes and headers are untrusted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.dead_letter import DeadLetter
from gateway.instants import micros
from gateway.refusals import printable, refusal_of

Bury = Callable[..., DeadLetter]


@pytest.mark.parametrize(
    ("value", "s_ago"),
    [
        (b'{"observed_at": "2026-05-04T11:59:30Z", "torque": 1}', 30),
        (b'{"observed_at": "2026-05-04T13:59:30+02:00"}', 30),
        (b'{"observed_at": "2026-05-04T23:00:00Z"}', 0),
        (b'{"observed_at": "2026-05-04T11:59:30"}', 0),
        (b'{"observed_at": 7}', 0),
        (b"[]", 0),
        (b"\xff\xfe{", 0),
        (b"", 0),
    ],
)
def test_event_time_is_taken_where_it_is_believable(bury: Bury, value: bytes, s_ago: int) -> None:
    letter = bury(value=value)
    refusal = refusal_of(letter)
    assert refusal is not None
    assert refusal.at_us == micros(letter.refused_at - timedelta(seconds=s_ago))


def test_a_machine_with_a_broken_clock_is_refused_now(bury: Bury) -> None:
    letter = bury(code="timestamp_out_of_range", value=b'{"observed_at": "1999-01-01T00:00:00Z"}')
    refusal = refusal_of(letter)
    assert refusal is not None
    assert refusal.at_us == micros(letter.refused_at)


@given(st.text(), st.integers(0, 20))
def test_printable_text_is_bounded_and_has_no_control_characters(text: str, limit: int) -> None:
    assert printable(text, limit).isprintable()
    assert len(printable(text, limit)) == min(len(text), limit)
