"""`pm-gateway export`: readings, assessments and alarms as CSV or Parquet, for people's own tools."""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from gateway.instants import instant, micros
from gateway.store import Store
from gateway.store.exports import KINDS, Columns, Range, Record, columns, records

_PORTION = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line behind `pm-gateway export`."""
    parser.add_argument("kind", choices=KINDS, help="what to export")
    parser.add_argument("file", type=Path, help="where to; the end .csv or .parquet says as what")
    parser.add_argument("--since", type=_time, default=datetime(1970, 1, 1, tzinfo=UTC), help="RFC 3339, with zone")
    parser.add_argument("--until", type=_time, default=datetime(9999, 1, 1, tzinfo=UTC), help="this moment is left out")


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no zone; write {text}Z for UTC")
    return at


def export(store: Store, kind: str, file: Path, since: datetime, until: datetime) -> int:
    """Write the file, complete or not at all. Returns the number of rows. Raises StoreAway, OSError, SystemExit."""
    writers = {".csv": _write_csv, ".parquet": _write_parquet}
    if file.suffix not in writers:
        sys.exit(f"the file must end with .csv or .parquet, not {file.suffix or 'nothing'}")
    within = Range(micros(since), micros(until))
    found = columns(store, kind, within)
    unfinished = file.with_name(f".{file.name}.part")
    try:
        count = writers[file.suffix](unfinished, found, records(store, kind, within))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _write_csv(file: Path, found: Columns, rows: Iterator[Record]) -> int:
    """Times as RFC 3339 in UTC, booleans as true and false, what is not known as nothing."""
    count = 0
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(found))
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _text(row.get(name), kind) for name, kind in found.items()})
            count += 1
    return count


def _text(value: Any, kind: str) -> Any:
    if value is None:
        return ""
    if kind == "time":
        return instant(value).isoformat().replace("+00:00", "Z")
    return str(bool(value)).lower() if kind == "boolean" else value


def _write_parquet(file: Path, found: Columns, rows: Iterator[Record]) -> int:
    try:
        import pyarrow  # noqa: PLC0415  # optional, and large: the image is without it
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        sys.exit(
            "Parquet needs pyarrow, which is not in the image: pip install 'pm-gateway[parquet]', or export as .csv"
        )
    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "time": pyarrow.timestamp("us", tz="UTC"),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in found.items()])
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for portion in _portions(rows):
            arrays = [pyarrow.array([row.get(name) for row in portion], types[kind]) for name, kind in found.items()]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            count += len(portion)
    return count


def _portions(rows: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(rows)
    while portion := list(islice(rest, _PORTION)):
        yield portion
