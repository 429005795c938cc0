"""How often alarms were right: verdicts in, precision with its interval, lead time, money and counts out."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from math import sqrt
from statistics import median
from typing import Literal, TypeVar

import msgspec

from gateway.alarms.policy import Costs

Finding = Literal["confirmed", "false", "not_found", "planned"]
# The two-sided 95 % quantile of the normal distribution.
Z_95 = 1.959963984540054

Key = TypeVar("Key", bound=Hashable)


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm with its verdict. `planned` work says nothing about the alarm and counts in no precision.

    `failed_us` is when the failure came or was found, where known; `cost` replaces the policy's price of a visit;
    `down_h` are hours the machine was down because of the visit.
    """

    mode: str
    machine_class: str
    version: str
    raised_us: int
    finding: Finding
    failed_us: int | None = None
    cost: float | None = None
    down_h: float = 0.0


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A failure that no alarm announced. `down_h` and `cost` replace what the policy assumes, where known."""

    mode: str
    machine_class: str
    version: str
    cost: float | None = None
    down_h: float | None = None


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """All alarms of a group with one finding, added up: how many, how many of them without a cost of their own.

    `cost` is the sum of the costs that are known, `down_h` that of the hours down.
    """

    finding: Finding
    count: int
    unpriced: int
    cost: float
    down_h: float


class Precision(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the judged alarms were real, with the 95 % Wilson interval [`low`, `high`]; None without any.

    `enough`: the judged reach the minimum of the policy.
    """

    real: int
    judged: int
    low: float | None
    high: float | None
    enough: bool
    sentence: str


class TrackRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the alarms of one group.

    `precision` is real / judged with its 95 % Wilson interval [`low`, `high`], all None without a judged alarm.
    `recall` is real / (real + missed), None without either. `lead_s` is the median from raise to failure of the real
    alarms that tell it, counted in `leads`. `net` is money in the policy's currency against having had no alarms;
    missed failures are left out because they cost the same either way. `enough`: the judged reach the minimum.
    """

    real: int
    judged: int
    planned: int
    missed: int
    precision: float | None
    low: float | None
    high: float | None
    recall: float | None
    lead_s: float | None
    leads: int
    net: float
    enough: bool
    sentence: str


def wilson(real: int, judged: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a share (E. B. Wilson, JASA 22, 1927). 0 <= real <= judged, judged >= 1."""
    share, square = real / judged, z * z
    centre = share + square / (2 * judged)
    spread = z * sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    scale = 1 + square / judged
    # Exact at the ends, where rounding would leave 1e-17.
    low = 0.0 if real == 0 else (centre - spread) / scale
    high = 1.0 if real == judged else (centre + spread) / scale
    return low, high


def precision_of(real: int, judged: int, min_verdicts: int) -> Precision:
    """The precision in words and numbers. 0 <= real <= judged."""
    low, high = wilson(real, judged) if judged else (None, None)
    enough = judged >= min_verdicts
    return Precision(
        real=real, judged=judged, low=low, high=high, enough=enough, sentence=_sentence(real, judged, enough)
    )


def track_record(alarms: Sequence[Judged], missed: Sequence[Missed], costs: Costs, min_verdicts: int) -> TrackRecord:
    """The record of one group of alarms and of the failures it missed."""
    leads = [
        (each.failed_us - each.raised_us) / 1e6
        for each in alarms
        if each.finding == "confirmed" and each.failed_us is not None
    ]
    return added_up([_alone(each) for each in alarms], len(missed), leads, costs, min_verdicts)


def added_up(
    findings: Sequence[Findings], missed: int, leads: Sequence[float], costs: Costs, min_verdicts: int
) -> TrackRecord:
    """The record of a group from its sums. `leads`: seconds from raise to failure of the real alarms that tell it."""
    judged = sum(each.count for each in findings if each.finding != "planned")
    real = sum(each.count for each in findings if each.finding == "confirmed")
    precision = precision_of(real, judged, min_verdicts)
    return TrackRecord(
        real=real,
        judged=judged,
        planned=sum(each.count for each in findings) - judged,
        missed=missed,
        precision=real / judged if judged else None,
        low=precision.low,
        high=precision.high,
        recall=real / (real + missed) if real + missed else None,
        lead_s=median(leads) if leads else None,
        leads=len(leads),
        net=sum(_net(each, costs) for each in findings),
        enough=precision.enough,
        sentence=precision.sentence,
    )


def track_records(
    alarms: Iterable[Judged],
    missed: Iterable[Missed],
    costs: Costs,
    min_verdicts: int,
    by: Callable[[Judged | Missed], Key],
) -> dict[Key, TrackRecord]:
    """The record of every group, for example `by` mode, machine class and version."""
    groups: dict[Key, tuple[list[Judged], list[Missed]]] = {}
    for alarm in alarms:
        groups.setdefault(by(alarm), ([], []))[0].append(alarm)
    for failure in missed:
        groups.setdefault(by(failure), ([], []))[1].append(failure)
    return {key: track_record(*group, costs, min_verdicts) for key, group in groups.items()}


def net_of(alarm: Judged, costs: Costs) -> float:
    """What one judged alarm was worth: the failure it spared, less the visit and the hours down. Planned work: 0."""
    return _net(_alone(alarm), costs)


def _alone(alarm: Judged) -> Findings:
    return Findings(
        finding=alarm.finding,
        count=1,
        unpriced=int(alarm.cost is None),
        cost=alarm.cost or 0.0,
        down_h=alarm.down_h,
    )


def _net(findings: Findings, costs: Costs) -> float:
    if findings.finding == "planned":
        return 0.0
    spent = findings.unpriced * costs.visit + findings.cost + findings.down_h * costs.hour_down
    return (findings.count * costs.unwarned_failure if findings.finding == "confirmed" else 0.0) - spent


def price_of(failure: Missed, costs: Costs) -> float:
    """What a failure without an alarm cost."""
    down_h = costs.miss_hours_down if failure.down_h is None else failure.down_h
    return (costs.miss if failure.cost is None else failure.cost) + down_h * costs.hour_down


def _sentence(real: int, judged: int, enough: bool) -> str:
    if not enough:
        return f"not enough verdicts yet ({judged})"
    low, high = wilson(real, judged)
    return f"{real} of {judged} were real ({low * 100:.0f}\N{EN DASH}{high * 100:.0f} %)"
