"""What a replay runs: the stored readings of a machine that were not late, in order, and what people did meanwhile."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge

import msgspec
from sqlalchemy import Connection, Row, exists, or_, select

from chassis.assessment import decode
from chassis.dead_letter import DeadLetter
from gateway.alarms.line import Basis
from gateway.alarms.observation import Observation, observation_of
from gateway.alarms.replay import RecordedAction
from gateway.instants import instant, micros
from gateway.refusals import JUDGEMENT_CODES, refusal_of
from gateway.store.alarm_schema import alarm_actions, late_readings
from gateway.store.alarm_step import Buried
from gateway.store.assessments import TooManyRows
from gateway.store.bulk import among
from gateway.store.engine import Store
from gateway.store.schema import assessments, dead_letters

_PAGE = 2_000
_MOST_LETTERS = 20_000
_MOST_ACTIONS = 20_000
_headers = msgspec.json.Decoder(list[tuple[str, bytes]])
_recorded = msgspec.json.Decoder(RecordedAction)
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Range:
    """Event time, [`from_us`, `to_us`)."""

    from_us: int
    to_us: int


def readings(store: Store, machine_id: str, within: Range) -> Iterator[Observation]:
    """The history of a machine in order of event time and event id, read page by page.

    Raises TooManyRows for a machine with more refused readings than can be sorted in memory.
    """
    return in_order(judged(store, machine_id, within), refused(store, machine_id, within))


def in_order(*parts: Iterable[Observation]) -> Iterator[Observation]:
    """Parts of one history, each in order, as one."""
    return merge(*parts, key=lambda seen: (seen.at_us, seen.event_id))


def judged(store: Store, machine_id: str, within: Range) -> Iterator[Observation]:
    """The readings that were judged, from the stored assessments, in order and page by page."""
    return (observation_of(decode(body)) for body in bodies(store, machine_id, within, (within.from_us, "")))


def bodies(store: Store, machine_id: str, within: Range, after: tuple[int, str]) -> Iterator[bytes]:
    """The stored assessments of a machine that were not late, in order, after this (time, event id), page by page."""
    table, late = assessments.c, late_readings.c
    while True:
        at_us, event_id = after
        named = (late.machine_id == table.machine_id, late.observed_at == table.observed_at)
        query = select(table.observed_at, table.event_id, table.body).where(
            table.machine_id == machine_id,
            table.observed_at >= at_us,
            table.observed_at < within.to_us,
            or_(table.observed_at > at_us, table.event_id > event_id),
            ~exists().where(*named, late.event_id == table.event_id),
        )
        with store.transaction() as connection:
            rows = connection.execute(query.order_by(table.observed_at, table.event_id).limit(_PAGE)).all()
        for row in rows:
            yield row.body
        if len(rows) < _PAGE:
            return
        after = (rows[-1].observed_at, rows[-1].event_id)


def refused(store: Store, machine_id: str, within: Range) -> list[Observation]:
    """The readings that could not be judged, in order. Raises TooManyRows."""
    table = dead_letters.c
    names = ("id", "origin", "code", "detail", "service", "refused_at", "key", "value", "headers")
    with store.transaction() as connection:
        query = select(*(table[name] for name in names)).where(
            table.machine_id == machine_id,
            # A reading is refused after it was observed, never before.
            table.refused_at >= within.from_us,
            among(connection, table.code, sorted(JUDGEMENT_CODES)),
        )
        rows = connection.execute(query.order_by(table.refused_at).limit(_MOST_LETTERS + 1)).all()
        late = _late(connection, machine_id, within)
    if len(rows) > _MOST_LETTERS:
        raise TooManyRows(rows[-1].refused_at)
    found = [seen for row in rows if (seen := _unjudged(row)) is not None]
    counted = [seen for seen in found if seen.event_id not in late and within.from_us <= seen.at_us < within.to_us]
    return sorted(counted, key=lambda seen: (seen.at_us, seen.event_id))


def actions(store: Store, machine_id: str, within: Range) -> list[RecordedAction]:
    """What people did to the alarms of a machine after a reading of the range, in order. Raises TooManyRows."""
    query = select(alarm_actions.c.body).where(alarm_actions.c.machine_id == machine_id).order_by(alarm_actions.c.seq)
    with store.transaction() as connection:
        bodies = connection.execute(query.limit(_MOST_ACTIONS + 1)).scalars().all()
    if len(bodies) > _MOST_ACTIONS:
        raise TooManyRows(within.from_us)
    found = [_recorded.decode(body) for body in bodies]
    return [each for each in found if _covers(within, each.basis)]


def encode_action(recorded: RecordedAction) -> bytes:
    """The bytes of `alarm_actions.body`."""
    return _encoder.encode(recorded)


def _covers(within: Range, basis: Basis) -> bool:
    return basis.at_us is None or within.from_us <= basis.at_us < within.to_us


def _late(connection: Connection, machine_id: str, within: Range) -> set[str]:
    late = late_readings.c
    query = select(late.event_id).where(late.machine_id == machine_id, late.event_id.startswith("letter:"))
    query = query.where(late.observed_at >= within.from_us, late.observed_at < within.to_us)
    return set(connection.execute(query).scalars())


def _unjudged(row: Row[*tuple[object, ...]]) -> Observation | None:
    letter = DeadLetter(
        id=row.id,
        origin=row.origin,
        code=row.code,
        detail=row.detail,
        service=row.service,
        refused_at=instant(row.refused_at),
        key=row.key,
        value=row.value,
        headers=tuple(_headers.decode(row.headers)),
    )
    refusal = refusal_of(letter)
    return Buried(refusal, row.id, micros(letter.refused_at)).observation() if refusal is not None else None
