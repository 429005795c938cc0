"""Replays in the store: what was asked, who works on it, how far it is. See `replay_progress` for the work itself.

queued ─► running ─► done
  │ ▲        │ └───► failed ─┐
  ▼ │        ▼               │
cancelled ◄──┘   resume: back to queued, from where it was
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, or_, select, update

from gateway.alarms.line import Basis
from gateway.store.bulk import among, insert_all
from gateway.store.engine import Store
from gateway.store.replay_schema import replay_events, replay_machines, replay_readings, replays

ReplayState = Literal["queued", "running", "done", "cancelled", "failed"]
Stage = Literal["waiting", "published", "done"]
WAITING: Stage = "waiting"
PUBLISHED: Stage = "published"
DONE: Stage = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One replay. `from_at`, `to_at` and `start_at` are event time; the other times are wall clock.

    `model` is a digest, empty for the stored scores; `policy` canonical JSON; `policy_version` 0 for a draft.
    """

    id: str
    equipment: str
    state: ReplayState = "queued"
    from_at: int
    to_at: int
    start_at: int
    model: str
    policy_version: int
    policy_digest: str
    policy: bytes
    note: str
    asked_by: str
    asked_at: int
    changed_at: int
    error: str | None = None
    result: bytes | None = None


_REPLAY = [replays.c[each.name] for each in fields(Replay)]
_RUNNABLE = ("queued", "running")
_FORGOTTEN_AT_ONCE = 10


def create(store: Store, replay: Replay, ends: Mapping[str, Basis]) -> None:
    """Store a replay of these machines, each up to where its live history has come."""
    rows = [
        {
            "replay_id": replay.id,
            "machine_id": name,
            "stage": WAITING,
            "end_at": basis.at_us,
            "end_event_id": basis.event_id,
            "sent_at": None,
            "sent_event_id": "",
            "published": 0,
            "scored": 0,
            "line": None,
            "readings": 0,
            "skipped": 0,
        }
        for name, basis in sorted(ends.items())
        if basis.at_us is not None
    ]
    with store.transaction() as connection:
        connection.execute(replays.insert().values(asdict(replay)))
        insert_all(connection, replay_machines, rows)


def find(store: Store, replay_id: str) -> Replay | None:
    """The replay with this id."""
    with store.transaction() as connection:
        row = connection.execute(select(*_REPLAY).where(replays.c.id == replay_id)).one_or_none()
        return _replay(row) if row is not None else None


def page(store: Store, before: tuple[int, str] | None, limit: int) -> list[Replay]:
    """Up to `limit` replays, the newest first, older than the (time, id) in `before`."""
    table = replays.c
    query = select(*_REPLAY)
    if before is not None:
        query = query.where(or_(table.asked_at < before[0], and_(table.asked_at == before[0], table.id < before[1])))
    with store.transaction() as connection:
        return [
            _replay(row)
            for row in connection.execute(query.order_by(table.asked_at.desc(), table.id.desc()).limit(limit))
        ]


def unfinished(store: Store) -> int:
    """How many are queued or run."""
    with store.transaction() as connection:
        return connection.execute(select(func.count()).where(replays.c.state.in_(_RUNNABLE))).scalar_one()


def claim(store: Store, owner: str, now_us: int, lease_us: int) -> Replay | None:
    """The oldest replay that nobody works on, from now on ours."""
    table = replays.c
    free = or_(table.owner.is_(None), table.owner == owner, table.leased_until < now_us)
    query = select(table.id).where(table.state.in_(_RUNNABLE), free).order_by(table.asked_at, table.id).limit(1)
    with store.transaction() as connection:
        if (name := connection.execute(query).scalar_one_or_none()) is None:
            return None
    with store.transaction() as connection:
        mine = {"owner": owner, "leased_until": now_us + lease_us, "state": "running", "changed_at": now_us}
        taking = update(replays).where(table.id == name, table.state.in_(_RUNNABLE), free).values(mine)
        if connection.execute(taking).rowcount == 0:
            return None
        return _replay(connection.execute(select(*_REPLAY).where(table.id == name)).one())


def hold(connection: Connection, replay_id: str, owner: str, until_us: int) -> bool:
    """Renew the lease in a transaction that keeps a part of the work; False when the replay is not ours any more.

    The row stays locked until the transaction ends: nobody cancels in between.
    """
    holding = update(replays).where(_ours(replay_id, owner)).values(leased_until=until_us)
    return connection.execute(holding).rowcount == 1


def renew(store: Store, replay_id: str, owner: str, until_us: int) -> bool:
    """Renew the lease; False when the replay is not ours any more."""
    with store.transaction() as connection:
        return hold(connection, replay_id, owner, until_us)


