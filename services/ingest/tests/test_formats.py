"""Bodies become items: how many, in which order, and when the body as a whole is refused."""

import json

import pytest

from ingest.formats import CSV, JSON, NDJSON, BodyError, Item, TooMany, is_single, split
from models.profile import Profile
from models.reading import Refusal
from services.ingest.tests.samples import AI4I_HEADER, AI4I_ROWS, ai4i, body


@pytest.fixture
def items(profile: Profile) -> "Split":
    return Split(profile)


class Split:
    """`split` with a limit of 3 and the milling profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __call__(self, media_type: str, content: bytes) -> list[Item]:
        return split(media_type, content, 3, {"milling": self.profile}, "milling")


def test_an_object_is_one_item_untouched(items: Split) -> None:
    assert items(JSON, b" {broken") == [b" {broken"]
    assert is_single(JSON, b" {broken")


def test_an_array_keeps_its_order_and_spelling(items: Split) -> None:
    assert items(JSON, b'\n[{"a": 1.0}, 2 ,"x"]') == [b'{"a": 1.0}', b"2", b'"x"']
    assert not is_single(JSON, b"\n[{}]")


def test_ndjson_skips_blank_lines_and_keeps_broken_ones(items: Split) -> None:
    assert items(NDJSON, b'{"a":1}\r\n\r\n{broken\n') == [b'{"a":1}\r', b"{broken"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_rows_become_readings_whatever_the_line_ends_and_the_mark(items: Split, end: str, mark: str) -> None:
    rows = items(CSV, mark.encode() + ai4i(*AI4I_ROWS, end=end))
    first = json.loads(bytes(rows[0]) if isinstance(rows[0], bytes) else b"")
    event_id = first.pop("event_id")
    assert len(event_id) == 32
    assert first == {"machine_id": "M14860", "product_type": "M"} | {
        key: value for key, value in json.loads(body()).items() if key != "udi"
    }
    assert len(rows) == 3


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_may_use_semicolons_or_tabs(items: Split, delimiter: str) -> None:
    assert len(items(CSV, ai4i(*AI4I_ROWS).replace(b",", delimiter.encode()))) == 3


def test_a_row_with_more_cells_than_the_header_is_refused_alone(items: Split) -> None:
    long, trailing, plain = items(CSV, ai4i(f"{AI4I_ROWS[0]},7", f"{AI4I_ROWS[1]},,", AI4I_ROWS[2]))
    assert isinstance(long, Refusal)
    assert long.code == "malformed_csv"
    assert isinstance(trailing, bytes)
    assert isinstance(plain, bytes)


def test_text_in_a_number_column_stays_text_for_the_decoder_to_refuse(items: Split) -> None:
    (row,) = items(CSV, ai4i("1,M14860,M,nan,1e999,1_551,x,0,0,0,0,0,0,0"))
    assert isinstance(row, bytes)
    fields = json.loads(row)
    assert [fields[name] for name in ("air_temperature", "process_temperature", "rotational_speed", "torque")] == [
        "nan",
        "1e999",
        "1_551",
        "x",
    ]


@pytest.mark.parametrize(
    ("media_type", "content", "code"),
    [
        (JSON, b"", "empty_body"),
        (JSON, b" \n", "empty_body"),
        (JSON, b"[]", "empty_body"),
        (JSON, b"[{}", "malformed_json"),
        (JSON, b"[{}] x", "malformed_json"),
        (JSON, b"[" * 100_000, "malformed_json"),
        (NDJSON, b"\n\r\n", "empty_body"),
        (CSV, b"", "malformed_csv"),
        (CSV, b"\n\n", "malformed_csv"),
        (CSV, f"{AI4I_HEADER}\n\n".encode(), "empty_body"),
        (CSV, f"{AI4I_ROWS[0]}\n".encode(), "malformed_csv"),
        (CSV, ai4i('1,"M14860'), "malformed_csv"),
        (CSV, ai4i("1,\xe9").decode().encode("latin-1"), "malformed_csv"),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused_as_a_whole(
    items: Split, media_type: str, content: bytes, code: str
) -> None:
    with pytest.raises(BodyError) as refused:
        items(media_type, content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("media_type", "content"), [(JSON, b"[1,2,3,4]"), (NDJSON, b"1\n2\n3\n4"), (CSV, ai4i(*AI4I_ROWS, AI4I_ROWS[0]))]
)
def test_more_readings_than_allowed_are_refused_as_a_whole(items: Split, media_type: str, content: bytes) -> None:
    with pytest.raises(TooMany):
        items(media_type, content)
