"""A stored history run through the state machine again: readings in order, actions where they came."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from gateway.alarms.actions import Action, act
from gateway.alarms.illegal_actions import IllegalAction
from gateway.alarms.line import Basis, Line
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import Observation
from gateway.alarms.standing_policy import StandingPolicy
from gateway.alarms.transition import Transition


class RecordedAction(msgspec.Struct, frozen=True):
    """An action that was carried out, and the newest reading of the history at that moment (`Line.basis`)."""

    action: Action
    basis: Basis


class Skipped(msgspec.Struct, frozen=True):
    """An action that does not apply to this history, perhaps because its alarm was never raised. `code` says why."""

    action: Action
    code: str


class Replayed(msgspec.Struct, frozen=True):
    """The line after a part of the history, its transitions in order, and the actions that did not apply."""

    line: Line
    transitions: tuple[Transition, ...]
    skipped: tuple[Skipped, ...]


def replay(
    line: Line, history: Iterable[Observation], actions: Sequence[RecordedAction], policy: StandingPolicy
) -> Replayed:
    """Continue `line` by a part of its machine's history.

    `history`: readings that were not late, ordered by event time and event id, all after `line.basis`. `actions`: those
    whose basis is in this part (or before the first reading), in the order in which they were carried out. With the
    policy and the model of the live run the transitions are those of the live run, byte for byte; a history may be
    cut into parts anywhere. An action goes to the open alarm of its condition.
    """
    alarms, basis = line.alarms, line.basis
    transitions: list[Transition] = []
    skipped: list[Skipped] = []
    done = 0

    def carry_out(until: tuple[int, str] | None) -> None:
        nonlocal alarms, done
        while done < len(actions) and (until is None or _key(actions[done].basis) < until):
            # The version was checked when the action was carried out. Under another policy or model another reading
            # may have raised the alarm; the action goes to the one that is open. With the same they are the same.
            action = actions[done].action
            slot = alarms.slots.get(action.mode)
            action = replace(action, version=None, alarm_id=slot.alarm_id if slot else action.alarm_id)
            done += 1
            try:
                alarms, found = act(alarms, action, policy)
                transitions.extend(found)
            except IllegalAction as error:
                skipped.append(Skipped(action, error.code))

    for seen in history:
        carry_out((seen.at_us, seen.event_id))
        alarms, found = observe(alarms, seen, policy)
        transitions.extend(found)
        basis = Basis(basis.count + 1, seen.at_us, seen.event_id)
    carry_out(None)
    return Replayed(Line(alarms, line.waiting, basis), tuple(transitions), tuple(skipped))


def _key(basis: Basis) -> tuple[float, str]:
    return (float("-inf"), "") if basis.at_us is None else (basis.at_us, basis.event_id)
