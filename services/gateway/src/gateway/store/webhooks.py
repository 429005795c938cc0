"""Messages to other systems, in the store: written with the transition, tried until they arrive or are given up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, func, or_, select, update

from gateway.alarms.transition import Transition
from gateway.instants import instant
from gateway.store.bulk import insert_all
from gateway.store.engine import Store
from gateway.store.webhook_schema import webhook_deliveries

DeliveryStatus = Literal["pending", "delivered", "dead"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message and what became of it. Times are wall clock; `answer` and `error` are those of the last attempt."""

    id: str
    alarm_id: str
    kind: str
    made_at: int
    body: bytes
    status: DeliveryStatus
    attempts: int
    next_at: int | None
    settled_at: int | None
    answer: int | None
    error: str


_COLUMNS = [webhook_deliveries.c[each.name] for each in fields(Delivery)]
_table = webhook_deliveries.c


def announce(
    connection: Connection,
    transitions: Sequence[Transition],
    announced: Collection[str],
    equipment: Mapping[str, str],
    now_us: int,
) -> None:
    """Keep a message for every transition of an alarm whose kind is `announced`."""
    rows = [
        {
            "id": f"{each.alarm_id}-{each.seq}",
            "alarm_id": each.alarm_id,
            "kind": each.kind,
            "made_at": now_us,
            "body": _body(each, equipment[each.machine_id]),
            "status": "pending",
            "attempts": 0,
            "next_at": now_us,
            "settled_at": None,
            "answer": None,
            "error": "",
        }
        for each in transitions
        if each.alarm_id and each.kind in announced
    ]
    insert_all(connection, webhook_deliveries, rows)


def take_due(store: Store, now_us: int, until_us: int, limit: int) -> list[Delivery]:
    """Up to `limit` messages that are due; until `until_us` nobody else gets them. Counts the attempt."""
    query = select(*_COLUMNS).where(_table.next_at <= now_us).order_by(_table.next_at).limit(limit)
    with store.transaction() as connection:
        due = [_delivery(row) for row in connection.execute(query)]
    mine = []
    for each in due:
        # Whoever changes it first has it: two gateways look at the same rows.
        taking = update(webhook_deliveries).where(_table.id == each.id, _table.next_at == each.next_at)
        with store.transaction() as connection:
            if connection.execute(taking.values(next_at=until_us, attempts=_table.attempts + 1)).rowcount == 1:
                mine.append(each)
    return mine


def settle(
    store: Store,
    delivery_id: str,
    status: DeliveryStatus,
    next_us: int | None,
    now_us: int,
    answer: int | None,
    error: str,
) -> None:
    """What an attempt ended with; `next_us` is when the next one is due, None when there is none."""
    news = {
        "status": status,
        "next_at": next_us,
        "settled_at": now_us if next_us is None else None,
        "answer": answer,
        "error": error[:256],
    }
    with store.transaction() as connection:
        connection.execute(update(webhook_deliveries).where(_table.id == delivery_id).values(**news))


def revive(store: Store, delivery_id: str, now_us: int) -> Delivery | None:
    """Try a dead message from the beginning; others are left alone. None when there is no such message."""
    reviving = update(webhook_deliveries).where(_table.id == delivery_id, _table.status == "dead")
    with store.transaction() as connection:
        connection.execute(reviving.values(status="pending", attempts=0, next_at=now_us, settled_at=None))
        row = connection.execute(select(*_COLUMNS).where(_table.id == delivery_id)).one_or_none()
        return _delivery(row) if row is not None else None


def page(store: Store, status: DeliveryStatus | None, before: tuple[int, str] | None, limit: int) -> list[Delivery]:
    """Up to `limit` messages, the newest first, older than the (time, id) in `before`."""
    query = select(*_COLUMNS)
    if status is not None:
        query = query.where(_table.status == status)
    if before is not None:
        query = query.where(_table.made_at <= before[0])
        query = query.where(or_(_table.made_at < before[0], _table.id < before[1]))
    with store.transaction() as connection:
        rows = connection.execute(query.order_by(_table.made_at.desc(), _table.id.desc()).limit(limit))
        return [_delivery(row) for row in rows]


def counts(store: Store) -> dict[str, int]:
    """How many messages there are by status."""
    with store.transaction() as connection:
        rows = connection.execute(select(_table.status, func.count()).group_by(_table.status)).all()
        return {row[0]: row[1] for row in rows}


def _body(each: Transition, equipment: str) -> bytes:
    at = instant(each.at_us)
    data = {
        "alarm_id": each.alarm_id,
        "machine_id": each.machine_id,
        "equipment": equipment,
        "mode": each.mode,
        "priority": each.priority,
        "state": each.after,
        # Messages of one machine may overtake each other: the higher number is the newer one.
        "sequence": each.seq,
        "actor": each.actor,
        "reason": each.reason,
        "score": each.score,
    }
    return msgspec.json.encode({"type": f"alarm.{each.kind}", "timestamp": at, "data": data})


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(**row._mapping)
