"""Stored dead letters: kept once per origin with their original bytes, found and counted for people."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select

from chassis.dead_letter import DeadLetter
from chassis.topics import ASSESSMENTS, READINGS
from gateway.instants import micros
from gateway.refusals import code_of, event_of, machine_of, printable
from gateway.store.bulk import among, insert_new
from gateway.store.engine import Store
from gateway.store.schema import dead_letters

Status = Literal["open", "redriven", "stored", "dead_again"]
OPEN, REDRIVEN, STORED, DEAD_AGAIN = "open", "redriven", "stored", "dead_again"
# The topics that refused records may go back to. The origin comes from a header, which anybody may have written.
TOPICS = (READINGS, ASSESSMENTS)
_ORIGIN = re.compile(r"([a-z.-]{1,100})/\d{1,9}/\d{1,18}")
_headers = msgspec.json.Decoder(list[tuple[str, bytes]])


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `value` may be only the beginning of `size` bytes; times are microseconds since 1970 UTC.

    `successor` is the dead letter that came of its last redrive.
    """

    id: str
    origin: str
    code: str
    detail: str
    service: str
    refused_at: int
    stored_at: int
    machine_id: str | None
    key: bytes | None
    headers: bytes
    status: Status
    redrives: int
    redriven_at: int | None
    successor: str | None
    value: bytes
    size: int

    @property
    def topic(self) -> str | None:
        """The topic on which the refused record lay, if it is one of those that records may go back to."""
        found = _ORIGIN.fullmatch(self.origin)
        return found[1] if found and found[1] in TOPICS else None

    @property
    def is_redrivable(self) -> bool:
        """Whether it can be put back at all."""
        return self.topic is not None

    def original_headers(self) -> tuple[tuple[str, bytes], ...]:
        """The headers of the refused record."""
        return tuple(_headers.decode(self.headers))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters: those that have all that is named."""

    code: str | None = None
    machine_id: str | None = None
    service: str | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class ByReason:
    """The dead letters of one reason: how many, how many open and ever redriven, when the last, the newest few."""

    code: str
    count: int
    open: int
    redriven: int
    last_at_us: int
    samples: list[Letter]


def insert(connection: Connection, letters: Sequence[DeadLetter], now_us: int) -> list[DeadLetter]:
    """Insert what is new, and return it in order."""
    first: dict[str, DeadLetter] = {}
    for letter in letters:
        first.setdefault(letter_id(letter.origin), letter)
    new = insert_new(connection, dead_letters, [_row(name, first[name], now_us) for name in sorted(first)])
    return [letter for name, letter in first.items() if name in new]


def letter_id(origin: str) -> str:
    """The primary key of a dead letter: 32 hex digits that follow from where the refused record lay."""
    return hashlib.sha256(printable(origin).encode()).hexdigest()[:32]


def count_of(store: Store, machine_id: str) -> int:
    """How many dead letters a machine has."""
    with store.transaction() as connection:
        counting = select(func.count()).where(dead_letters.c.machine_id == machine_id)
        return connection.execute(counting).scalar_one()


def page(store: Store, wanted: Wanted, before: tuple[int, str] | None, limit: int, value_bytes: int) -> list[Letter]:
    """Up to `limit` dead letters, the newest refusal first, older than the (time, id) in `before`."""
    table = dead_letters.c
    query = _letters(value_bytes)
    for column, value in (
        (table.code, wanted.code),
        (table.machine_id, wanted.machine_id),
        (table.service, wanted.service),
        (table.status, wanted.status),
    ):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        at_us, name = before
        query = query.where(or_(table.refused_at < at_us, and_(table.refused_at == at_us, table.id < name)))
    query = query.order_by(table.refused_at.desc(), table.id.desc()).limit(limit)
    with store.transaction() as connection:
        return [_letter(row) for row in connection.execute(query)]


def find(store: Store, name: str, value_bytes: int) -> Letter | None:
    """The dead letter with this id, and at most `value_bytes` of its value."""
    with store.transaction() as connection:
        row = connection.execute(_letters(value_bytes).where(dead_letters.c.id == name)).one_or_none()
        return _letter(row) if row is not None else None


def some(store: Store, ids: Sequence[str], value_bytes: int) -> dict[str, Letter]:
    """The letters with these ids, with at most `value_bytes` of their values, by id."""
    with store.transaction() as connection:
        rows = connection.execute(_letters(value_bytes).where(among(connection, dead_letters.c.id, ids)))
        return {row[0]: _letter(row) for row in rows}


def by_reason(store: Store, samples: int, value_bytes: int = 800, reasons: int = 50) -> list[ByReason]:
    """The dead letters by reason, the most frequent first, each with its newest `samples`."""
    table = dead_letters.c
    count, last = func.count(), func.max(table.refused_at)
    open_ones = func.sum(case((table.status == OPEN, 1), else_=0))
    redriven = func.sum(case((table.redrives > 0, 1), else_=0))
    grouped = select(table.code, count, open_ones, redriven, last).group_by(table.code)
    grouped = grouped.order_by(count.desc(), table.code).limit(reasons)
    with store.transaction() as connection:
        groups = connection.execute(grouped).all()
    return [
        ByReason(code, number, opened, driven, at, page(store, Wanted(code=code), None, samples, value_bytes))
        for code, number, opened, driven, at in groups
    ]


def _letters(value_bytes: int) -> Select[Any]:
    names = [name for name in Letter.__slots__ if name not in ("value", "size")]
    table = dead_letters.c
    value = func.substr(table.value, 1, value_bytes)
    return select(*(table[name] for name in names), value, func.length(table.value))


def _letter(row: Row[*tuple[Any, ...]]) -> Letter:
    return Letter(*row)


def _row(name: str, letter: DeadLetter, now_us: int) -> dict[str, object]:
    headers = [(header, base64.b64encode(content).decode()) for header, content in letter.headers]
    return {
        "id": name,
        "origin": printable(letter.origin),
        "code": code_of(letter),
        "detail": printable(letter.detail),
        "service": printable(letter.service, 64),
        "refused_at": micros(letter.refused_at),
        "stored_at": now_us,
        "machine_id": machine_of(letter.key),
        "key": letter.key,
        "value": letter.value,
        "headers": msgspec.json.encode(headers),
        "event_id": event_of(letter.value),
    }
