"""Transitions folded into the rows of their alarms, in the transaction that logs them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from gateway.alarms.slot import Slot
from gateway.alarms.transition import Transition
from gateway.store.alarm_schema import alarms
from gateway.store.alarms import Alarm, named, rank_of
from gateway.store.bulk import insert_all, renewed, update_each


def fold(
    connection: Connection,
    transitions: Sequence[Transition],
    slots: Mapping[tuple[str, str], Slot],
    equipment: Mapping[str, str],
) -> None:
    """Bring the rows of the alarms that these transitions are about up to date.

    `slots` are the conditions after the last transition, by machine and mode; `equipment` is by machine.
    """
    about = [each for each in transitions if each.alarm_id]
    old = {each.alarm_id for each in about} - {each.alarm_id for each in about if each.kind == "raised"}
    rows = {alarm.id: alarm for alarm in named(connection, sorted(old))}
    for each in about:
        if each.kind == "raised":
            rows[each.alarm_id] = _raised(each, equipment[each.machine_id])
        elif each.alarm_id in rows:
            rows[each.alarm_id] = _continued(rows[each.alarm_id], each)
    final = [_overlaid(rows[name], slots) for name in sorted(rows)]
    insert_all(connection, alarms, [_row(alarm) for alarm in final if alarm.id not in old])
    update_each(connection, alarms, [_row(alarm) for alarm in final if alarm.id in old], renewed)


def _raised(each: Transition, equipment: str) -> Alarm:
    return Alarm(
        id=each.alarm_id,
        machine_id=each.machine_id,
        equipment=equipment,
        mode=each.mode,
        state=each.after,
        is_open=True,
        priority=each.priority,
        rank=rank_of(each.priority, each.at_us),
        raised_at=each.at_us,
        event_id=each.event_id,
        score=each.score,
        model_digest=each.model_digest,
        policy_digest=each.policy_digest,
        hidden_by=each.overlay,
        version=each.seq,
        changed_by=each.actor,
        changed_at=each.at_us,
    )


def _continued(alarm: Alarm, each: Transition) -> Alarm:
    changed: dict[str, Any] = {
        "state": each.after,
        "priority": each.priority,
        "rank": rank_of(each.priority, alarm.raised_at),
        "version": each.seq,
        "changed_by": each.actor,
        "changed_at": each.at_us,
        "assignee": each.assignee,
    }
    if each.kind == "acknowledged" and alarm.acknowledged_at is None:
        changed["acknowledged_at"] = each.at_us
    elif each.kind == "returned":
        changed["returned_at"] = each.at_us
    elif each.kind == "raised_again":
        changed["returned_at"] = None
    if each.before != "normal" and each.after == "normal":
        changed |= {"is_open": False, "ended_at": each.at_us}
    return replace(alarm, **changed)


def _overlaid(alarm: Alarm, slots: Mapping[tuple[str, str], Slot]) -> Alarm:
    """The overlays of the condition, as long as the alarm is open."""
    slot = slots.get((alarm.machine_id, alarm.mode))
    if slot is None or slot.alarm_id != alarm.id:
        slot = Slot()
    return replace(
        alarm,
        shelved_until=slot.shelved_until_us,
        suppressed_from=slot.suppressed_from_us,
        suppressed_until=slot.suppressed_until_us,
        out_of_service=slot.out_of_service,
    )


def _row(alarm: Alarm) -> dict[str, object]:
    return {name: getattr(alarm, name) for name in Alarm.__slots__}
