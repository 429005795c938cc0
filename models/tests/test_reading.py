"""Readings: decoded at every door by one decoder, and normalised for the topic without loss."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.profile import load_profile
from models.reading import Reading, ReadingDecoder, Refusal, in_window

MILLING = load_profile("milling")
DECODER = ReadingDecoder({"milling": MILLING}, "milling")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EXAMPLE = {
    "udi": "M14860",
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551,
    "torque": 42.8,
    "tool_wear": 0,
}

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
ids = st.from_regex(r"[LMH][0-9][A-Za-z0-9._:-]{0,62}", fullmatch=True)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=zones)
raw_readings = st.fixed_dictionaries(
    dict.fromkeys(MILLING.signal_names, numbers),
    optional={
        "equipment": st.just("milling"),
        "product_type": st.sampled_from(MILLING.types),
        "observed_at": times.map(datetime.isoformat),
        "event_id": st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True),
    },
)


def decoded(raw: object, decoder: ReadingDecoder = DECODER) -> Reading:
    reading = decoder.decode(json.dumps(raw).encode(), NOW)
    assert isinstance(reading, Reading), reading
    return reading


def test_example_of_the_documentation_is_decoded() -> None:
    reading = decoded(EXAMPLE)
    assert reading.machine_id == "M14860"
    assert (reading.equipment, reading.product_type) == ("milling", "M")
    assert reading.values == (298.1, 308.6, 1551.0, 42.8, 0.0)
    assert reading.observed_at == reading.received_at == NOW
    assert reading.assumptions == ("product_type M taken from udi",)
    assert len(reading.event_id) == 32


def test_machine_id_is_another_spelling_of_udi() -> None:
    raw = {("machine_id" if key == "udi" else key): value for key, value in EXAMPLE.items()}
    assert decoded(raw) == msgspec.structs.replace(
        decoded(EXAMPLE), assumptions=("product_type M taken from machine_id",)
    )


def test_a_given_product_type_wins_over_the_letter_and_is_no_assumption() -> None:
    reading = decoded(EXAMPLE | {"product_type": "H"})
    assert reading.product_type == "H"
    assert reading.assumptions == ()


def test_observed_at_is_normalised_to_utc() -> None:
    reading = decoded(EXAMPLE | {"observed_at": "2026-03-01T10:30:00.25+02:00"})
    assert reading.observed_at == datetime(2026, 3, 1, 8, 30, 0, 250_000, tzinfo=UTC)
    assert reading.observed_at.tzinfo is UTC


@given(machine_id=ids, key=st.sampled_from(["udi", "machine_id"]), raw=raw_readings)
def test_encoding_loses_nothing(machine_id: str, key: str, raw: dict[str, object]) -> None:
    reading = decoded({key: machine_id} | raw)
    again = DECODER.decode(DECODER.encode(reading), NOW)
    assert isinstance(again, Reading)
    told = tuple(text.replace("from udi", "from machine_id") for text in reading.assumptions)
    assert again == msgspec.structs.replace(reading, assumptions=told)
    assert DECODER.encode(again) == DECODER.encode(reading)


@given(machine_id=ids, raw=raw_readings)
def test_the_fast_and_the_thorough_way_give_the_same_reading(machine_id: str, raw: dict[str, object]) -> None:
    raw = {"machine_id": machine_id} | raw
    assert DECODER.from_mapping(raw, NOW) == decoded(raw)


@given(machine_id=ids, raw=raw_readings)
def test_escapes_and_order_of_keys_do_not_matter(machine_id: str, raw: dict[str, object]) -> None:
    raw = {"udi": machine_id} | raw
    escaped = json.dumps(dict(reversed(raw.items()))).replace('"udi"', '"\\u0075di"').encode()
    assert DECODER.decode(escaped, NOW) == decoded(raw)


@given(machine_id=ids, raw=raw_readings)
def test_the_derived_event_id_tells_readings_apart_and_resends_not(machine_id: str, raw: dict[str, object]) -> None:
    raw = {"udi": machine_id, "observed_at": NOW.isoformat()} | raw
    raw.pop("event_id", None)
    event_id = decoded(raw).event_id
    later = DECODER.decode(json.dumps(raw).encode(), NOW + timedelta(hours=1))
    assert isinstance(later, Reading)
    assert later.event_id == event_id
    assert decoded(raw | {"udi": machine_id[:60] + "x"}).event_id != event_id
    assert decoded(raw | {"observed_at": "2001-01-01T00:00:00Z"}).event_id != event_id
    torque = decoded(raw).values[MILLING.signal_names.index("torque")]
    assert (decoded(raw | {"torque": 1234.5}).event_id == event_id) == (torque == 1234.5)


def test_negative_zero_is_zero() -> None:
    stamped = EXAMPLE | {"observed_at": NOW.isoformat()}
    assert decoded(stamped | {"tool_wear": -0.0}).event_id == decoded(stamped).event_id
    negative = DECODER.from_mapping(stamped | {"tool_wear": -0.0}, NOW)
    assert negative == decoded(stamped)
    assert str(decoded(stamped | {"tool_wear": -0.0}).values[-1]) == "0.0"


def test_the_same_moment_in_another_zone_is_the_same_event() -> None:
    utc = decoded(EXAMPLE | {"observed_at": "2026-03-01T12:00:00Z"})
    assert decoded(EXAMPLE | {"observed_at": "2026-03-01T14:00:00+02:00"}) == utc


def test_a_decoder_of_several_equipments_chooses_by_name() -> None:
    press = replace(MILLING, name="press", signals=MILLING.signals[3:4])
    decoder = ReadingDecoder({"milling": MILLING, "press": press}, "milling")
    assert decoded({"udi": "M1", "equipment": "press", "torque": 3.5}, decoder).values == (3.5,)
    assert decoded(EXAMPLE, decoder).equipment == "milling"
    with pytest.raises(KeyError):
        ReadingDecoder({"milling": MILLING}, "press")


@pytest.mark.parametrize(
    ("age_s", "accepted"), [(7 * 86400, True), (7 * 86400 + 1, False), (0, True), (-600, True), (-601, False)]
)
def test_the_event_time_window_ends_are_inclusive(age_s: float, accepted: bool) -> None:
    reading = msgspec.structs.replace(decoded(EXAMPLE), observed_at=NOW - timedelta(seconds=age_s))
    refusal = in_window(reading, NOW)
    assert (refusal is None) == accepted
    if isinstance(refusal, Refusal):
        assert refusal.code == "timestamp_out_of_range"
        assert refusal.errors[0].pointer == "/observed_at"
        assert refusal.machine_id == "M14860"