def refuse(store: Store, replay_id: str, error: str, now_us: int) -> None:
    """Inference cannot do it: it has failed, whoever works on it."""
    table = replays.c
    failed = {"state": "failed", "error": error, "changed_at": now_us, "owner": None, "leased_until": None}
    with store.transaction() as connection:
        connection.execute(update(replays).where(table.id == replay_id, table.state == "running").values(failed))


def release(store: Store, replay_id: str, owner: str) -> None:
    """Let another gateway go on at once."""
    mine = and_(replays.c.id == replay_id, replays.c.owner == owner)
    with store.transaction() as connection:
        connection.execute(update(replays).where(mine).values(owner=None, leased_until=None))


def finish(store: Store, replay_id: str, owner: str, result: bytes, now_us: int) -> None:
    """It is done."""
    with store.transaction() as connection:
        # A score that came twice may have come again after its machine was done.
        connection.execute(delete(replay_readings).where(replay_readings.c.replay_id == replay_id))
    _end(store, replay_id, owner, {"state": "done", "result": result, "error": None, "changed_at": now_us})


def fail(store: Store, replay_id: str, owner: str, error: str, now_us: int) -> None:
    """It cannot go on as it is; `error` is a sentence."""
    _end(store, replay_id, owner, {"state": "failed", "error": error, "changed_at": now_us})


def note(store: Store, replay_id: str, owner: str, error: str | None) -> None:
    """What it waits for; None when it waits for nothing any more."""
    with store.transaction() as connection:
        connection.execute(update(replays).where(_ours(replay_id, owner)).values(error=error))


def cancel(store: Store, replay_id: str, now_us: int) -> bool:
    """Stop it where it is; False when it is in a state from which that cannot be done."""
    stopped = {"state": "cancelled", "changed_at": now_us, "owner": None, "leased_until": None, "error": None}
    table = replays.c
    with store.transaction() as connection:
        stopping = update(replays).where(table.id == replay_id, table.state.in_(_RUNNABLE)).values(stopped)
        if connection.execute(stopping).rowcount == 0:
            return False
        # What another model still sends is dropped, so what it has sent is of no use.
        connection.execute(delete(replay_readings).where(replay_readings.c.replay_id == replay_id))
        return True


def resume(store: Store, replay_id: str, now_us: int) -> bool:
    """Go on where it stopped; False when it is in a state from which that cannot be done.

    Machines that wait for another model's scores are sent again from their beginning: what was under way is lost.
    """
    table, of = replays.c, replay_machines.c
    queued = {"state": "queued", "changed_at": now_us, "owner": None, "leased_until": None, "error": None}
    with store.transaction() as connection:
        going = update(replays).where(table.id == replay_id, table.state.in_(("cancelled", "failed"))).values(queued)
        if connection.execute(going).rowcount == 0:
            return False
        model = connection.execute(select(table.model).where(table.id == replay_id)).scalar_one()
        if model:
            connection.execute(delete(replay_readings).where(replay_readings.c.replay_id == replay_id))
            unsent = {"stage": WAITING, "sent_at": None, "sent_event_id": "", "published": 0, "scored": 0}
            anew = {"line": None, "readings": 0, "skipped": 0}
            waiting = and_(of.replay_id == replay_id, of.stage != DONE)
            again = select(of.machine_id).where(waiting)
            events = replay_events.c
            connection.execute(delete(replay_events).where(events.replay_id == replay_id, events.machine_id.in_(again)))
            connection.execute(update(replay_machines).where(waiting).values(unsent | anew))
        return True


def forget_before(store: Store, before_us: int) -> int:
    """Drop the replays asked for before this, with all that belongs to them. Returns how many."""
    old = select(replays.c.id).where(replays.c.asked_at < before_us, replays.c.state.not_in(_RUNNABLE))
    with store.transaction() as connection:
        ids = sorted(connection.execute(old.limit(_FORGOTTEN_AT_ONCE)).scalars())
    if not ids:
        return 0
    with store.transaction() as connection:
        for table in (replay_readings, replay_events, replay_machines):
            connection.execute(delete(table).where(among(connection, table.c.replay_id, ids)))
        return connection.execute(delete(replays).where(among(connection, replays.c.id, ids))).rowcount


def _end(store: Store, replay_id: str, owner: str, values: dict[str, Any]) -> None:
    with store.transaction() as connection:
        ending = update(replays).where(_ours(replay_id, owner))
        connection.execute(ending.values(values | {"owner": None, "leased_until": None}))


def _ours(replay_id: str, owner: str) -> ColumnElement[bool]:
    return and_(replays.c.id == replay_id, replays.c.owner == owner, replays.c.state == "running")


def _replay(row: Row[Any]) -> Replay:
    return Replay(**row._mapping)
