"""The AI4I file is understood in the forms in which it circulates; other files are refused with what is missing."""

from pathlib import Path

import numpy as np
import pytest

from models.csv_table import read_csv
from models.dataset import Dataset, DatasetError, simulated
from models.profile import Profile
from models.rules import evaluate_rules

from .conftest import SEED

ORIGINAL = [
    "UDI", "Product ID", "Type", "Air temperature [K]", "Process temperature [K]", "Rotational speed [rpm]",
    "Torque [Nm]", "Tool wear [min]", "Machine failure", "TWF", "HDF", "PWF", "OSF", "RNF",
]  # fmt: skip
BARE = ["Product_ID", "Air_temperature", "process_temperature", "rpm", "Torque", "tool wear", "Target"]
ROWS = 1_500


@pytest.fixture(scope="module")
def rows(profile: Profile) -> Dataset:
    return simulated(profile, ROWS, SEED)


def cells(rows: Dataset, profile: Profile) -> list[list[str]]:
    """The rows as the original file writes them: 14 cells each."""
    table = []
    for number, values in enumerate(rows.values.tolist()):
        kind = profile.types[rows.type_index[number]]
        labels = [int(rows.failure[number]), *rows.modes[number].astype(int).tolist()]
        signals = [f"{value:.{signal.decimals}f}" for value, signal in zip(values, profile.signals, strict=True)]
        table.append([str(number + 1), f"{kind}{10_000 + number}", kind, *signals, *map(str, labels)])
    return table


def without_modes(table: list[list[str]]) -> list[list[str]]:
    return [[row[1], *row[3:9]] for row in table]


def write(path: Path, header: list[str], table: list[list[str]], separator: str = ",", end: str = "\n") -> Path:
    path.write_bytes("".join(separator.join(row) + end for row in [header, *table]).encode())
    return path


def assert_same(read: Dataset, rows: Dataset) -> None:
    assert np.array_equal(read.values, rows.values)
    assert np.array_equal(read.type_index, rows.type_index)
    assert np.array_equal(read.failure, rows.failure)


