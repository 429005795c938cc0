"""The transitions of a replay beside the live ones, for whoever compares them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, select

from gateway.alarms.transition import Transition, decode_transition
from gateway.store.alarm_schema import alarm_events
from gateway.store.engine import Store
from gateway.store.replay_schema import replay_events, replay_machines
from gateway.store.replays import Replay


def machines_of(store: Store, replay_id: str) -> list[str]:
    """The machines of a replay, in order."""
    query = select(replay_machines.c.machine_id).where(replay_machines.c.replay_id == replay_id)
    with store.transaction() as connection:
        return list(connection.execute(query.order_by(replay_machines.c.machine_id)).scalars())


def transitions(store: Store, replay: Replay, limit: int) -> Mapping[str, list[bytes]]:
    """The transitions of a replay, and the live ones of the same machines, by `new` and `old`: their canonical bytes.

    From where the histories begin to `to_at`; by machine and then by number. At most `limit` of each.
    """
    new, live, of = replay_events.c, alarm_events.c, replay_machines.c
    within = and_(new.at >= replay.start_at, new.at < replay.to_at)
    ours = select(new.body).where(new.replay_id == replay.id, within).order_by(new.machine_id, new.seq).limit(limit)
    same = alarm_events.join(replay_machines, and_(of.machine_id == live.machine_id, of.replay_id == replay.id))
    theirs = select(live.body).select_from(same).where(live.at >= replay.start_at, live.at < replay.to_at)
    theirs = theirs.order_by(live.machine_id, live.seq).limit(limit)
    with store.transaction() as connection:
        return {
            "new": list(connection.execute(ours).scalars()),
            "old": list(connection.execute(theirs).scalars()),
        }


def decoded(bodies: Sequence[bytes]) -> list[Transition]:
    """The transitions in these bodies."""
    return [decode_transition(body) for body in bodies]
