"""Stored dead letters: kept once per origin with their original bytes, counted and sampled by reason."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from chassis.dead_letter import DeadLetter
from gateway.instants import micros
from gateway.refusals import code_of, machine_of, printable
from gateway.store.bulk import insert_or_skip
from gateway.store.engine import Store
from gateway.store.schema import dead_letters

_ID_LIMIT = 200
_VALUE_LIMIT = 800


@dataclass(frozen=True, slots=True)
class Sample:
    """One dead letter, for a person: `value` holds the first bytes of the refused record."""

    origin: str
    detail: str
    service: str
    machine_id: str | None
    refused_at_us: int
    value: bytes


@dataclass(frozen=True, slots=True)
class ByReason:
    """The dead letters of one reason: how many, when the last, and the newest few."""

    code: str
    count: int
    last_at_us: int
    samples: list[Sample]


def insert(connection: Connection, letters: Sequence[DeadLetter], now_us: int) -> list[DeadLetter]:
    """Insert what is new, and return it in order."""
    first: dict[str, DeadLetter] = {}
    for letter in letters:
        first.setdefault(letter_id(letter.origin), letter)
    inserting = insert_or_skip(connection, dead_letters).returning(dead_letters.c.id)
    rows = [_row(name, letter, now_us) for name, letter in first.items()]
    new = set(connection.execute(inserting, rows).scalars())
    return [letter for name, letter in first.items() if name in new]


def letter_id(origin: str) -> str:
    """The primary key of a dead letter: its origin, or a digest of one that is long or not printable."""
    if len(origin) <= _ID_LIMIT and origin.isprintable():
        return origin
    return "sha256:" + hashlib.sha256(origin.encode()).hexdigest()


def count_of(store: Store, machine_id: str) -> int:
    """How many dead letters a machine has."""
    with store.transaction() as connection:
        counting = select(func.count()).where(dead_letters.c.machine_id == machine_id)
        return connection.execute(counting).scalar_one()


def by_reason(store: Store, samples: int, reasons: int = 50) -> list[ByReason]:
    """The dead letters by reason, the most frequent first, each with its newest `samples`."""
    table = dead_letters.c
    count, last = func.count(), func.max(table.refused_at)
    grouped = select(table.code, count, last).group_by(table.code).order_by(count.desc(), table.code).limit(reasons)
    with store.transaction() as connection:
        return [
            ByReason(code, number, last_at_us, _samples(connection, code, samples))
            for code, number, last_at_us in connection.execute(grouped).all()
        ]


def _samples(connection: Connection, code: str, limit: int) -> list[Sample]:
    table = dead_letters.c
    newest = (
        select(
            table.origin,
            table.detail,
            table.service,
            table.machine_id,
            table.refused_at,
            func.substr(table.value, 1, _VALUE_LIMIT),
        )
        .where(table.code == code)
        .order_by(table.refused_at.desc())
        .limit(limit)
    )
    return [Sample(*row) for row in connection.execute(newest)]


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
    }
