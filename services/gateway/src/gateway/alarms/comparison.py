"""Two histories of the same machines and time: alarms gained, lost and moved, and what each history costs."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

import msgspec

from gateway.alarms.policy import Costs, Policy
from gateway.alarms.spans import Span, spans_of, visits_of
from gateway.alarms.transition import Transition
from gateway.instants import SECOND_US


class Failure(msgspec.Struct, frozen=True):
    """A failure that is known to have happened. An empty `mode` is a failure of unknown mode."""

    machine_id: str
    mode: str
    at_us: int


class Pair(msgspec.Struct, frozen=True):
    """One alarm in both histories. `later_s` is how much later the new one raised; negative is earlier."""

    old: Span
    new: Span
    later_s: float


class Bill(msgspec.Struct, frozen=True):
    """`money` = visits x visit + missed x (cost of a failure nobody was warned of). `busiest`: visits of one shift."""

    visits: int
    warned: int
    missed: int
    money: float
    busiest: int


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """On what terms two histories are compared. Alarms count when they raise in [`from_us`, `to_us`).

    A failure is warned of by an alarm that raised within `horizon_us` before it. Alarms that raise within
    `tolerance_us` of each other are the same one.
    """

    costs: Costs
    from_us: int
    to_us: int
    horizon_us: int
    shift_us: int
    tolerance_us: int


class Past(msgspec.Struct, frozen=True):
    """One history: its alarms, and the visits that they ask for."""

    spans: list[Span]
    visits: list[Span]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What changes from the old history to the new one. `moved` are pairs with another raise; `same` counts the rest.

    `lost_confirmed` are the ids of lost alarms that a verdict had confirmed.
    """

    same: int
    moved: list[Pair]
    gained: list[Span]
    lost: list[Span]
    lost_confirmed: list[str]
    old_bill: Bill
    new_bill: Bill

    @property
    def dearer(self) -> float:
        """How much more the new history costs; negative is a saving."""
        return self.new_bill.money - self.old_bill.money


def terms_of(policy: Policy, from_us: int, to_us: int) -> Terms:
    """The terms of a policy: its prices, its horizon, its shift, and its chatter as what is still one alarm."""
    return Terms(
        costs=policy.costs,
        from_us=from_us,
        to_us=to_us,
        horizon_us=round(policy.warning_horizon_s * SECOND_US),
        shift_us=round(policy.budget.shift_h * 3_600 * SECOND_US),
        tolerance_us=round(policy.chatter.within_s * SECOND_US),
    )


def past_of(transitions: Sequence[Transition], terms: Terms) -> Past:
    """The alarms and visits in a log."""
    return Past(spans_of(transitions), visits_of(transitions, terms.shift_us))


def compare(old: Past, new: Past, failures: Sequence[Failure], confirmed: Collection[str], terms: Terms) -> Difference:
    """The whole difference. Spans that were hidden at their raise count like the others: an overlay is no judgement.

    Alarms of one machine and condition are the same when they stand at one time or raise within the tolerance. A
    failure is warned of by an alarm of its machine that is of its mode, `failure` or `anomaly`.
    """
    pairs, lost, gained = _matched(old.spans, new.spans, terms.tolerance_us)

    def counts(span: Span) -> bool:
        return terms.from_us <= span.raised_us < terms.to_us

    pairs = [pair for pair in pairs if counts(pair.old) or counts(pair.new)]
    lost = [span for span in lost if counts(span)]
    moved = [pair for pair in pairs if pair.later_s != 0]
    return Difference(
        same=len(pairs) - len(moved),
        moved=moved,
        gained=[span for span in gained if counts(span)],
        lost=lost,
        lost_confirmed=[span.alarm_id for span in lost if span.alarm_id in confirmed],
        old_bill=bill(old.visits, failures, terms),
        new_bill=bill(new.visits, failures, terms),
    )


def compare_by_mode(
    old: Past, new: Past, failures: Sequence[Failure], confirmed: Collection[str], terms: Terms
) -> dict[str, Difference]:
    """One difference per condition. A failure counts for its own mode only: the bills do not add up to the whole."""
    modes = {each.mode for past in (old, new) for each in past.spans} | {each.mode for each in failures if each.mode}
    return {
        mode: compare(
            _of_mode(old, mode),
            _of_mode(new, mode),
            [failure for failure in failures if failure.mode == mode],
            confirmed,
            terms,
        )
        for mode in sorted(modes)
    }


def bill(visits: Sequence[Span], failures: Sequence[Failure], terms: Terms) -> Bill:
    """What these visits and the failures that nobody was warned of cost together."""
    by_machine: dict[str, list[Span]] = {}
    for span in visits:
        by_machine.setdefault(span.machine_id, []).append(span)
    known = [failure for failure in failures if terms.from_us <= failure.at_us < terms.to_us]
    warned = sum(
        any(_warns(span, failure, terms.horizon_us) for span in by_machine.get(failure.machine_id, ()))
        for failure in known
    )
    paid = [span for span in visits if terms.from_us <= span.raised_us < terms.to_us]
    missed = len(known) - warned
    money = len(paid) * terms.costs.visit + missed * terms.costs.unwarned_failure
    shifts = Counter(span.raised_us // terms.shift_us for span in paid)
    return Bill(len(paid), warned, missed, money, max(shifts.values(), default=0))


def _of_mode(past: Past, mode: str) -> Past:
    return Past([each for each in past.spans if each.mode == mode], [each for each in past.visits if each.mode == mode])


def _warns(span: Span, failure: Failure, horizon_us: int) -> bool:
    fits = span.mode in (failure.mode, "failure", "anomaly") or not failure.mode
    return fits and 0 <= failure.at_us - span.raised_us <= horizon_us


def _matched(old: Sequence[Span], new: Sequence[Span], tolerance_us: int) -> tuple[list[Pair], list[Span], list[Span]]:
    pairs, lost, gained = list[Pair](), list[Span](), list[Span]()
    ours, theirs = _by_slot(old), _by_slot(new)
    for slot in sorted(ours.keys() | theirs.keys()):
        first, second = ours.get(slot, []), theirs.get(slot, [])
        i = j = 0
        while i < len(first) and j < len(second):
            if _same(first[i], second[j], tolerance_us):
                pairs.append(Pair(first[i], second[j], (second[j].raised_us - first[i].raised_us) / 1e6))
                i, j = i + 1, j + 1
            elif first[i].raised_us < second[j].raised_us:
                lost.append(first[i])
                i += 1
            else:
                gained.append(second[j])
                j += 1
        lost += first[i:]
        gained += second[j:]
    return pairs, sorted(lost, key=_when), sorted(gained, key=_when)


def _when(span: Span) -> tuple[int, str, str]:
    return span.raised_us, span.machine_id, span.mode


def _by_slot(spans: Iterable[Span]) -> dict[tuple[str, str], list[Span]]:
    ordered = sorted(spans, key=lambda span: (span.machine_id, span.mode, span.raised_us))
    return {slot: list(group) for slot, group in groupby(ordered, key=lambda span: (span.machine_id, span.mode))}


def _same(old: Span, new: Span, tolerance_us: int) -> bool:
    if abs(old.raised_us - new.raised_us) <= tolerance_us:
        return True
    first, second = (old, new) if old.raised_us <= new.raised_us else (new, old)
    # An alarm that waits for its acknowledgement no longer stands.
    until_us = first.ended_us if first.returned_us is None else first.returned_us
    return until_us is None or second.raised_us <= until_us
