"""Reads the CSV files in which the AI4I data circulates: other names, units, separators, line ends, byte order marks.

What cannot be read safely is refused with one sentence: missing columns, degrees Celsius, swapped temperatures.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.dataset import Dataset, DatasetError
from models.equipment import Profile, Signal
from models.features import Floats, features
from models.rules import rules_on_features

_FEWEST_FAILURES = 10  # of each class; with fewer, five folds mean nothing
_SYNONYMS = {
    "air_temp": "air_temperature",
    "process_temp": "process_temperature",
    "rpm": "rotational_speed",
    "speed": "rotational_speed",
    "toolwear": "tool_wear",
}
_TYPE = ("type", "product_type", "quality")
_IDS = ("product_id", "productid", "machine_id", "udi", "uid", "id")
_FAILURE = ("machine_failure", "failure", "target", "machinefailure")
_FAILURE_TYPE = "failure_type"
_CELSIUS = re.compile(r"(\[|\()\s*°?\s*c\s*(\]|\))|celsius|_c$|°c", re.IGNORECASE)
_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no", "")


def read_csv(path: Path, profile: Profile) -> Dataset:
    """The labelled rows in a CSV file. Raises DatasetError with one sentence if it cannot be used."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path.name} is not UTF-8 text") from error
    header, rows = _table(text, path.name)
    columns = {name: [row[position] for row in rows] for name, position in _positions(header, profile).items()}
    _require(columns, profile, path.name, header)
    values = np.column_stack([_numbers(columns[name], name, path.name) for name in profile.signal_names])
    _check_ranges(values, profile, path.name)
    type_index = _type_index(columns, profile, path.name)
    failure = _flags(next(columns[name] for name in _FAILURE if name in columns), "the failure column", path.name)
    for label, count in (("failures", int(failure.sum())), ("normal rows", int((~failure).sum()))):
        if count < _FEWEST_FAILURES:
            raise DatasetError(f"{path.name} holds {count} {label}; at least {_FEWEST_FAILURES} are needed")
    modes = _modes(columns, values, type_index, failure, profile, path.name)
    source = f"{path.name} (sha256:{hashlib.sha256(data).hexdigest()[:16]})"
    return Dataset(source, None, values, type_index, failure, modes)


