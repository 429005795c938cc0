"""What is wrong with a reading is told completely, with pointers and stable codes, and nothing breaks the decoder."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.profile import load_profile
from models.reading import Reading, ReadingDecoder, Refusal

MILLING = load_profile("milling")
DECODER = ReadingDecoder({"milling": MILLING}, "milling")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EXAMPLE: dict[str, object] = {
    "udi": "M14860",
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551,
    "torque": 42.8,
    "tool_wear": 0,
}
CODES = {
    "malformed_json",
    "duplicate_key",
    "missing_signal",
    "missing_machine",
    "unknown_field",
    "wrong_type",
    "out_of_range",
    "unknown_equipment",
    "unknown_product_type",
    "bad_timestamp",
    "invalid_machine_id",
    "invalid_event_id",
}


def refused(body: bytes) -> Refusal:
    refusal = DECODER.decode(body, NOW)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.detail.isprintable()
    assert len(refusal.detail) < 300
    refusal.detail.encode()
    return refusal


def changed(**members: object) -> bytes:
    return json.dumps(EXAMPLE | members).encode()


def text(old: bytes, new: bytes) -> bytes:
    body = json.dumps(EXAMPLE).encode()
    assert old in body
    return body.replace(old, new)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"\xef\xbb\xbf" + changed(), "byte order mark"),
        (json.dumps(EXAMPLE).encode("utf-16"), "not UTF-8"),
        (changed()[:-1], "No valid JSON"),
        (changed() + b"{}", "No valid JSON"),
        (text(b"298.1", b"NaN"), "NaN is not a JSON number"),
        (text(b"298.1", b"-Infinity"), "-Infinity is not a JSON number"),
        (text(b"298.1", b"0298.1"), "No valid JSON"),
        (text(b"298.1", b"[" * 200_000), "nested too deeply"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b"{'udi': 1}", "No valid JSON"),
    ],
)
def test_a_body_that_is_no_json_is_malformed(body: bytes, words: str) -> None:
    refusal = refused(body)
    assert refusal.code == "malformed_json"
    assert words in refusal.detail


@pytest.mark.parametrize("body", [b"[]", b"null", b"true", b"1.5", b'"M14860"', b"[{}]"])
def test_json_that_is_no_object_has_the_wrong_type(body: bytes) -> None:
    refusal = refused(body)
    assert refusal.code == "wrong_type"
    assert refusal.errors[0].pointer == ""


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (text(b'"udi"', b'"udi": "M1", "udi"'), "duplicate_key", "/udi"),
        (text(b'"torque"', b'"t\\u006frque": 1, "torque"'), "duplicate_key", "/torque"),
        (text(b"298.1", b'{"a": 1, "a": 2}'), "duplicate_key", "/a"),
        (changed(machine_id="M14860"), "duplicate_key", "/udi"),
        (changed(udi=None), "wrong_type", "/udi"),
        (changed(udi=14860), "wrong_type", "/udi"),
        (changed(udi=""), "invalid_machine_id", "/udi"),
        (changed(udi="-M1"), "invalid_machine_id", "/udi"),
        (changed(udi="M1/../x"), "invalid_machine_id", "/udi"),
        (changed(udi="M1\n"), "invalid_machine_id", "/udi"),
        (changed(udi="M" + "1" * 64), "invalid_machine_id", "/udi"),
        (text(b"M14860", b"M1\\ud800"), "invalid_machine_id", "/udi"),
        (changed(torque=None), "wrong_type", "/torque"),
        (changed(torque="42.8"), "wrong_type", "/torque"),
        (changed(torque=True), "wrong_type", "/torque"),
        (changed(torque=[42.8]), "wrong_type", "/torque"),
        (changed(torque={"value": 42.8}), "wrong_type", "/torque"),
        (text(b"42.8", b"1e999"), "out_of_range", "/torque"),
        (text(b"42.8", b"-1e999"), "out_of_range", "/torque"),
        (text(b"42.8", b"9" * 350), "out_of_range", "/torque"),
        (text(b"42.8", b"-" + b"9" * 5_000), "out_of_range", "/torque"),
        (changed(equipment="lathe"), "unknown_equipment", "/equipment"),
        (changed(equipment=""), "unknown_equipment", "/equipment"),
        (changed(equipment=1), "wrong_type", "/equipment"),
        (changed(product_type="X"), "unknown_product_type", "/product_type"),
        (changed(product_type=""), "unknown_product_type", "/product_type"),
        (changed(product_type=None), "wrong_type", "/product_type"),
        (changed(udi="X14860"), "missing_signal", "/product_type"),
        (changed(udi="Mill-7"), "missing_signal", "/product_type"),
        (changed(observed_at="2026-03-01T12:00:00"), "bad_timestamp", "/observed_at"),
        (changed(observed_at="2026-02-30T12:00:00Z"), "bad_timestamp", "/observed_at"),
        (changed(observed_at="0001-01-01T00:00:00+12:00"), "bad_timestamp", "/observed_at"),
        (changed(observed_at="yesterday"), "bad_timestamp", "/observed_at"),
        (changed(observed_at=1_772_366_400), "wrong_type", "/observed_at"),
        (changed(event_id=""), "invalid_event_id", "/event_id"),
        (changed(event_id="a b"), "invalid_event_id", "/event_id"),
        (changed(event_id="a" * 65), "invalid_event_id", "/event_id"),
        (changed(vibration=1.0), "unknown_field", "/vibration"),
        (changed(**{"a/b~c": 1.0}), "unknown_field", "/a~1b~0c"),
    ],
)
def test_each_fault_has_its_code_and_pointer(body: bytes, code: str, pointer: str) -> None:
    refusal = refused(body)
    assert (refusal.code, refusal.errors[0].pointer, refusal.errors[0].code) == (code, pointer, code)


def test_every_missing_field_is_listed_at_once() -> None:
    refusal = refused(b"{}")
    assert refusal.code == "missing_machine"
    assert [issue.pointer for issue in refusal.errors] == [
        "/machine_id",
        *(f"/{name}" for name in MILLING.signal_names),
    ]
    assert {issue.code for issue in refusal.errors[1:]} == {"missing_signal"}
    assert refusal.detail.endswith("; and 5 more.")
    assert refusal.machine_id is None


def test_a_misspelled_key_is_recognised() -> None:
    refusal = refused(text(b"torque", b"torqe"))
    assert refusal.code == "missing_signal"
    assert refusal.machine_id == "M14860"
    assert "did you mean torque?" in refusal.errors[-1].detail


def test_long_or_unprintable_input_is_not_echoed() -> None:
    refusal = refused(changed(**{"x" * 5_000: 1, "\x1b[31m\u202e\ud800": 1}))
    assert all(len(issue.pointer) <= 65 and issue.pointer.isprintable() for issue in refusal.errors)
    assert all(len(issue.detail) <= 120 and issue.detail.isprintable() for issue in refusal.errors)


def test_a_mapping_with_a_number_that_is_none_is_refused_too() -> None:
    refusal = DECODER.from_mapping(EXAMPLE | {"torque": float("nan")}, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "out_of_range"


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from([*EXAMPLE, "machine_id", "equipment", "product_type", "observed_at", "event_id"]) | st.text()


@given(st.binary(max_size=60) | st.dictionaries(keys, anything, max_size=8).map(lambda raw: json.dumps(raw).encode()))
def test_nothing_breaks_the_decoder(body: bytes) -> None:
    answer = DECODER.decode(body, NOW)
    assert isinstance(answer, Reading) or answer.code in CODES


@given(changes=st.dictionaries(keys, anything, max_size=3))
def test_a_changed_example_is_a_reading_or_every_issue_has_a_code(changes: dict[str, object]) -> None:
    answer = DECODER.decode(changed(**changes), NOW)
    if isinstance(answer, Refusal):
        assert answer.code in CODES
        assert {issue.code for issue in answer.errors} <= CODES
