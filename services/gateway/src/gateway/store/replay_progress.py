"""The work of a replay in the store, part by part: every part is kept together with how far it has brought things."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, case, delete, func, or_, select, update

from gateway.alarms.line import Line, decode_line, encode_line
from gateway.alarms.observation import Observation
from gateway.alarms.transition import Transition, encode_transition
from gateway.store.alarm_schema import alarm_events
from gateway.store.bulk import among, insert_all, insert_new
from gateway.store.engine import Store
from gateway.store.replay_schema import replay_events, replay_machines, replay_readings, replays
from gateway.store.replays import DONE, PUBLISHED, WAITING, Replay, Stage, hold

_PAGE = 2_000
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Observation)


@dataclass(frozen=True, slots=True)
class ReplayedMachine:
    """One machine of a replay. `sent_*`: the last reading that was published; `end_*`: where its history ends."""

    machine_id: str
    stage: Stage
    end_at: int
    end_event_id: str
    sent_at: int | None
    sent_event_id: str
    published: int
    scored: int
    line: bytes | None
    readings: int
    skipped: int

    @property
    def state(self) -> Line | None:
        """How far the state machine has come, None before its first part."""
        return decode_line(self.line) if self.line is not None else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is: machines, readings through the state machine, readings sent to another model and back.

    `share` is 0 to 1 of the time on all machines' histories; what another model has to score first counts half of it.
    """

    machines: int = 0
    machines_done: int = 0
    readings: int = 0
    skipped: int = 0
    published: int = 0
    scored: int = 0
    share: float = 0.0


_MACHINE = [replay_machines.c[each.name] for each in fields(ReplayedMachine)]


@dataclass(frozen=True, slots=True)
class Scored:
    """A reading that another model has scored, for one replay."""

    replay_id: str
    machine_id: str
    observation: Observation


def progress(store: Store, ids: Collection[str]) -> dict[str, Progress]:
    """How far these replays are, by id."""
    table, of = replay_machines.c, replays.c
    is_done = case((table.stage == DONE, 1), else_=0)
    part = (func.coalesce(table.sent_at, of.start_at) - of.start_at) * 1.0 / (table.end_at - of.start_at + 1)
    share = case((table.stage == DONE, 1.0), else_=part * case((of.model == "", 1.0), else_=0.5))
    sums = [func.sum(column) for column in (table.readings, table.skipped, table.published, table.scored)]
    joined = replay_machines.join(replays, of.id == table.replay_id)
    query = select(table.replay_id, func.count(), func.sum(is_done), *sums, func.avg(share)).select_from(joined)
    found = {name: Progress() for name in ids}
    with store.transaction() as connection:
        query = query.where(among(connection, table.replay_id, sorted(ids))).group_by(table.replay_id)
        for name, *counted, done in connection.execute(query):
            found[name] = replace(Progress(*map(int, counted)), share=min(1.0, max(0.0, float(done))))
    return found


def next_machine(store: Store, replay_id: str, stage: Stage) -> ReplayedMachine | None:
    """The first machine in this stage; of those that are published, one that has all its scores."""
    table = replay_machines.c
    query = select(*_MACHINE).where(table.replay_id == replay_id, table.stage == stage)
    if stage == PUBLISHED:
        query = query.where(table.scored >= table.published)
    with store.transaction() as connection:
        row = connection.execute(query.order_by(table.machine_id).limit(1)).one_or_none()
        return ReplayedMachine(**row._mapping) if row is not None else None


def outstanding(store: Store, replay_id: str) -> int:
    """How many readings have been published and have not come back."""
    table = replay_machines.c
    query = select(func.sum(table.published - table.scored)).where(table.replay_id == replay_id, table.stage != DONE)
    with store.transaction() as connection:
        return int(connection.execute(query).scalar() or 0)


def live_seq_before(store: Store, machine_id: str, at_us: int) -> int:
    """The number of the last live transition of a machine before this time: a replay counts on from there."""
    table = alarm_events.c
    query = select(func.max(table.seq)).where(table.machine_id == machine_id, table.at < at_us)
    with store.transaction() as connection:
        return connection.execute(query).scalar() or 0


