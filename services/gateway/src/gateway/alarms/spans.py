"""Transitions of one or many machines folded into alarms: one span from raise to end each."""

from collections.abc import Iterable

import msgspec

from gateway.alarms.transition import Overlay, State, Transition


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm. Times in microseconds of event time; `returned_us` and `ended_us` are None while they are to come.

    `returned_us` is the newest return. `hidden_by` is the overlay at the raise: such an alarm was not shown.
    """

    alarm_id: str
    machine_id: str
    mode: str
    priority: int
    raised_us: int
    event_id: str
    model_digest: str
    policy_digest: str
    state: State
    hidden_by: Overlay = ""
    acknowledged_us: int | None = None
    returned_us: int | None = None
    ended_us: int | None = None


def spans_of(transitions: Iterable[Transition]) -> list[Span]:
    """The alarms raised in a log, which may be in any order; sorted by raise, machine, condition."""
    found: dict[str, Span] = {}
    for each in sorted(transitions, key=lambda transition: (transition.machine_id, transition.seq)):
        if each.kind == "raised":
            found[each.alarm_id] = _raised(each)
        elif each.alarm_id in found:
            found[each.alarm_id] = _continued(found[each.alarm_id], each)
    return sorted(found.values(), key=lambda span: (span.raised_us, span.machine_id, span.mode))


def visits_of(transitions: Iterable[Transition], shift_us: int) -> list[Span]:
    """One span for each machine, condition and shift with a raise in it, the first of the shift; sorted like alarms.

    This is what alarms cost: somebody goes there, once a shift. An alarm that nobody acknowledges stays one alarm
    for good, however often it comes back; in money that would be one visit for all of them.
    """
    found: dict[tuple[str, str, int], Span] = {}
    for each in transitions:
        if each.kind in ("raised", "raised_again"):
            place = (each.machine_id, each.mode, each.at_us // shift_us)
            if place not in found or each.at_us < found[place].raised_us:
                found[place] = _raised(each)
    return sorted(found.values(), key=lambda span: (span.raised_us, span.machine_id, span.mode))


def _raised(each: Transition) -> Span:
    return Span(
        alarm_id=each.alarm_id,
        machine_id=each.machine_id,
        mode=each.mode,
        priority=each.priority,
        raised_us=each.at_us,
        event_id=each.event_id,
        model_digest=each.model_digest,
        policy_digest=each.policy_digest,
        state=each.after,
        hidden_by=each.overlay,
    )


def _continued(span: Span, each: Transition) -> Span:
    changed: dict[str, object] = {"state": each.after, "priority": each.priority}
    if each.kind == "acknowledged" and span.acknowledged_us is None:
        changed["acknowledged_us"] = each.at_us
    elif each.kind == "returned":
        changed["returned_us"] = each.at_us
    elif each.kind == "raised_again":
        changed["returned_us"] = None
    if each.before != "normal" and each.after == "normal":
        changed["ended_us"] = each.at_us
    return msgspec.structs.replace(span, **changed)
