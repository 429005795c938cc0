"""What operators do to alarms: a pure function of alarms, action and policy, with the rules for illegal ones.

An action takes effect on the history as it stands, at once; readings that still wait to be ordered come after it.
"""

from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec.structs import replace

from gateway.alarms.illegal_actions import (
    AlarmMoved,
    AlreadyAcknowledged,
    AlreadyOutOfService,
    NoOpenAlarm,
    NotAcknowledged,
    NoteRequired,
    NotOutOfService,
    NotShelved,
    UnknownCondition,
    WrongDeadline,
)
from gateway.alarms.machine_alarms import unshelved
from gateway.alarms.slot import QUIET, MachineAlarms, Slot
from gateway.alarms.standing_policy import StandingPolicy
from gateway.alarms.transcript import Transcript
from gateway.alarms.transition import Kind, Transition

ActionKind = Literal[
    "acknowledge",
    "shelve",
    "unshelve",
    "assign",
    "note",
    "close",
    "suppress",
    "unsuppress",
    "remove_from_service",
    "return_to_service",
]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing an operator does to one condition of one machine.

    `alarm_id` is needed by actions on an open alarm, and ignored by those about the condition (unshelve, suppression,
    service). `at_us` is when the operator acted. `version` is the one the operator saw; None skips the check.
    `until_us` ends a shelf or a suppression, `from_us` starts a suppression (default `at_us`); a one-shot shelf ends
    when the alarm returns.
    """

    kind: ActionKind
    mode: str
    actor: str
    at_us: int
    alarm_id: str = ""
    note: str = ""
    version: int | None = None
    from_us: int | None = None
    until_us: int | None = None
    one_shot: bool = False
    assignee: str = ""


def act(alarms: MachineAlarms, action: Action, policy: StandingPolicy) -> tuple[MachineAlarms, tuple[Transition, ...]]:
    """The alarms after the action, and its transition. Raises IllegalAction, and then nothing has changed."""
    slot = alarms.slots.get(action.mode, QUIET)
    change, needs_alarm = _CHANGES[action.kind]
    if needs_alarm and (slot.state == "normal" or slot.alarm_id != action.alarm_id):
        raise NoOpenAlarm(action.mode)
    if not needs_alarm and action.mode not in policy.by_mode and action.mode not in alarms.slots:
        raise UnknownCondition(action.mode)
    if action.version is not None and action.version != slot.version:
        raise AlarmMoved(slot.version, slot.changed_by, slot.changed_us)
    if action.kind in _SAY_WHY and not action.note.strip():
        raise NoteRequired(action.kind)
    kind, after = change(slot, action, policy)
    transcript = Transcript(alarms, policy.digest, None, action.actor)
    until_us = {"shelved": after.shelved_until_us, "suppressed": after.suppressed_until_us}.get(kind)
    after = transcript.note(slot, after, action.mode, kind, action.note, at_us=action.at_us, until_us=until_us)
    slots = {mode: kept for mode, kept in alarms.slots.items() if mode != action.mode}
    if not after.is_quiet:
        slots[action.mode] = after
    return MachineAlarms(alarms.machine_id, transcript.seq, slots), transcript.written


_Change = Callable[[Slot, Action, StandingPolicy], tuple[Kind, Slot]]


def _acknowledge(slot: Slot, action: Action, policy: StandingPolicy) -> tuple[Kind, Slot]:
    if slot.state == "acknowledged":
        raise AlreadyAcknowledged(slot.changed_by)
    if slot.priority <= policy.policy.note_up_to_priority and not action.note.strip():
        raise NoteRequired(action.kind)
    if slot.state == "returned_unacknowledged":
        return "acknowledged", replace(slot, state="normal", assignee="")
    return "acknowledged", replace(slot, state="acknowledged")


def _close(slot: Slot, _action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    if slot.state == "unacknowledged":
        raise NotAcknowledged
    # The timer starts anew: a condition that still stands raises a new alarm after its on-delay.
    over = replace(slot, state="normal", held_us=None, assignee="", shelved_until_us=None, one_shot=False)
    return "closed", over


def _shelve(slot: Slot, action: Action, policy: StandingPolicy) -> tuple[Kind, Slot]:
    latest_us = action.at_us + policy.max_shelf_us
    until_us = latest_us if action.until_us is None and action.one_shot else action.until_us
    if until_us is None:
        raise WrongDeadline("a shelf must expire: say until when, or one-shot")
    if not action.at_us < until_us <= latest_us:
        raise WrongDeadline(f"a shelf ends later than now and within {policy.policy.max_shelf_s:g} s")
    return "shelved", replace(slot, shelved_until_us=until_us, one_shot=action.one_shot)


def _unshelve(slot: Slot, _action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    if slot.shelved_until_us is None:
        raise NotShelved
    return "unshelved", unshelved(slot)


def _assign(slot: Slot, action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    return "assigned", replace(slot, assignee=action.assignee)


def _note(slot: Slot, _action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    return "noted", slot


def _suppress(slot: Slot, action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    from_us = action.at_us if action.from_us is None else action.from_us
    if action.until_us is None or action.until_us <= max(from_us, action.at_us):
        raise WrongDeadline("a maintenance window has an end, later than its start and than now")
    return "suppressed", replace(slot, suppressed_from_us=from_us, suppressed_until_us=action.until_us)


def _unsuppress(slot: Slot, _action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    if slot.suppressed_until_us is None:
        raise WrongDeadline("this condition has no maintenance window to end")
    return "unsuppressed", replace(slot, suppressed_from_us=None, suppressed_until_us=None, judged_us=None)


def _remove(slot: Slot, action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    if slot.out_of_service:
        raise AlreadyOutOfService(action.mode)
    return "removed_from_service", replace(slot, out_of_service=True)


def _return(slot: Slot, action: Action, _policy: StandingPolicy) -> tuple[Kind, Slot]:
    if not slot.out_of_service:
        raise NotOutOfService(action.mode)
    return "returned_to_service", replace(slot, out_of_service=False, judged_us=None)


_SAY_WHY: frozenset[ActionKind] = frozenset({"shelve", "note", "close", "suppress", "remove_from_service"})
# What the action does, and whether it needs an open alarm.
_CHANGES: dict[ActionKind, tuple[_Change, bool]] = {
    "acknowledge": (_acknowledge, True),
    "shelve": (_shelve, True),
    "unshelve": (_unshelve, False),
    "assign": (_assign, True),
    "note": (_note, True),
    "close": (_close, True),
    "suppress": (_suppress, False),
    "unsuppress": (_unsuppress, False),
    "remove_from_service": (_remove, False),
    "return_to_service": (_return, False),
}
