"""Stored histories of many machines at once, for questions that are answered while somebody waits."""

from collections.abc import Sequence

from gateway.alarms.observation import Observation
from gateway.alarms.standing_policy import StandingPolicy
from gateway.alarms.tuning import Histories, MachineHistory
from gateway.instants import instant
from gateway.problems import RangeTooLong
from gateway.store import Store, alarm_history, alarm_lines
from gateway.store.alarm_history import Range
from gateway.store.assessments import TooManyRows


def lead_us(policy: StandingPolicy) -> int:
    """How long before its range a history begins, so that timers and chatter stand as they would have stood."""
    delays = [max(watch.on_delay_us, watch.off_delay_us) for watch in policy.watches]
    return max(policy.chatter_within_us, policy.chatter_hold_us, *delays)


def histories_of(
    store: Store, equipment: str, machines: Sequence[str] | None, within: Range, max_readings: int
) -> Histories:
    """The histories of the machines of an equipment in the range, as far as their alarms have come. In memory.

    Raises RangeTooLong when there are more than `max_readings` readings, StoreAway.
    """
    found: dict[str, MachineHistory] = {}
    left = max_readings
    for name, basis in alarm_lines.bases(store, equipment, machines).items():
        readings: list[Observation] = []
        try:
            for seen in alarm_history.readings(store, name, within):
                if basis.at_us is None or (seen.at_us, seen.event_id) > (basis.at_us, basis.event_id):
                    break
                if left == 0:
                    raise TooManyRows(seen.at_us)
                readings.append(seen)
                left -= 1
            actions = alarm_history.actions(store, name, within)
        except TooManyRows as error:
            reached = instant(error.reached_us).isoformat(timespec="seconds")
            raise RangeTooLong(
                f"more than {max_readings} readings; {name} was read up to {reached}. Ask for a shorter range, for "
                "fewer machines, or for a replay",
                code="too_many_readings",
            ) from error
        if readings or actions:
            found[name] = MachineHistory(readings, actions)
    return found