def keep_part(
    store: Store,
    replay: Replay,
    owner: str,
    until_us: int,
    machine: ReplayedMachine,
    line: Line,
    transitions: Sequence[Transition],
    *,
    readings: int,
    skipped: int,
    is_last: bool,
) -> bool:
    """Keep a part that the state machine has done; False when the replay is not ours any more, and nothing is kept."""
    mine = and_(replay_machines.c.replay_id == replay.id, replay_machines.c.machine_id == machine.machine_id)
    news: dict[str, Any] = {"line": encode_line(line), "readings": readings, "skipped": skipped}
    if not replay.model:
        news["sent_at"] = line.basis.at_us
    rows = [
        {
            "replay_id": replay.id,
            "machine_id": each.machine_id,
            "seq": each.seq,
            "at": each.at_us,
            "body": encode_transition(each),
        }
        for each in transitions
    ]
    with store.transaction() as connection:
        if not hold(connection, replay.id, owner, until_us):
            return False
        insert_all(connection, replay_events, rows)
        if is_last:
            news["stage"] = DONE
        connection.execute(update(replay_machines).where(mine).values(news))
        if is_last:
            # The machine's row is locked now: whoever keeps scores of it has done so, or will find that it is done.
            _drop_scores(connection, replay.id, machine.machine_id)
        return True


def keep_sent(
    store: Store,
    replay: Replay,
    owner: str,
    until_us: int,
    machine_id: str,
    last: tuple[int, str] | None,
    published: int,
    *,
    is_last: bool,
) -> bool:
    """Keep how far the readings of a machine have been published; False when the replay is not ours any more."""
    mine = and_(replay_machines.c.replay_id == replay.id, replay_machines.c.machine_id == machine_id)
    news: dict[str, Any] = {"published": published, "stage": PUBLISHED if is_last else WAITING}
    if last is not None:
        news |= {"sent_at": last[0], "sent_event_id": last[1]}
    with store.transaction() as connection:
        if not hold(connection, replay.id, owner, until_us):
            return False
        connection.execute(update(replay_machines).where(mine).values(news))
        return True


def running(store: Store, ids: Collection[str]) -> set[str]:
    """Those of the replays that still take scores."""
    with store.transaction() as connection:
        query = select(replays.c.id).where(among(connection, replays.c.id, sorted(ids)), replays.c.state == "running")
        return set(connection.execute(query).scalars())


def keep_scored(store: Store, scored: Sequence[Scored]) -> None:
    """Keep scores once each. A reading that was published again has two: of a machine that is done they are dropped."""
    rows = {
        f"{each.replay_id}/{each.observation.event_id}": {
            "id": f"{each.replay_id}/{each.observation.event_id}",
            "replay_id": each.replay_id,
            "machine_id": each.machine_id,
            "observed_at": each.observation.at_us,
            "event_id": each.observation.event_id,
            "observation": _encoder.encode(each.observation),
        }
        for each in scored
    }
    with store.transaction() as connection:
        new = insert_new(connection, replay_readings, [rows[name] for name in sorted(rows)])
        counted: dict[tuple[str, str], int] = {}
        for name in new:
            place = (str(rows[name]["replay_id"]), str(rows[name]["machine_id"]))
            counted[place] = counted.get(place, 0) + 1
        table = replay_machines.c
        for (replay_id, machine_id), number in sorted(counted.items()):
            waiting = and_(table.replay_id == replay_id, table.machine_id == machine_id, table.stage != DONE)
            counting = update(replay_machines).where(waiting).values(scored=table.scored + number)
            if connection.execute(counting).rowcount == 0:
                _drop_scores(connection, replay_id, machine_id)


def _drop_scores(connection: Connection, replay_id: str, machine_id: str) -> None:
    table = replay_readings.c
    used = and_(table.replay_id == replay_id, table.machine_id == machine_id)
    connection.execute(delete(replay_readings).where(used))


def scores(store: Store, replay_id: str, machine_id: str, after: tuple[int, str]) -> Iterator[Observation]:
    """What another model said of a machine, in order of event time and event id, after this place; page by page."""
    table = replay_readings.c
    while True:
        at_us, event_id = after
        query = select(table.observed_at, table.event_id, table.observation).where(
            table.replay_id == replay_id,
            table.machine_id == machine_id,
            table.observed_at >= at_us,
            or_(table.observed_at > at_us, table.event_id > event_id),
        )
        with store.transaction() as connection:
            rows: Sequence[Any] = connection.execute(
                query.order_by(table.observed_at, table.event_id).limit(_PAGE)
            ).all()
        for row in rows:
            yield _decoder.decode(row.observation)
        if len(rows) < _PAGE:
            return
        after = (rows[-1].observed_at, rows[-1].event_id)
