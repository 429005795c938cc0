"""What to do about an alarm, from what its assessment carries: the physical cause, and the change that clears it."""

from typing import Literal

import msgspec

from chassis.assessment import Assessment, Reason, RuleResult

# A limit of zero has no relative distance.
_SMALLEST = 1e-9


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Bring `quantity` from `value` to the `side` of `limit`, by `by`; all in `unit`. `relative` is `by` / limit."""

    quantity: str
    unit: str
    value: float
    limit: float
    side: Literal["above", "below"]
    by: float
    relative: float


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """`playbook` names the text of the equipment's profile (`/api/schema/{equipment}`, `modes.{mode}.playbook`).

    `cause` is what added most to the failure probability, None when nothing did. `changes` undo the broken limits of
    the mode, nearest first; empty when the model alone raised the alarm.
    """

    mode: str
    playbook: str
    cause: Reason | None
    changes: list[Change]


def advice_for(mode: str, assessment: Assessment) -> Advice:
    """The advice for an alarm of this condition that this assessment raised."""
    fired = [rule for rule in assessment.rules if rule.fired and rule.mode == mode]
    raising = [reason for reason in assessment.reasons if reason.contribution > 0]
    return Advice(
        mode=mode,
        playbook=f"{assessment.equipment}/modes/{mode}/playbook",
        cause=max(raising, key=lambda reason: reason.contribution, default=None),
        changes=sorted((_change(rule) for rule in fired), key=lambda change: change.relative),
    )


def _change(rule: RuleResult) -> Change:
    by = abs(rule.value - rule.limit)
    return Change(
        quantity=rule.name,
        unit=rule.unit,
        value=rule.value,
        limit=rule.limit,
        side="below" if rule.bound == "above" else "above",
        by=by,
        relative=by / max(abs(rule.limit), _SMALLEST),
    )
