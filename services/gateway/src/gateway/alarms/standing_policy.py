"""A policy as the state machine uses it: microseconds instead of seconds, limits worked out, the digest at hand."""

from dataclasses import dataclass

from gateway.alarms.policy import Condition, Policy, decode_policy, digest_of, encode_policy
from gateway.instants import SECOND_US


@dataclass(frozen=True, slots=True)
class Watch:
    """One condition, ready to be compared. Times in microseconds; scores in [0, 1].

    Below `clear_below` the condition has returned. `escalate_at` is above every score when nothing escalates.
    """

    mode: str
    by_rules: bool
    raise_at: float
    clear_below: float
    on_delay_us: int
    off_delay_us: int
    priority: int
    escalate_at: float
    escalated_priority: int


@dataclass(frozen=True, slots=True)
class StandingPolicy:
    """A policy in force. Made once per version with `standing`, then shared by every machine of the equipment."""

    policy: Policy
    digest: str
    watches: tuple[Watch, ...]
    by_mode: dict[str, Watch]
    gap_limit_us: int
    window_us: int
    max_held: int
    max_shelf_us: int
    chatter_raises: int
    chatter_within_us: int
    chatter_hold_us: int


def standing(policy: Policy) -> StandingPolicy:
    """The policy in force. Raises InvalidPolicy."""
    policy = decode_policy(encode_policy(policy))
    # Sorted, so that two spellings of one document give transitions in one order.
    watches = tuple(_watch(mode, policy.conditions[mode]) for mode in sorted(policy.conditions))
    return StandingPolicy(
        policy=policy,
        digest=digest_of(policy),
        watches=watches,
        by_mode={watch.mode: watch for watch in watches},
        gap_limit_us=_us(policy.gap_limit_s),
        window_us=_us(policy.reorder.window_s),
        max_held=policy.reorder.max_held,
        max_shelf_us=_us(policy.max_shelf_s),
        chatter_raises=policy.chatter.raises,
        chatter_within_us=_us(policy.chatter.within_s),
        chatter_hold_us=_us(policy.chatter.hold_s),
    )


def _watch(mode: str, condition: Condition) -> Watch:
    escalation = condition.escalation
    return Watch(
        mode=mode,
        by_rules=condition.source == "rules",
        raise_at=condition.raise_at,
        clear_below=condition.raise_at - condition.dead_band,
        on_delay_us=_us(condition.on_delay_s),
        off_delay_us=_us(condition.off_delay_s),
        priority=condition.priority,
        escalate_at=2.0 if escalation is None else escalation.at,
        escalated_priority=condition.priority if escalation is None else escalation.priority,
    )


def _us(seconds: float) -> int:
    return round(seconds * SECOND_US)
