"""CSV text → one JSON reading per row, decoded afterwards like any other. Pure.

A row with neither a time nor an event id gets an id from its content and the number of equal rows before it, not from
the time of receipt: such files are exports, and whoever uploads one twice (or again after a fault) means the same rows.
"""

import csv
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ingest.csv_columns import ColumnError, Columns, read_header
from models.profile import Profile
from models.reading import Refusal

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DELIMITERS = ",;\t"


class CsvError(ValueError):
    """The text as a whole is no CSV of readings; the message is one sentence for the caller."""


def csv_rows(
    lines: Iterable[str], profiles: Mapping[str, Profile], default: str, machine_column: str | None = None
) -> Iterator[bytes | Refusal]:
    """A JSON object for each row below the header, or the refusal of a row that has more cells than the header.

    `lines` are lines of text with their ends. The header tells the delimiter (comma, semicolon, tab). Blank rows are
    skipped, empty cells are absent. Raises CsvError: at the first row for the header, anywhere for broken quoting.
    """
    source = iter(lines)
    first = next((line for line in source if line.strip()), None)
    if first is None:
        raise CsvError("the body has no header line")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        columns = read_header(
            next(csv.reader([first], delimiter=delimiter, strict=True)), profiles, default, machine_column
        )
        earlier: Counter[bytes] = Counter()
        for cells in csv.reader(source, delimiter=delimiter, strict=True):
            if any(cell.strip() for cell in cells):
                yield _reading(cells, columns, earlier)
    except ColumnError as error:
        raise CsvError(str(error)) from error
    except csv.Error as error:
        raise CsvError(f"the text is no CSV: {error}") from error


def _reading(cells: list[str], columns: Columns, earlier: Counter[bytes]) -> bytes | Refusal:
    width = len(columns.fields)
    if any(cell.strip() for cell in cells[width:]):
        return Refusal("malformed_csv", f"the row has {len(cells)} cells, the header {width}", (), None)
    fields: dict[str, str | float] = {}
    for field, cell in zip(columns.fields, cells, strict=False):
        if field and (text := cell.strip()):
            fields[field] = _number(text) if field in columns.numeric else text
    if "observed_at" not in fields and "event_id" not in fields:
        fields["event_id"] = _content_id(fields, earlier)
    return msgspec.json.encode(fields)


def _number(text: str) -> str | float:
    """The finite number in `text`, else the text itself, which the decoder then refuses as no number."""
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    return number if math.isfinite(number) else text


def _content_id(fields: Mapping[str, str | float], earlier: Counter[bytes]) -> str:
    """32 hex digits from the content, whatever the order of the columns, and the number of equal rows before."""
    named = {("machine_id" if field == "udi" else field): value for field, value in fields.items()}
    content = hashlib.sha256(msgspec.json.encode(named, order="sorted")).digest()
    seen = earlier[content]
    earlier[content] += 1
    return hashlib.sha256(content + str(seen).encode()).hexdigest()[:32]
