"""Consumer groups in the file of the embedded log: who is a member, who owns which lane, what is committed.

Ownership moves in two steps: the old owner gives a lane up when it polls (after its commit), then the new one takes it.
Only the lanes of a member that stopped polling for its session timeout are taken without asking. Each taking gets a new
epoch, which fences whatever the previous owner still wants to commit. All functions run in the writer's transaction.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chassis.embedded_store import Store
from chassis.event_log import TopicPartition


class Ownership(NamedTuple):
    """A lane that a member owns since `epoch`, and where a consumer that has just taken it starts."""

    epoch: int
    start: int


class Membership(NamedTuple):
    """What a member knows after a beat: the group's epoch and the lanes that are the member's own."""

    epoch: int
    owned: dict[TopicPartition, Ownership]


def share(member: str, members: Mapping[str, Sequence[str]], partitions: int) -> set[TopicPartition]:
    """Range assignment: per topic, the members that read it get neighbouring partitions, in order of their ids."""
    mine: set[TopicPartition] = set()
    for topic in members[member]:
        readers = sorted(name for name, topics in members.items() if topic in topics)
        each, more = divmod(partitions, len(readers))
        rank = readers.index(member)
        first = rank * each + min(rank, more)
        count = each + (1 if rank < more else 0)
        mine.update(TopicPartition(topic, partition) for partition in range(first, first + count))
    return mine


def beat(store: Store, group: str, member: str, topics: Sequence[str], now_us: int, session_us: int) -> Membership:
    """Join or stay, remove members that are silent, give up and take lanes. The heart of the group."""
    run = store.connection.execute
    run("INSERT OR IGNORE INTO groups VALUES (?, 0)", (group,))
    changed = run("SELECT 1 FROM members WHERE groupname = ? AND id = ?", (group, member)).fetchone() is None
    run("REPLACE INTO members VALUES (?, ?, ?, ?)", (group, member, json.dumps(sorted(topics)), now_us + session_us))
    changed |= _remove_silent(store, group, now_us)
    members = {name: json.loads(names) for name, names in _rows(store, "SELECT id, topics FROM members", group)}
    target = {store.lane_id(lane): lane for lane in share(member, members, store.partitions)}
    owners: dict[int, str] = dict(_rows(store, "SELECT lane, member FROM owners", group))
    given_up = [lane for lane, owner in owners.items() if owner == member and lane not in target]
    free = [lane for lane in target if lane not in owners]
    epoch: int = run("SELECT epoch FROM groups WHERE name = ?", (group,)).fetchone()[0]
    if changed or given_up or free:
        epoch += 1
        run("UPDATE groups SET epoch = ? WHERE name = ?", (epoch, group))
    for lane in given_up:
        run("DELETE FROM owners WHERE groupname = ? AND lane = ?", (group, lane))
    for lane in free:
        run("INSERT INTO owners VALUES (?, ?, ?, ?)", (group, lane, member, epoch))
    owned = run(
        "SELECT l.topic, l.partition, o.epoch, coalesce(c.next, l.oldest) FROM owners o JOIN lanes l ON l.id = o.lane"
        " LEFT JOIN commits c ON c.groupname = o.groupname AND c.lane = o.lane WHERE o.groupname = ? AND o.member = ?",
        (group, member),
    ).fetchall()
    return Membership(epoch, {TopicPartition(topic, part): Ownership(since, at) for topic, part, since, at in owned})


def commit(
    store: Store, group: str, member: str, owned: Mapping[TopicPartition, int], offsets: Mapping[TopicPartition, int]
) -> list[TopicPartition]:
    """Store the offsets of the lanes that `member` still owns since the epochs in `owned`; returns the lost lanes."""
    lost = []
    for lane, offset in offsets.items():
        lane_id = store.lane_id(lane)
        row = store.connection.execute(
            "SELECT member, epoch FROM owners WHERE groupname = ? AND lane = ?", (group, lane_id)
        ).fetchone()
        if row is None or row != (member, owned.get(lane)):
            lost.append(lane)
            continue
        store.connection.execute(
            "INSERT INTO commits VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next = max(next, excluded.next)",
            (group, lane_id, offset),
        )
    return lost


def leave(store: Store, group: str, member: str) -> None:
    """Give up membership and lanes at once."""
    _remove(store, group, member)
    store.connection.execute("UPDATE groups SET epoch = epoch + 1 WHERE name = ?", (group,))


def _remove_silent(store: Store, group: str, now_us: int) -> bool:
    silent = [
        name for name, expires_us in _rows(store, "SELECT id, expires_us FROM members", group) if expires_us < now_us
    ]
    for name in silent:
        _remove(store, group, name)
    return bool(silent)


def _remove(store: Store, group: str, member: str) -> None:
    store.connection.execute("DELETE FROM owners WHERE groupname = ? AND member = ?", (group, member))
    store.connection.execute("DELETE FROM members WHERE groupname = ? AND id = ?", (group, member))


def _rows(store: Store, select: str, group: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(f"{select} WHERE groupname = ?", (group,)).fetchall()
