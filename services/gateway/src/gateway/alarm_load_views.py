"""What the doors answer about how much alarms ask of people."""

from datetime import datetime

import msgspec

from gateway.alarms.load import Flood, Load
from gateway.alarms.spans import Span
from gateway.instants import instant
from gateway.store.alarms import Alarm


class AlarmActor(msgspec.Struct, frozen=True):
    """A condition of a machine that raises often: how often, and its share of all raises."""

    machine_id: str
    mode: str
    raises: int
    share: float


class AlarmFlood(msgspec.Struct, frozen=True, kw_only=True):
    """More alarms than people can take in. `first_alarm_id` began it; look there for the cause."""

    begin: datetime
    end: datetime
    raises: int
    machines: int
    by_mode: dict[str, int]
    first_alarm_id: str
    first_machine_id: str
    first_mode: str


class AlarmLoad(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms shown to operators in [`from`, `to`); rates are per ten minutes and operator, against the EEMUA target.

    `windows` are the alarms of each ten minutes from `from` on, `above_target` the share of windows above the target.
    """

    from_: datetime = msgspec.field(name="from")
    to: datetime
    operators: int
    alarms: int
    mean: float
    peak: float
    target: float
    above_target: float
    windows: list[int]
    bad_actors: list[AlarmActor]
    floods: list[AlarmFlood]


def span_of(alarm: Alarm) -> Span:
    """The alarm as the rooms count it."""
    return Span(
        alarm_id=alarm.id,
        machine_id=alarm.machine_id,
        mode=alarm.mode,
        priority=alarm.priority,
        raised_us=alarm.raised_at,
        event_id=alarm.event_id,
        model_digest=alarm.model_digest,
        policy_digest=alarm.policy_digest,
        state=alarm.state,
        hidden_by=alarm.hidden_by,
        acknowledged_us=alarm.acknowledged_at,
        returned_us=alarm.returned_at,
        ended_us=alarm.ended_at,
    )


def load_view(load: Load) -> AlarmLoad:
    """The load with its times as people read them."""
    return AlarmLoad(
        from_=instant(load.from_us),
        to=instant(load.to_us),
        operators=load.operators,
        alarms=load.alarms,
        mean=load.mean,
        peak=load.peak,
        target=load.target,
        above_target=load.above_target,
        windows=load.windows,
        bad_actors=[AlarmActor(each.machine_id, each.mode, each.raises, each.share) for each in load.bad_actors],
        floods=[_flood(each) for each in load.floods],
    )


def _flood(flood: Flood) -> AlarmFlood:
    return AlarmFlood(
        begin=instant(flood.begin_us),
        end=instant(flood.end_us),
        raises=flood.raises,
        machines=flood.machines,
        by_mode=flood.by_mode,
        first_alarm_id=flood.first.alarm_id,
        first_machine_id=flood.first.machine_id,
        first_mode=flood.first.mode,
    )
