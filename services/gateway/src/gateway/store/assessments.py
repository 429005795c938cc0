"""Stored assessments: inserted once per event id, read newest first or as columns of a time range."""

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, Row, Select, and_, or_, select

from chassis.assessment import Assessment
from gateway.instants import micros
from gateway.store.bulk import among, insert_all, insert_new
from gateway.store.engine import Store
from gateway.store.schema import assessments, event_ids

_signals = msgspec.json.Decoder(dict[str, float])


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment, its bytes as they came, and where on the topic it lay."""

    assessment: Assessment
    body: bytes
    partition: int
    offset: int


@dataclass(slots=True)
class Inserted:
    """What became of a batch: stored now, stored before, or another reading under an event id that is taken.

    `untimely` are those observed on a day that is not kept (any more, or yet).
    """

    stored: list[Judged] = field(default_factory=list)
    duplicates: list[Judged] = field(default_factory=list)
    conflicts: list[Judged] = field(default_factory=list)
    untimely: list[Judged] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored assessment: its place in the history and its bytes."""

    observed_at_us: int
    event_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class History:
    """A time range of one machine as columns, ascending in time; all of the same length."""

    observed_at_us: "array[int]"
    failure_probability: "array[float]"
    anomaly_score: "array[float]"
    prediction: "array[int]"
    signals: "dict[str, array[float]]"


class TooManyRows(Exception):
    """The range holds more rows than may be read at once. `reached_us` is where the allowed number ended."""

    def __init__(self, reached_us: int) -> None:
        super().__init__("too many rows in the range")
        self.reached_us = reached_us


def insert(connection: Connection, batch: Sequence[Judged], now_us: int) -> Inserted:
    """Insert what is new; the first under an event id wins, in the batch as in the table.

    A repetition of the same reading is a duplicate, whatever model judged it. The partitions must exist.
    """
    first: dict[str, Judged] = {}
    for judged in batch:
        first.setdefault(judged.assessment.event_id, judged)
    own = [reading_digest(judged.assessment) for judged in batch]
    digests: dict[str, bytes] = {}
    for judged, digest in zip(batch, own, strict=True):
        digests.setdefault(judged.assessment.event_id, digest)
    ids = [_id_row(first[event_id].assessment, digests[event_id]) for event_id in sorted(first)]
    new = insert_new(connection, event_ids, ids)
    insert_all(connection, assessments, [_row(first[event_id], now_us) for event_id in sorted(new)])
    if taken := first.keys() - new:
        known = select(event_ids.c.event_id, event_ids.c.reading_digest)
        known = known.where(among(connection, event_ids.c.event_id, sorted(taken)))
        digests.update({row.event_id: row.reading_digest for row in connection.execute(known)})
    inserted = Inserted()
    for judged, digest in zip(batch, own, strict=True):
        event_id = judged.assessment.event_id
        if judged is first[event_id] and event_id in new:
            inserted.stored.append(judged)
        elif digest == digests[event_id]:
            inserted.duplicates.append(judged)
        else:
            inserted.conflicts.append(judged)
    return inserted


def reading_digest(assessment: Assessment) -> bytes:
    """16 bytes over what was read: machine, equipment and signals; not over how it was judged.

    The time is left out: a sender without a clock that repeats an event under its id is given another time of receipt.
    """
    read = (assessment.machine_id, assessment.equipment, sorted(assessment.signals.items()))
    return hashlib.blake2b(msgspec.json.encode(read), digest_size=16).digest()


def body(store: Store, event_id: str) -> bytes | None:
    """The stored assessment as JSON bytes; None when there is none, or none any more."""
    named = event_ids.c.event_id == event_id
    same = [assessments.c[column] == event_ids.c[column] for column in ("machine_id", "observed_at", "event_id")]
    query = select(assessments.c.body).select_from(event_ids.join(assessments, and_(*same))).where(named)
    with store.transaction() as connection:
        return connection.execute(query).scalar_one_or_none()


