"""What the doors answer about two histories of the same machines and time, and what each of them costs."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.alarms.comparison import Bill, Difference, Pair
from gateway.alarms.spans import Span
from gateway.instants import instant

MOST = 500


class HistoryBill(msgspec.Struct, frozen=True, kw_only=True):
    """What a history costs: `money` = visits x price of a visit + missed x price of a failure nobody was warned of.

    A visit is a machine, a condition and a shift with a raise. `busiest` is the most visits that one shift had.
    """

    visits: int
    warned: int
    missed: int
    money: float
    busiest: int


class HistoryAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm of one of the two histories. Only those of the live history can be looked up by their id."""

    alarm_id: str
    machine_id: str
    mode: str
    priority: int
    raised_at: datetime
    event_id: str
    confirmed: bool


class MovedAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm that both have, `later_s` seconds later in the new one; negative is earlier."""

    old: HistoryAlarm
    new: HistoryAlarm
    later_s: float


class HistoryDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What changes from the old history to the new one: counts of all, and up to 500 alarms of each kind in order.

    `same` are alarms that raise at the same instant in both. `lost_confirmed` counts the lost alarms that a verdict
    had confirmed. `dearer` is how much more the new one costs; negative is a saving.
    """

    same: int
    moved: int
    gained: int
    lost: int
    lost_confirmed: int
    old_bill: HistoryBill
    new_bill: HistoryBill
    dearer: float
    gained_alarms: list[HistoryAlarm]
    lost_alarms: list[HistoryAlarm]
    moved_alarms: list[MovedAlarm]


class ModeDifference(msgspec.Struct, frozen=True, kw_only=True):
    """The same of one condition, without the alarms. A failure counts for its own mode: bills do not add up."""

    mode: str
    same: int
    moved: int
    gained: int
    lost: int
    lost_confirmed: int
    old_bill: HistoryBill
    new_bill: HistoryBill
    dearer: float


def difference_view(found: Difference, confirmed: frozenset[str]) -> HistoryDifference:
    """The difference for people. `confirmed` are the ids of the live alarms that a verdict has confirmed."""

    def alarm(span: Span) -> HistoryAlarm:
        return HistoryAlarm(
            alarm_id=span.alarm_id,
            machine_id=span.machine_id,
            mode=span.mode,
            priority=span.priority,
            raised_at=instant(span.raised_us),
            event_id=span.event_id,
            confirmed=span.alarm_id in confirmed,
        )

    def moved(pair: Pair) -> MovedAlarm:
        return MovedAlarm(old=alarm(pair.old), new=alarm(pair.new), later_s=pair.later_s)

    return HistoryDifference(
        **_counts(found),
        gained_alarms=[alarm(span) for span in found.gained[:MOST]],
        lost_alarms=[alarm(span) for span in found.lost[:MOST]],
        moved_alarms=[moved(pair) for pair in found.moved[:MOST]],
    )


def mode_views(found: dict[str, Difference]) -> list[ModeDifference]:
    """The differences by condition, in the order of their names."""
    return [ModeDifference(mode=mode, **_counts(found[mode])) for mode in sorted(found)]


def bill_view(bill: Bill) -> HistoryBill:
    """The bill as the doors answer it."""
    return HistoryBill(
        visits=bill.visits, warned=bill.warned, missed=bill.missed, money=bill.money, busiest=bill.busiest
    )


def _counts(found: Difference) -> dict[str, Any]:
    return {
        "same": found.same,
        "moved": len(found.moved),
        "gained": len(found.gained),
        "lost": len(found.lost),
        "lost_confirmed": len(found.lost_confirmed),
        "old_bill": bill_view(found.old_bill),
        "new_bill": bill_view(found.new_bill),
        "dearer": found.dearer,
    }