def test_the_original_form_is_read_with_its_modes(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    read = read_csv(write(tmp_path / "ai4i.csv", ORIGINAL, cells(rows, profile)), profile)
    assert_same(read, rows)
    assert np.array_equal(read.modes, rows.modes)
    assert read.digest() == rows.digest()
    assert read.seed is None


@pytest.mark.parametrize(("separator", "end"), [(",", "\r\n"), (";", "\n"), ("\t", "\r\n"), (",", ",,\n")])
def test_separators_line_ends_trailing_commas_and_a_byte_order_mark_change_nothing(
    rows: Dataset, profile: Profile, tmp_path: Path, separator: str, end: str
) -> None:
    path = write(tmp_path / "ai4i.csv", ORIGINAL, cells(rows, profile), separator, end)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert_same(read_csv(path, profile), rows)


def test_a_decimal_comma_is_read_where_semicolons_separate(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    table = [[cell.replace(".", ",") for cell in row] for row in cells(rows, profile)]
    assert_same(read_csv(write(tmp_path / "ai4i.csv", ORIGINAL, table, ";"), profile), rows)


def test_whole_numbers_may_lack_their_decimals(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    table = [[cell.removesuffix(".0") for cell in row] for row in cells(rows, profile)]
    assert_same(read_csv(write(tmp_path / "ai4i.csv", ORIGINAL, table), profile), rows)


def test_other_names_and_no_type_or_mode_columns_are_understood(
    rows: Dataset, profile: Profile, tmp_path: Path
) -> None:
    read = read_csv(write(tmp_path / "bare.csv", BARE, without_modes(cells(rows, profile))), profile)
    assert_same(read, rows)
    rules = evaluate_rules(rows.values, rows.type_index, profile)
    for mode in ("HDF", "PWF", "OSF"):
        column = profile.mode_names.index(mode)
        assert np.array_equal(read.modes[:, column], rules.modes[:, column] & rows.failure)


def test_a_failure_type_column_gives_the_modes(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    overstrain = profile.mode_names.index("OSF")
    table = without_modes(cells(rows, profile))
    for row, is_overstrain in zip(table, rows.modes[:, overstrain], strict=True):
        row.append("Overstrain Failure" if is_overstrain else "No Failure")
    read = read_csv(write(tmp_path / "typed.csv", [*BARE, "Failure Type"], table), profile)
    assert np.array_equal(read.modes[:, overstrain], rows.modes[:, overstrain])
    assert read.modes.sum() == rows.modes[:, overstrain].sum()


def test_missing_columns_are_all_named(profile: Profile, tmp_path: Path) -> None:
    path = write(tmp_path / "other.csv", ["vibration", "Torque [Nm]"], [["1", "40"]])
    missing = "Air temperature, Process temperature, Rotational speed, Tool wear, Type or Product ID, Machine failure"
    with pytest.raises(DatasetError, match=f"no column for {missing}; its columns are vibration, Torque"):
        read_csv(path, profile)


@pytest.mark.parametrize("title", ["Air temperature [C]", "Air temperature [°C]", "air_temperature_c"])
def test_celsius_in_the_header_is_refused(rows: Dataset, profile: Profile, tmp_path: Path, title: str) -> None:
    header = [title if name.startswith("Air") else name for name in ORIGINAL]
    with pytest.raises(DatasetError, match="degrees Celsius"):
        read_csv(write(tmp_path / "celsius.csv", header, cells(rows, profile)), profile)


def test_celsius_in_the_numbers_is_refused(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    table = cells(rows, profile)
    for row in table:
        row[3], row[4] = (f"{float(cell) - 273.15:.1f}" for cell in row[3:5])
    with pytest.raises(DatasetError, match="Air temperature looks like °C"):
        read_csv(write(tmp_path / "celsius.csv", ORIGINAL, table), profile)


def test_swapped_temperature_columns_are_refused(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    table = cells(rows, profile)
    for row in table:
        row[3], row[4] = row[4], row[3]
    with pytest.raises(DatasetError, match="the columns look swapped"):
        read_csv(write(tmp_path / "swapped.csv", ORIGINAL, table), profile)


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        (6, "much", "data row 1: torque is 'much', not a number"),
        (6, "nan", r"data row 1: Torque is nan Nm, outside \[0, 150\]"),
        (6, "-4", r"data row 1: Torque is -4 Nm, outside \[0, 150\]"),
        (8, "maybe", "data row 1: the failure column is 'maybe', not 0 or 1"),
        (2, "X", "data row 1: 'X' is no type of L, M, H"),
    ],
)
def test_a_bad_cell_is_named(
    rows: Dataset, profile: Profile, tmp_path: Path, column: int, cell: str, sentence: str
) -> None:
    table = cells(rows, profile)
    table[0][column] = cell
    with pytest.raises(DatasetError, match=sentence):
        read_csv(write(tmp_path / "bad.csv", ORIGINAL, table), profile)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (",".join(ORIGINAL).encode(), "a header but no rows"),
        (b"a,b\n1\n", "line 2 has 1 cells where the header has 2"),
    ],
)
def test_a_file_that_is_no_table_is_refused(profile: Profile, tmp_path: Path, body: bytes, sentence: str) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(body)
    with pytest.raises(DatasetError, match=sentence):
        read_csv(path, profile)


def test_a_missing_file_and_rows_without_failures_are_refused(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        read_csv(tmp_path / "nowhere.csv", profile)
    normal = [row for row in cells(rows, profile) if row[8] == "0"]
    with pytest.raises(DatasetError, match="holds 0 failures; at least 10 are needed"):
        read_csv(write(tmp_path / "normal.csv", ORIGINAL, normal), profile)


def test_ids_without_the_letter_of_a_type_are_refused(rows: Dataset, profile: Profile, tmp_path: Path) -> None:
    table = without_modes(cells(rows, profile))
    for number, row in enumerate(table):
        row[0] = str(number)
    with pytest.raises(DatasetError, match="tells no product type"):
        read_csv(write(tmp_path / "bare.csv", BARE, table), profile)
