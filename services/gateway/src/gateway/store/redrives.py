"""Redrives in the store: which dead letters one request takes, and what became of those that went back.

A letter is marked before its bytes are published, so that whoever stores the outcome finds the mark. Of two that ask
for the same letter one takes it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from gateway.store.bulk import among, insert_or_skip
from gateway.store.dead_letters import DEAD_AGAIN, OPEN, REDRIVEN, STORED, TOPICS
from gateway.store.engine import Store
from gateway.store.schema import dead_letters, redrives

_AWAITED = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to redrive that is known already: what was asked, when, and the answer unless there is none yet."""

    request: bytes
    asked_at: int
    answer: bytes | None


def ask(store: Store, redrive_id: str, request: bytes, now_us: int) -> Asked | None:
    """Note a request. Returns the one that was noted under this id before, None when there is none."""
    row = {"id": redrive_id, "asked_at": now_us, "request": request}
    with store.transaction() as connection:
        if connection.execute(insert_or_skip(connection, redrives).values(row).returning(redrives.c.id)).scalar():
            return None
        known = select(redrives.c.request, redrives.c.asked_at, redrives.c.answer).where(redrives.c.id == redrive_id)
        return Asked(*connection.execute(known).one())


def take_over(store: Store, redrive_id: str, asked_at: int, now_us: int) -> bool:
    """Continue a request whose process has died; False when another one was faster."""
    same = and_(redrives.c.id == redrive_id, redrives.c.asked_at == asked_at, redrives.c.answer.is_(None))
    with store.transaction() as connection:
        return connection.execute(update(redrives).where(same).values(asked_at=now_us)).rowcount == 1


def settle(store: Store, redrive_id: str, answer: bytes) -> None:
    """Keep the answer for whoever asks again."""
    with store.transaction() as connection:
        connection.execute(update(redrives).where(redrives.c.id == redrive_id).values(answer=answer))


def forget(store: Store, redrive_id: str) -> None:
    """Nothing was published: the request may come again under its id."""
    with store.transaction() as connection:
        connection.execute(delete(redrives).where(redrives.c.id == redrive_id))


def candidates(store: Store, code: str, limit: int, again_before_us: int) -> list[str]:
    """Ids of dead letters of this reason that can go back, the oldest refusal first."""
    table = dead_letters.c
    from_topics = or_(*(table.origin.startswith(f"{topic}/", autoescape=True) for topic in TOPICS))
    query = select(table.id).where(table.code == code, _may_go(again_before_us), from_topics)
    with store.transaction() as connection:
        return list(connection.execute(query.order_by(table.refused_at, table.id).limit(limit)).scalars())


def count_open(store: Store, code: str) -> int:
    """How many dead letters of this reason are open."""
    table = dead_letters.c
    with store.transaction() as connection:
        return connection.execute(select(func.count()).where(table.code == code, table.status == OPEN)).scalar_one()


def take(store: Store, redrive_id: str, ids: Collection[str], now_us: int, again_before_us: int) -> set[str]:
    """Mark those of the letters that may go back as redriven by this request. Returns all that are marked by it.

    A letter may go back when it is open, or was redriven before `again_before_us` and nothing came of it.
    """
    table = dead_letters.c
    with store.transaction() as connection:
        named = among(connection, table.id, sorted(ids))
        marking = update(dead_letters).where(
            named, _may_go(again_before_us), table.redrive_id.is_distinct_from(redrive_id)
        )
        marked = {
            "status": REDRIVEN,
            "redrives": table.redrives + 1,
            "redriven_at": now_us,
            "redrive_id": redrive_id,
            "successor": None,
        }
        _lock(connection, sorted(ids))
        connection.execute(marking.values(marked))
        mine = select(table.id).where(named, table.redrive_id == redrive_id, table.status == REDRIVEN)
        return set(connection.execute(mine).scalars())


def give_back(store: Store, redrive_id: str, ids: Collection[str]) -> None:
    """These were certainly not published: they are open as before."""
    if not ids:
        return
    table = dead_letters.c
    with store.transaction() as connection:
        _lock(connection, sorted(ids))
        mine = and_(among(connection, table.id, sorted(ids)), table.redrive_id == redrive_id)
        undone = {"status": OPEN, "redrives": table.redrives - 1, "redriven_at": None, "redrive_id": None}
        connection.execute(update(dead_letters).where(mine, table.status == REDRIVEN).values(undone))


def note_stored(connection: Connection, event_ids: Collection[str]) -> None:
    """Readings are stored: the redriven letters that held them have come to a good end."""
    table = dead_letters.c
    awaited = select(table.id, table.event_id).where(table.status == REDRIVEN, table.event_id.is_not(None))
    found = [row.id for row in connection.execute(awaited.limit(_AWAITED)) if row.event_id in event_ids]
    if found:
        _lock(connection, sorted(found))
        named = among(connection, table.id, sorted(found))
        connection.execute(update(dead_letters).where(named, table.status == REDRIVEN).values(status=STORED))


def note_dead_again(connection: Connection, successors: Mapping[str, str], events: Mapping[str, str]) -> None:
    """Letters are new: those they came of are dead again.

    `successors` names the new letter by the id of the redriven one, `events` the new letter by event id.
    """
    table = dead_letters.c
    awaited = select(table.id, table.event_id).where(table.status == REDRIVEN).limit(_AWAITED)
    found = {
        row.id: successor
        for row in connection.execute(awaited)
        if (successor := successors.get(row.id) or events.get(row.event_id or "")) not in (None, row.id)
    }
    _lock(connection, sorted(found))
    for name in sorted(found):
        ending = update(dead_letters).where(table.id == name, table.status == REDRIVEN)
        connection.execute(ending.values(status=DEAD_AGAIN, successor=found[name]))


def _may_go(again_before_us: int) -> ColumnElement[bool]:
    table = dead_letters.c
    forgotten = and_(table.status == REDRIVEN, table.redriven_at < again_before_us)
    return or_(table.status == OPEN, forgotten)


def _lock(connection: Connection, ids: list[str]) -> None:
    if ids:
        locking = select(dead_letters.c.id).where(among(connection, dead_letters.c.id, ids))
        connection.execute(locking.order_by(dead_letters.c.id).with_for_update(key_share=True)).all()
