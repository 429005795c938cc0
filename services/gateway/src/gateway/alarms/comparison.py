"""Two histories of the same machines and time: alarms gained, lost and moved, and what each history costs."""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

import msgspec

from gateway.alarms.policy import Costs
from gateway.alarms.spans import Span


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
    """`money` = alarms x visit + missed x (cost of a failure nobody was warned of)."""

    alarms: int
    warned: int
    missed: int
    money: float


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


def compare(
    old: Sequence[Span],
    new: Sequence[Span],
    failures: Sequence[Failure],
    confirmed: Collection[str],
    costs: Costs,
    horizon_us: int,
    tolerance_us: int,
) -> Difference:
    """The whole difference. Spans that were hidden at their raise count like the others: an overlay is no judgement.

    Alarms of one machine and condition are the same when they stand at one time or raise within `tolerance_us`. A
    failure is warned of by an alarm of its machine (of its mode, `failure` or `anomaly`) that raised within
    `horizon_us` before it.
    """
    pairs, lost, gained = _matched(old, new, tolerance_us)
    moved = [pair for pair in pairs if pair.later_s != 0]
    return Difference(
        same=len(pairs) - len(moved),
        moved=moved,
        gained=gained,
        lost=lost,
        lost_confirmed=[span.alarm_id for span in lost if span.alarm_id in confirmed],
        old_bill=bill(old, failures, costs, horizon_us),
        new_bill=bill(new, failures, costs, horizon_us),
    )


def compare_by_mode(
    old: Sequence[Span],
    new: Sequence[Span],
    failures: Sequence[Failure],
    confirmed: Collection[str],
    costs: Costs,
    horizon_us: int,
    tolerance_us: int,
) -> dict[str, Difference]:
    """One difference per condition. A failure counts for its own mode only: the bills do not add up to the whole."""
    modes = sorted({each.mode for each in [*old, *new]} | {each.mode for each in failures if each.mode})
    return {
        mode: compare(
            [span for span in old if span.mode == mode],
            [span for span in new if span.mode == mode],
            [failure for failure in failures if failure.mode == mode],
            confirmed,
            costs,
            horizon_us,
            tolerance_us,
        )
        for mode in modes
    }


def bill(spans: Sequence[Span], failures: Sequence[Failure], costs: Costs, horizon_us: int) -> Bill:
    """What these alarms and the failures they did not announce cost together."""
    by_machine: dict[str, list[Span]] = {}
    for span in spans:
        by_machine.setdefault(span.machine_id, []).append(span)
    warned = sum(
        any(_warns(span, failure, horizon_us) for span in by_machine.get(failure.machine_id, ()))
        for failure in failures
    )
    missed = len(failures) - warned
    return Bill(len(spans), warned, missed, len(spans) * costs.visit + missed * costs.unwarned_failure)


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