def _table(text: str, file: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows, every row as wide as the header."""
    first = text.lstrip().splitlines()[:1]
    if not first:
        raise DatasetError(f"{file} is empty")
    separator = max(",;\t", key=first[0].count)
    lines = [row for row in csv.reader(io.StringIO(text.lstrip()), delimiter=separator) if any(map(str.strip, row))]
    header = [name.strip() for name in lines[0]]
    while header and not header[-1]:
        header.pop()
    rows = [[cell.strip() for cell in row] for row in lines[1:]]
    if not rows:
        raise DatasetError(f"{file} holds a header but no rows")
    for number, row in enumerate(rows, start=2):
        if len(row) < len(header) or any(row[len(header) :]):
            raise DatasetError(f"{file} line {number} has {len(row)} cells where the header has {len(header)}")
    if separator == ";":  # where ; separates, the decimal point may be a comma
        rows = [[cell.replace(",", ".") for cell in row] for row in rows]
    return header, rows


def _positions(header: list[str], profile: Profile) -> dict[str, int]:
    """Where each column of the profile (or label, id, mode) stands, under its own name."""
    names = dict(_SYNONYMS)
    for signal in profile.signals:
        for spelling in (_plain(signal.name), _plain(signal.title)):
            # Degrees Celsius are recognised here in order to be refused below.
            for unit in (signal.unit, "c", "celsius") if signal.unit == "K" else (signal.unit,):
                names[f"{spelling}_{_plain(unit)}"] = signal.name
            names[spelling] = signal.name
    names |= {mode.lower(): mode for mode in profile.mode_names}
    positions: dict[str, int] = {}
    for position, title in enumerate(header):
        plain = _plain(re.sub(r"[\[(].*?[\])]", "", title))
        name = names.get(plain, plain)
        if name in profile.signal_names and profile.signals[profile.signal_names.index(name)].unit == "K":
            _refuse_celsius(title)
        positions.setdefault(name, position)
    return positions


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def _refuse_celsius(title: str) -> None:
    if _CELSIUS.search(title):
        raise DatasetError(f"the column {title!r} is in degrees Celsius; kelvin is needed (add 273.15)")


def _require(columns: Mapping[str, list[str]], profile: Profile, file: str, header: list[str]) -> None:
    missing = [signal.title for signal in profile.signals if signal.name not in columns]
    if not any(name in columns for name in (*_TYPE, *_IDS)):
        missing.append("Type or Product ID")
    if not any(name in columns for name in _FAILURE):
        missing.append("Machine failure")
    if missing:
        shown = ", ".join(title[:40] for title in header[:20])
        raise DatasetError(f"{file} has no column for {', '.join(missing)}; its columns are {shown}")


def _numbers(cells: list[str], name: str, file: str) -> Floats:
    values = np.empty(len(cells))
    for index, cell in enumerate(cells):
        try:
            values[index] = float(cell)
        except ValueError:
            raise DatasetError(f"{file} data row {index + 1}: {name} is {cell[:40]!r}, not a number") from None
    return values


def _flags(cells: list[str], name: str, file: str) -> NDArray[np.bool_]:
    flags = np.empty(len(cells), dtype=np.bool_)
    for index, cell in enumerate(cells):
        plain = cell.lower().removesuffix(".0")
        if plain not in _TRUE and plain not in _FALSE:
            raise DatasetError(f"{file} data row {index + 1}: {name} is {cell[:40]!r}, not 0 or 1")
        flags[index] = plain in _TRUE
    return flags


def _type_index(columns: Mapping[str, list[str]], profile: Profile, file: str) -> NDArray[np.intp]:
    """From the type column, else from the leading letter of an id like M14860."""
    name = next((name for name in _TYPE if name in columns), None)
    if name is None:
        named = (name for name in _IDS if name in columns and columns[name][0][:1] in profile.types)
        name = next(named, None)
    if name is None:
        raise DatasetError(f"{file} tells no product type: no Type column and no ids that begin with its letter")
    index = np.empty(len(columns[name]), dtype=np.intp)
    for row, cell in enumerate(columns[name]):
        letter = cell if name in _TYPE else cell[:1]
        if letter not in profile.types:
            raise DatasetError(f"{file} data row {row + 1}: {cell[:40]!r} is no type of {', '.join(profile.types)}")
        index[row] = profile.types.index(letter)
    return index


def _check_ranges(values: Floats, profile: Profile, file: str) -> None:
    for column, signal in zip(values.T, profile.signals, strict=True):
        low, high = signal.plausible
        bad = np.flatnonzero(~((column >= low) & (column <= high)))
        if not len(bad):
            continue
        if (unit := _other_unit(float(np.median(column)), signal)) is not None:
            raise DatasetError(
                f"{file}: {signal.title} looks like {unit} (median {np.median(column):g}), not {signal.unit}"
            )
        raise DatasetError(
            f"{file} data row {bad[0] + 1}: {signal.title} is {column[bad[0]]:g} {signal.unit}, "
            f"outside [{low:g}, {high:g}] ({len(bad)} such rows)"
        )
    _check_order(values, profile, file)


def _check_order(values: Floats, profile: Profile, file: str) -> None:
    """Refuse a file in most rows of which a signal lies below the one that it cannot fall below."""
    for upper, signal in enumerate(profile.signals):
        if signal.not_below is None:
            continue
        lower = profile.signal_names.index(signal.not_below)
        if (count := int((values[:, upper] < values[:, lower]).sum())) * 2 > len(values):
            raise DatasetError(
                f"{file}: {signal.title} lies below {profile.signals[lower].title} in {count} of {len(values)} rows; "
                "the columns look swapped"
            )


def _other_unit(median: float, signal: Signal) -> str | None:
    for hint in signal.unit_hints:
        if not signal.plausible.holds(median) and hint.within.holds(median * hint.scale + hint.offset):
            return hint.from_unit
    return None


def _modes(
    columns: Mapping[str, list[str]],
    values: Floats,
    type_index: NDArray[np.intp],
    failure: NDArray[np.bool_],
    profile: Profile,
    file: str,
) -> NDArray[np.bool_]:
    """(n, M) from the mode columns, from `Failure Type` texts, else which published limits the failed rows break."""
    if any(name in columns for name in profile.mode_names):
        return np.column_stack(list(_mode_columns(columns, len(failure), profile, file)))
    if _FAILURE_TYPE in columns:
        texts = np.array([text.lower().removesuffix("s") for text in columns[_FAILURE_TYPE]])
        return np.column_stack([(texts == mode.title.lower()) & failure for mode in profile.modes])
    table = rules_on_features(features(values, type_index, profile), type_index, profile)
    modes = table.modes & failure[:, None]
    unexplained = failure & ~table.prediction
    for index, rule in enumerate(profile.rules):
        if rule.advice:
            modes[:, profile.mode_names.index(rule.mode)] |= table.fired[:, index] & unexplained
    return np.asarray(modes)


def _mode_columns(
    columns: Mapping[str, list[str]], rows: int, profile: Profile, file: str
) -> Iterator[NDArray[np.bool_]]:
    for name in profile.mode_names:
        yield _flags(columns[name], name, file) if name in columns else np.zeros(rows, dtype=np.bool_)
