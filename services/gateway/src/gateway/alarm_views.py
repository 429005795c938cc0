"""What the doors answer about alarms."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from chassis.assessment import Assessment
from gateway.alarm_verdict_views import AlarmPrecision, AlarmTrackRecord, VerdictView, verdict_view
from gateway.alarms.advice import Advice
from gateway.alarms.transition import Kind, State, Transition
from gateway.instants import instant
from gateway.store.alarms import Alarm
from gateway.store.verdicts import Verdict

OverlayName = Literal["none", "shelved", "suppressed", "out_of_service"]
ActionName = Literal[
    "ack",
    "shelve",
    "unshelve",
    "assign",
    "note",
    "close",
    "suppress",
    "unsuppress",
    "out-of-service",
    "return-to-service",
]


class AlarmItem(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm at a glance. Times are event time; `overlay` is what hides it now, `raised_under` what hid its raise.

    `version` goes up with every change: send it as `If-Match: "<version>"` with an action. `precision` tells how often
    alarms like this one were real; null without a policy.
    """

    alarm_id: str
    machine_id: str
    equipment: str
    mode: str
    state: State
    is_open: bool
    priority: int
    raised_at: datetime
    acknowledged_at: datetime | None
    returned_at: datetime | None
    ended_at: datetime | None
    score: float | None
    event_id: str
    overlay: OverlayName
    raised_under: OverlayName
    shelved_until: datetime | None
    suppressed_from: datetime | None
    suppressed_until: datetime | None
    assignee: str | None
    version: int
    changed_by: str
    changed_at: datetime
    model_digest: str
    policy_digest: str
    precision: AlarmPrecision | None


class AlarmTransition(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `actor` is `system` or the name of a person; `until` ends a shelf or a suppression."""

    seq: int
    kind: Kind
    before: State
    after: State
    at: datetime
    actor: str
    reason: str
    priority: int
    overlay: OverlayName
    event_id: str | None
    score: float | None
    policy_digest: str
    until: datetime | None
    assignee: str | None


class AlarmDetail(AlarmItem, frozen=True, kw_only=True):
    """An alarm whole: its newest 500 transitions in order, the assessment that raised it, and what to do.

    `assessment` and `advice` are null once that assessment is no longer kept, `track_record` without a policy.
    """

    transitions: list[AlarmTransition]
    assessment: Assessment | None
    advice: Advice | None
    verdict: VerdictView | None
    track_record: AlarmTrackRecord | None


class AlarmCount(msgspec.Struct, frozen=True):
    """How many open alarms have this state and priority, and whether an overlay hides them."""

    state: State
    priority: int
    hidden: bool
    count: int


class AlarmPage(msgspec.Struct, frozen=True):
    """A page of alarms. `counts` are the open ones of the same machine and condition, whatever else was asked."""

    alarms: list[AlarmItem]
    next_cursor: str | None
    counts: list[AlarmCount]
    server_time: datetime


Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class AlarmAction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody does. `until` ends a shelf or a suppression, `from` begins a suppression, `one_shot` ends a shelf
    when the alarm returns, `assignee` is for `assign` (empty: nobody). `actor` unless the header says it.
    """

    actor: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    note: Text = ""
    from_: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None
    one_shot: bool = False
    assignee: Annotated[str, msgspec.Meta(max_length=64)] = ""


def item(alarm: Alarm, now_us: int, precision: AlarmPrecision | None) -> AlarmItem:
    """The alarm as of `now_us`."""
    return AlarmItem(**_facts(alarm, now_us), precision=precision)


def detail(
    alarm: Alarm,
    now_us: int,
    transitions: list[Transition],
    assessment: Assessment | None,
    advice: Advice | None,
    precision: AlarmPrecision | None,
    verdict: Verdict | None,
    record: AlarmTrackRecord | None,
) -> AlarmDetail:
    """The alarm whole; `assessment` may be stored bytes that stand for one."""
    return AlarmDetail(
        **_facts(alarm, now_us),
        precision=precision,
        transitions=[transition(each) for each in transitions],
        assessment=assessment,
        advice=advice,
        verdict=verdict_view(verdict) if verdict is not None else None,
        track_record=record,
    )


def transition(each: Transition) -> AlarmTransition:
    """The transition with its times as people read them."""
    return AlarmTransition(
        seq=each.seq,
        kind=each.kind,
        before=each.before,
        after=each.after,
        at=instant(each.at_us),
        actor=each.actor,
        reason=each.reason,
        priority=each.priority,
        overlay=each.overlay or "none",
        event_id=each.event_id or None,
        score=each.score,
        policy_digest=each.policy_digest,
        until=_instant(each.until_us),
        assignee=each.assignee or None,
    )


def _facts(alarm: Alarm, now_us: int) -> dict[str, Any]:
    return {
        "alarm_id": alarm.id,
        "machine_id": alarm.machine_id,
        "equipment": alarm.equipment,
        "mode": alarm.mode,
        "state": alarm.state,
        "is_open": alarm.is_open,
        "priority": alarm.priority,
        "raised_at": instant(alarm.raised_at),
        "acknowledged_at": _instant(alarm.acknowledged_at),
        "returned_at": _instant(alarm.returned_at),
        "ended_at": _instant(alarm.ended_at),
        "score": alarm.score,
        "event_id": alarm.event_id,
        "overlay": alarm.overlay(now_us) or "none",
        "raised_under": alarm.hidden_by or "none",
        "shelved_until": _instant(alarm.shelved_until),
        "suppressed_from": _instant(alarm.suppressed_from),
        "suppressed_until": _instant(alarm.suppressed_until),
        "assignee": alarm.assignee or None,
        "version": alarm.version,
        "changed_by": alarm.changed_by,
        "changed_at": instant(alarm.changed_at),
        "model_digest": alarm.model_digest,
        "policy_digest": alarm.policy_digest,
    }


def _instant(at_us: int | None) -> datetime | None:
    return instant(at_us) if at_us is not None else None
