"""What the doors look up about alarms that came before: how often those of the same kind were right."""

from collections.abc import Sequence

from gateway.alarm_verdict_views import AlarmPrecision, AlarmTrackRecord, precision_for, record_for
from gateway.alarms.policy import Policy, default_policy
from gateway.store import Store, alarm_policies, verdicts
from gateway.store.alarms import Alarm
from gateway.store.verdicts import Tally


def policy_of(store: Store, equipment: str) -> Policy | None:
    """The policy in force, stored or the one that ships."""
    stored = alarm_policies.newest(store, equipment)
    return stored.standing().policy if stored is not None else default_policy(equipment)


def track_record_of(store: Store, alarm: Alarm) -> AlarmTrackRecord | None:
    """The record that the alarm carries; None without a policy."""
    if (policy := policy_of(store, alarm.equipment)) is None:
        return None
    machine_class = verdicts.classes_of(store, [alarm.machine_id]).get(alarm.machine_id, "")
    standing = verdicts.standing(store, alarm.equipment, alarm.mode, machine_class)
    return record_for(standing, alarm.model_digest, policy.costs, policy.min_verdicts)


def precisions_of(store: Store, alarms: Sequence[Alarm]) -> dict[str, AlarmPrecision]:
    """The precision that each alarm of a page carries, by alarm; alarms without a policy are left out."""
    if not alarms:
        return {}
    classes = verdicts.classes_of(store, {alarm.machine_id for alarm in alarms})
    groups = {alarm.id: (alarm.equipment, alarm.mode, classes.get(alarm.machine_id, "")) for alarm in alarms}
    policies = {name: policy_of(store, name) for name in {alarm.equipment for alarm in alarms}}
    tallies: dict[tuple[str, str, str], list[Tally]] = {}
    for tally in verdicts.tallies(store, set(groups.values())):
        tallies.setdefault((tally.equipment, tally.mode, tally.machine_class), []).append(tally)
    return {
        alarm.id: precision_for(tallies.get(groups[alarm.id], []), alarm.model_digest, policy.min_verdicts)
        for alarm in alarms
        if (policy := policies[alarm.equipment]) is not None
    }
