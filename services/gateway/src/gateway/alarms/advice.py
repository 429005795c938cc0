"""What to do about an alarm, from what its assessment carries: playbook, physical cause, change that clears it."""

from typing import Literal

import msgspec

from chassis.assessment import Assessment, Reason, RuleResult, SignalChange

# A limit of zero has no relative distance.
_SMALLEST = 1e-9


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Bring `quantity` from `value` to the `side` of `limit`, by `by`; all in `unit`. `relative` is `by` / limit.

    With `failure_probability` it is a signal that can be turned alone, and that is what the model then says. Without,
    it is the quantity of a published limit.
    """

    quantity: str
    unit: str
    value: float
    limit: float
    side: Literal["above", "below"]
    by: float
    relative: float
    failure_probability: float | None = None


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """`playbook` names the text of the equipment's profile (`/api/schema/{equipment}`, `modes.{mode}.playbook`).

    `check` and `act` are that text, as the assessment carries it; empty when it carries none. `cause` is what added
    most to the failure probability, None when nothing did. `changes` would clear the mode, the nearest first: signals
    where the model has confirmed it, else the limits of the mode that are broken.
    """

    mode: str
    playbook: str
    check: list[str]
    act: list[str]
    cause: Reason | None
    changes: list[Change]


def advice_for(mode: str, assessment: Assessment) -> Advice:
    """The advice for an alarm of this condition that this assessment raised."""
    raising = [reason for reason in assessment.reasons if reason.contribution > 0]
    remedies = assessment.remedies if isinstance(assessment.remedies, list) else []
    remedy = next((each for each in remedies if each.mode == mode), None)
    fired = [rule for rule in assessment.rules if rule.fired and rule.mode == mode]
    return Advice(
        mode=mode,
        playbook=f"{assessment.equipment}/modes/{mode}/playbook",
        check=list(remedy.check) if remedy is not None else [],
        act=list(remedy.act) if remedy is not None else [],
        cause=max(raising, key=lambda reason: reason.contribution, default=None),
        changes=[_turned(each) for each in remedy.changes]
        if remedy is not None and remedy.changes
        else sorted((_broken(rule) for rule in fired), key=lambda change: change.relative),
    )


def _turned(change: SignalChange) -> Change:
    return Change(
        quantity=change.signal,
        unit=change.unit,
        value=change.value,
        limit=change.limit,
        side=change.side,
        by=abs(change.value - change.limit),
        relative=_relative(change.value, change.limit),
        failure_probability=change.failure_probability,
    )


def _broken(rule: RuleResult) -> Change:
    return Change(
        quantity=rule.name,
        unit=rule.unit,
        value=rule.value,
        limit=rule.limit,
        side="below" if rule.bound == "above" else "above",
        by=abs(rule.value - rule.limit),
        relative=_relative(rule.value, rule.limit),
    )


def _relative(value: float, limit: float) -> float:
    return abs(value - limit) / max(abs(limit), _SMALLEST)
