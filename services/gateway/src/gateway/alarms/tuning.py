"""A draft policy on a stored history before it is in force, and the threshold that history asks for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from gateway.alarms.comparison import Bill, Failure, Past, Terms, bill, past_of
from gateway.alarms.episodes import episodes_of
from gateway.alarms.line import new_line
from gateway.alarms.observation import ANOMALY, FAILURE, Observation
from gateway.alarms.policy import Policy
from gateway.alarms.replay import RecordedAction
from gateway.alarms.replay import replay as replayed
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.alarms.thresholds import NEVER, Choice, choose
from gateway.alarms.transition import Transition

# Points of the curve that are run through the state machine.
_TRIES = 15


@dataclass(frozen=True, slots=True)
class MachineHistory:
    """What happened to one machine: readings in order, and what people did."""

    readings: Sequence[Observation]
    actions: Sequence[RecordedAction]


Histories = Mapping[str, MachineHistory]


@dataclass(frozen=True, slots=True)
class Tuning:
    """The choice for one condition, the policy that has it, and both bills of the whole history, by state machine."""

    choice: Choice
    proposal: Policy
    old_bill: Bill
    new_bill: Bill


def run(histories: Histories, policy: StandingPolicy) -> list[Transition]:
    """The transitions of all machines under this policy."""
    found: list[Transition] = []
    for machine_id in sorted(histories):
        history = histories[machine_id]
        found += replayed(new_line(machine_id), history.readings, history.actions, policy).transitions
    return found


def tune(histories: Histories, policy: StandingPolicy, mode: str, failures: Sequence[Failure], terms: Terms) -> Tuning:
    """The cheapest threshold of the condition `mode` that keeps every shift within the budget.

    The curve counts episodes. Its cheapest points, the present one and "never" are then run through the state machine,
    together with the other conditions; what that costs decides, and of equals the highest threshold.
    """
    before = past_of(run(histories, policy), terms)
    others = Counter(span.raised_us // terms.shift_us for span in before.visits if span.mode != mode)
    episodes = []
    for machine_id, history in sorted(histories.items()):
        known = [each for each in failures if each.machine_id == machine_id and _concerns(each, mode)]
        episodes += episodes_of(history.readings, _within(known, terms), mode, policy, terms)
    budget = policy.policy.budget.alarms_per_shift
    choice = choose(episodes, terms.costs, budget, policy.by_mode[mode].raise_at, others)
    promising = sorted(choice.curve, key=lambda point: (not point.within_budget, point.bill, -point.threshold))
    never = choice.curve[0]
    best: tuple[float, float] | None = None
    chosen, proposal, after = never, policy.policy, before
    for point in [*promising[:_TRIES], choice.present, never]:
        draft = with_threshold(policy.policy, mode, point.threshold)
        past = past_of(run(histories, standing(draft)), terms)
        price = (bill(past.visits, failures, terms).money, -point.threshold)
        if (point is never or _keeps(past, mode, budget, terms)) and (best is None or price < best):
            best, chosen, proposal, after = price, point, draft, past
    return Tuning(
        replace(choice, chosen=chosen),
        proposal,
        bill(before.visits, failures, terms),
        bill(after.visits, failures, terms),
    )


def with_threshold(policy: Policy, mode: str, threshold: float) -> Policy:
    """The policy with this threshold for the condition; dead band and escalation give way as far as they must.

    `NEVER` leaves the condition out, unless it is the only one: that one then asks for certainty.
    """
    conditions = dict(policy.conditions)
    old = conditions.pop(mode)
    if threshold == NEVER and not conditions:
        threshold = 1.0
    if threshold != NEVER:
        escalation = old.escalation
        if escalation is not None and escalation.at < threshold:
            escalation = replace(escalation, at=threshold)
        conditions[mode] = replace(
            old, raise_at=threshold, dead_band=min(old.dead_band, threshold / 2), escalation=escalation
        )
    return replace(policy, conditions=conditions)


def _concerns(failure: Failure, mode: str) -> bool:
    """`failure` and `anomaly` announce failures of every mode."""
    return failure.mode in ("", mode) or mode in (FAILURE, ANOMALY)


def _within(failures: Sequence[Failure], terms: Terms) -> list[Failure]:
    return [each for each in failures if terms.from_us <= each.at_us < terms.to_us]


def _keeps(past: Past, mode: str, budget: int, terms: Terms) -> bool:
    """No shift in which this condition has an alarm is above the budget."""
    paid = [span for span in past.visits if terms.from_us <= span.raised_us < terms.to_us]
    every = Counter(span.raised_us // terms.shift_us for span in paid)
    return all(every[span.raised_us // terms.shift_us] <= budget for span in paid if span.mode == mode)