def newest(store: Store, machine_id: str, before: tuple[int, str] | None, limit: int) -> list[Stored]:
    """Up to `limit` assessments of a machine, newest first, older than the (time, event id) in `before`."""
    with store.transaction() as connection:
        return [Stored(*row) for row in connection.execute(newest_first(machine_id, before, limit))]


def newest_first(machine_id: str, before: tuple[int, str] | None, limit: int) -> Select[int, str, bytes]:
    """The query behind `newest`."""
    table = assessments.c
    query = select(table.observed_at, table.event_id, table.body).where(table.machine_id == machine_id)
    if before is not None:
        at_us, event_id = before
        # The first condition alone says what the second says as well, in a form that leaves out days and index.
        query = query.where(table.observed_at <= at_us)
        query = query.where(or_(table.observed_at < at_us, table.event_id < event_id))
    return query.order_by(table.observed_at.desc(), table.event_id.desc()).limit(limit)


def history(store: Store, machine_id: str, from_us: int, to_us: int, max_rows: int) -> History:
    """The readings observed in [`from_us`, `to_us`], at most `max_rows` of them.

    The signals are those of the newest reading in the range; rows with other signals (the machine belonged to another
    equipment profile then) are left out. Raises TooManyRows.
    """
    matching = in_range(machine_id, from_us, to_us)
    table = assessments.c
    columns = History(array("q"), array("d"), array("d"), array("b"), {})
    with store.transaction() as connection:
        last = matching.with_only_columns(table.signals).order_by(table.observed_at.desc()).limit(1)
        if (found := connection.execute(last).scalar()) is None:
            return columns
        columns.signals.update({name: array("d") for name in _signals.decode(found)})
        reading = matching.order_by(table.observed_at, table.event_id).limit(max_rows + 1)
        with connection.execute(reading, execution_options={"yield_per": 2_000}) as rows:
            _gather(columns, rows, max_rows)
    return columns


def _gather(columns: History, rows: Iterable[Row[int, float, float, int, bytes]], max_rows: int) -> None:
    for number, (at_us, probability, score, prediction, signals) in enumerate(rows):
        if number == max_rows:
            raise TooManyRows(at_us)
        values = _signals.decode(signals)
        if values.keys() != columns.signals.keys():
            continue
        columns.observed_at_us.append(at_us)
        columns.failure_probability.append(probability)
        columns.anomaly_score.append(score)
        columns.prediction.append(prediction)
        for name, column in columns.signals.items():
            column.append(values[name])


def in_range(machine_id: str, from_us: int, to_us: int) -> Select[int, float, float, int, bytes]:
    """The query behind `history`, in no order."""
    table = assessments.c
    return select(
        table.observed_at, table.failure_probability, table.anomaly_score, table.prediction, table.signals
    ).where(table.machine_id == machine_id, table.observed_at.between(from_us, to_us))


def _id_row(assessment: Assessment, digest: bytes) -> dict[str, object]:
    return {
        "event_id": assessment.event_id,
        "machine_id": assessment.machine_id,
        "observed_at": micros(assessment.observed_at),
        "reading_digest": digest,
    }


def _row(judged: Judged, now_us: int) -> dict[str, object]:
    assessment = judged.assessment
    return {
        "event_id": assessment.event_id,
        "machine_id": assessment.machine_id,
        "observed_at": micros(assessment.observed_at),
        "received_at": micros(assessment.received_at),
        "stored_at": now_us,
        "failure_probability": assessment.failure_probability,
        "anomaly_score": assessment.anomaly_score,
        "prediction": assessment.prediction,
        "anomaly": assessment.anomaly,
        "status": assessment.status,
        "model_digest": assessment.model.digest,
        "source_partition": judged.partition,
        "source_offset": judged.offset,
        "signals": msgspec.json.encode(assessment.signals),
        "body": judged.body,
    }
