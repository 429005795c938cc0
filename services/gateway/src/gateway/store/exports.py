"""What is stored, as rows for people's own tools: read in order of time, in batches, whatever the size of a table."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    RowMapping,
    SmallInteger,
    Table,
    select,
)

from chassis.assessment import decode
from gateway.store.alarm_schema import alarm_events, alarms
from gateway.store.engine import Store
from gateway.store.schema import assessments
from gateway.store.verdict_schema import outcomes, verdicts

_BATCH = 1_000
_signals = msgspec.json.Decoder(dict[str, float])
Value = str | int | float | bool | None
Record = dict[str, Value]
# Column name to "text", "integer", "number", "boolean" or "time" (microseconds since 1970 UTC).
Columns = dict[str, str]


@dataclass(frozen=True, slots=True)
class Range:
    """From `since` up to but not including `until`, both in microseconds since 1970 UTC."""

    since_us: int
    until_us: int


def _of_table(table: Table) -> Columns:
    """All columns but digests, which are bytes of a fixed length and mean nothing outside."""
    digests = {c.name for c in table.columns if isinstance(c.type, LargeBinary) and c.type.length}
    return {column.name: _type(column) for column in table.columns if column.name not in digests}


def _type(column: Column[object]) -> str:
    kind = column.type
    if isinstance(kind, Boolean):
        return "boolean"
    if isinstance(kind, BigInteger) and (column.name.split("_")[-1] in ("at", "until", "from")):
        return "time"
    if isinstance(kind, BigInteger | Integer | SmallInteger):
        return "integer"
    return "number" if isinstance(kind, Double) else "text"


# The tables that are exported as they are, and by which time.
_PLAIN = {
    "alarms": (alarms, alarms.c.raised_at),
    "transitions": (alarm_events, alarm_events.c.at),
    "verdicts": (verdicts, verdicts.c.given_at),
    "outcomes": (outcomes, outcomes.c.told_at),
}
KINDS = ("readings", "assessments", *_PLAIN)
_KEY: Columns = {"machine_id": "text", "observed_at": "time", "event_id": "text", "received_at": "time"}
_ASSESSMENT: Columns = {
    **_KEY,
    "stored_at": "time",
    "equipment": "text",
    "product_type": "text",
    "status": "text",
    "prediction": "integer",
    "failure_probability": "number",
    "anomaly": "boolean",
    "anomaly_score": "number",
    "modes": "text",
    "reasons": "text",
    "model": "text",
    "model_version": "text",
    "model_digest": "text",
}


def columns(store: Store, kind: str, within: Range) -> Columns:
    """The columns of a kind. Readings have one for each signal that occurs in the range. Raises StoreAway."""
    if kind == "assessments":
        return _ASSESSMENT
    if kind in _PLAIN:
        return _of_table(_PLAIN[kind][0])
    signals: dict[str, None] = {}
    for row in _rows(store, assessments, assessments.c.observed_at, within):
        signals |= dict.fromkeys(_signals.decode(row["signals"]))
    return {**_KEY, **dict.fromkeys(signals, "number")}


def records(store: Store, kind: str, within: Range) -> Iterator[Record]:
    """The rows of a kind, in order of its time. Raises StoreAway."""
    if kind in _PLAIN:
        for row in _rows(store, *_PLAIN[kind], within):
            yield {name: _plain(row[name]) for name in _of_table(_PLAIN[kind][0])}
        return
    for row in _rows(store, assessments, assessments.c.observed_at, within):
        key: Record = {name: row[name] for name in _KEY}
        yield {**key, **(_signals.decode(row["signals"]) if kind == "readings" else _judgement(row))}


def _judgement(row: RowMapping) -> Record:
    found = decode(bytes(row["body"]))
    same = ("stored_at", "status", "prediction", "failure_probability", "anomaly", "anomaly_score", "model_digest")
    return {
        **{name: row[name] for name in same},
        "equipment": found.equipment,
        "product_type": found.product_type,
        "modes": msgspec.json.encode(found.modes).decode(),
        "reasons": msgspec.json.encode(found.reasons).decode(),
        "model": found.model.name,
        "model_version": found.model.version,
    }


def _plain(value: object) -> Value:
    """Bytes in these columns are JSON."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode()
    assert value is None or isinstance(value, str | int | float)
    return value


def _rows(store: Store, table: Table, at: Column[int], within: Range) -> Iterator[RowMapping]:
    """One snapshot, fetched in portions: each stays below the time that a statement may take."""
    query = select(table).where(at >= within.since_us, at < within.until_us).order_by(at, *table.primary_key.columns)
    with store.transaction() as connection:
        result = connection.execution_options(yield_per=_BATCH).execute(query)
        for portion in result.mappings().partitions():
            yield from portion
