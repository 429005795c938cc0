"""Headers as they circulate, and event ids that depend on a file's content alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.csv_columns import ColumnError, read_header
from ingest.csv_rows import csv_rows
from models.profile import Profile
from services.ingest.tests.samples import AI4I_HEADER, AI4I_ROWS

SIGNALS = ("air_temperature", "process_temperature", "rotational_speed", "torque", "tool_wear")


def fields(profile: Profile, *header: str, machine_column: str | None = None) -> tuple[str | None, ...]:
    return read_header(header, {"milling": profile}, "milling", machine_column).fields


def rows(profile: Profile, *lines: str) -> list[dict[str, object]]:
    found = csv_rows([f"{line}\n" for line in lines], {"milling": profile}, "milling")
    return [json.loads(row) for row in found if isinstance(row, bytes)]


def ids(profile: Profile, *lines: str) -> list[object]:
    return [row["event_id"] for row in rows(profile, *lines)]


@pytest.mark.parametrize(
    "names",
    [
        SIGNALS,
        ("Air temperature [K]", "Process temperature [K]", "Rotational speed [rpm]", "Torque [Nm]", "Tool wear [min]"),
        ("Air_temperature", "Process_temperature", "Rotational_speed", "Torque", "Tool_wear"),
        ("Air temperature K", "Process temperature K", "Rotational speed rpm", "Torque Nm", "Tool wear min"),
        (" Air temperature (k) ", "PROCESS TEMPERATURE", "rpm", "torque", "tool wear"),
    ],
)
@pytest.mark.parametrize("machine", ["machine_id", "Product ID", "Product_ID", "product id"])
def test_every_spelling_of_the_header_is_understood(profile: Profile, names: tuple[str, ...], machine: str) -> None:
    assert fields(profile, machine, *names) == ("machine_id", *SIGNALS)


def test_udi_is_the_machine_alone_and_a_row_number_beside_a_product_id(profile: Profile) -> None:
    assert fields(profile, "UDI", *SIGNALS)[0] == "udi"
    assert fields(profile, "UDI", "Product ID", *SIGNALS)[:2] == (None, "machine_id")


def test_labels_and_the_index_column_are_ignored(profile: Profile) -> None:
    labels = ("", "Machine failure", "Target", "Failure Type", "TWF", "HDF", "PWF", "OSF", "RNF", "Unnamed: 0")
    assert set(fields(profile, *labels, "Product ID", *SIGNALS)[: len(labels)]) == {None}


def test_the_machine_column_can_be_named(profile: Profile) -> None:
    header = ("UDI", "asset", *SIGNALS)
    assert fields(profile, *header, machine_column="asset")[:2] == (None, "machine_id")


@pytest.mark.parametrize(
    ("header", "fact"),
    [
        (("machine_id", *SIGNALS[1:]), "air_temperature"),
        (SIGNALS, "machine"),
        (("machine_id", "colour", *SIGNALS), "'colour' is not known"),
        (("machine_id", "Product ID", *SIGNALS), "more than one column gives machine_id"),
        (("machine_id", "rpm", *SIGNALS), "more than one column gives rotational_speed"),
        (("machine_id", "Air temperature [°C]", *SIGNALS[1:]), "needed in K"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused_in_one_sentence(
    profile: Profile, header: tuple[str, ...], fact: str
) -> None:
    with pytest.raises(ColumnError, match=fact):
        fields(profile, *header)


def test_a_machine_column_that_is_not_there_is_refused(profile: Profile) -> None:
    with pytest.raises(ColumnError, match="'asset'"):
        fields(profile, "Product ID", *SIGNALS, machine_column="asset")


def test_the_same_file_gives_the_same_ids_and_equal_rows_get_different_ones(profile: Profile) -> None:
    lines = (AI4I_HEADER, AI4I_ROWS[0], AI4I_ROWS[1], AI4I_ROWS[0])
    assert ids(profile, *lines) == ids(profile, *lines)
    assert len(set(ids(profile, *lines))) == 3


def test_a_row_number_or_a_label_is_no_part_of_the_id(profile: Profile) -> None:
    changed = AI4I_ROWS[0].replace("1,M14860", "99,M14860").removesuffix("0") + "1"
    assert ids(profile, AI4I_HEADER, AI4I_ROWS[0]) == ids(profile, AI4I_HEADER, changed)


@given(order=st.permutations(range(6)), whole=st.booleans())
def test_the_id_does_not_depend_on_the_order_of_columns_or_the_spelling_of_numbers(
    profile: Profile, order: list[int], whole: bool
) -> None:
    header = ("Product ID", *SIGNALS)
    cells = ("M14860", "298.1", "308.6", "1551" if whole else "1551.0", "42.80", "0")
    plain = ids(profile, ",".join(header), ",".join(cells))
    mixed = ids(profile, ",".join(header[at] for at in order), ",".join(cells[at] for at in order))
    assert mixed == plain


def test_rows_with_a_time_or_an_id_keep_what_they_have(profile: Profile) -> None:
    header = "machine_id,observed_at,event_id," + ",".join(SIGNALS)
    values = "298.1,308.6,1551,42.8,0"
    timed, named, bare = rows(
        profile, header, f"M1,2026-05-04T12:00:00Z,,{values}", f"M1,,e1,{values}", f"M1,,,{values}"
    )
    assert "event_id" not in timed
    assert named["event_id"] == "e1"
    assert "observed_at" not in bare
    assert len(str(bare["event_id"])) == 32


def test_empty_cells_are_absent(profile: Profile) -> None:
    (row,) = rows(profile, AI4I_HEADER, "1,M14860,,298.1,,1551,42.8,0,0,0,0,0,0,0")
    assert "process_temperature" not in row
    assert "product_type" not in row
