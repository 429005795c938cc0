"""What the doors take and answer about alarm policies."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from gateway.alarms.policy import Budget, Policy
from gateway.alarms.thresholds import Point
from gateway.difference_views import HistoryBill, HistoryDifference, ModeDifference
from gateway.instants import instant
from gateway.store.alarm_policies import PolicyVersion

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Basis = Literal["validated_history", "training_evaluation", "none"]


class PolicyItem(msgspec.Struct, frozen=True, kw_only=True):
    """A stored version. Version 0 is a policy that ships and has not been needed yet."""

    equipment: str
    version: int
    digest: str
    author: str
    reason: str
    made_at: datetime | None


class PolicyList(msgspec.Struct, frozen=True):
    """The policies in force, by equipment."""

    policies: list[PolicyItem]


class PolicyVersions(msgspec.Struct, frozen=True):
    """The versions of a policy, the newest first; that one is in force."""

    versions: list[PolicyItem]


class PolicyDetail(PolicyItem, frozen=True, kw_only=True):
    """A version with its document."""

    policy: Policy


class PolicyChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version: the whole document, and why. `actor` unless the header says it."""

    policy: Policy
    reason: Annotated[str, msgspec.Meta(max_length=2_000)]
    actor: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class PolicyPreviewRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft and the history to try it on: event time [`from`, `to`), default the last hour; default all machines."""

    policy: Policy
    from_: Instant | None = msgspec.field(default=None, name="from")
    to: Instant | None = None
    machines: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=1_000)] | None = None


class PolicyPreview(msgspec.Struct, frozen=True, kw_only=True):
    """The draft against the policy in force on the same stored readings, both at the draft's prices.

    `failures` are those that verdicts and outcomes tell of: without any, bills are visits only. `within_budget`: no
    shift of the range has more visits than the draft's budget. `log_hash` is that of the transitions under the draft.
    """

    equipment: str
    digest: str
    in_force: int
    from_: datetime = msgspec.field(name="from")
    to: datetime
    machines: int
    readings: int
    failures: int
    currency: str
    budget: Budget
    within_budget: bool
    difference: HistoryDifference
    modes: list[ModeDifference]
    transitions: int
    log_hash: str


class ThresholdChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What every threshold of one condition would have cost, and the cheapest one within the alarm budget.

    `basis` says where the numbers come from: verdicts and outcomes on the stored readings of [`from`, `to`); or the
    training evaluation of the model, where a row stands for one machine and one shift; or nothing yet. Thresholds above
    1 mean "no alarm". `old_bill` and `new_bill` are those of the history run with the present and the chosen threshold,
    all conditions together; null without a history. `proposal` is the policy with the chosen threshold.
    """

    equipment: str
    mode: str
    basis: Basis
    model: str | None
    from_: datetime | None = msgspec.field(name="from")
    to: datetime | None
    episodes: int
    failures: int
    currency: str
    budget: Budget
    present: Point | None
    chosen: Point | None
    curve: list[Point]
    old_bill: HistoryBill | None
    new_bill: HistoryBill | None
    proposal: Policy | None


POLICY_STRUCTS = [
    PolicyList,
    PolicyVersions,
    PolicyDetail,
    PolicyChange,
    PolicyPreviewRequest,
    PolicyPreview,
    ThresholdChoice,
]


def policy_item(stored: PolicyVersion) -> PolicyItem:
    """The version at a glance."""
    return PolicyItem(
        equipment=stored.equipment,
        version=stored.version,
        digest=stored.digest,
        author=stored.author,
        reason=stored.reason,
        made_at=instant(stored.made_at) if stored.version else None,
    )


def policy_detail(stored: PolicyVersion) -> PolicyDetail:
    """The version with its document."""
    return PolicyDetail(
        equipment=stored.equipment,
        version=stored.version,
        digest=stored.digest,
        author=stored.author,
        reason=stored.reason,
        made_at=instant(stored.made_at) if stored.version else None,
        policy=stored.standing().policy,
    )
