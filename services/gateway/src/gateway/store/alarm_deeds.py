"""What people do to alarms, in the store: checked, carried out, logged and recorded in one transaction."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from gateway.alarms.actions import Action
from gateway.alarms.illegal_actions import AlarmMoved, UnknownCondition
from gateway.alarms.line import Line, apply
from gateway.alarms.replay import RecordedAction
from gateway.store import alarm_lines, alarm_policies, alarm_step, alarms
from gateway.store.alarm_history import encode_action
from gateway.store.alarm_schema import alarm_actions
from gateway.store.alarms import Alarm
from gateway.store.engine import Store


def find(store: Store, alarm_id: str) -> Alarm | None:
    """The alarm, with the version that an action on it has to name."""
    with store.transaction() as connection:
        return _current(connection, alarm_id)


def carry_out(store: Store, alarm: Alarm, action: Action, now_us: int) -> tuple[Alarm, Mapping[str, int]]:
    """Do this to the alarm, or to its condition. Returns the alarm after it, and the transitions by kind.

    Raises IllegalAction (then nothing has changed) and StoreAway (then perhaps it has: look again).
    """
    with store.transaction() as connection:
        alarm_lines.hold_machines(connection, [alarm.machine_id])
        stored = alarm_lines.read(connection, {alarm.machine_id: ""})[alarm.machine_id]
        policies = alarm_policies.in_force(connection, [stored.equipment], now_us)
        if stored.equipment not in policies:
            raise UnknownCondition(action.mode)
        now = _with_version(_named(connection, alarm.id) or alarm, stored.line)
        if action.version is not None and action.version != now.version:
            raise AlarmMoved(now.version, now.changed_by, now.changed_at)
        # The version is checked; the rooms know that of the condition, which may have gone on without the alarm.
        moved = apply(stored.line, msgspec.structs.replace(action, version=None), policies[stored.equipment])
        lines, moves = {alarm.machine_id: stored}, {alarm.machine_id: moved}
        stepped = alarm_step.keep(connection, lines, moves, policies, now_us, store.announced)
        recorded = RecordedAction(action, stored.line.basis)
        row = {
            "machine_id": alarm.machine_id,
            "seq": moved.transitions[0].seq,
            "alarm_id": alarm.id,
            "kind": action.kind,
            "actor": action.actor,
            "at": now_us,
            "body": encode_action(recorded),
        }
        connection.execute(alarm_actions.insert().values(row))
        after = _named(connection, alarm.id) or alarm
        return _with_version(after, moved.line), stepped.transitions


def _current(connection: Connection, alarm_id: str) -> Alarm | None:
    alarm = _named(connection, alarm_id)
    if alarm is None:
        return None
    return _with_version(alarm, alarm_lines.read(connection, {alarm.machine_id: ""})[alarm.machine_id].line)


def _named(connection: Connection, alarm_id: str) -> Alarm | None:
    return next(iter(alarms.named(connection, [alarm_id])), None)


def _with_version(alarm: Alarm, line: Line) -> Alarm:
    """When an alarm is over, overlays of its condition may still change: then the version is the condition's."""
    slot = line.alarms.slots.get(alarm.mode)
    if slot is None or slot.alarm_id not in ("", alarm.id) or slot.version <= alarm.version:
        return alarm
    return replace(alarm, version=slot.version, changed_by=slot.changed_by, changed_at=slot.changed_us)
