"""Bounded reordering by event time: readings of one machine in any order in, the same history out.

The watermark of a machine is its newest event time minus the window. What is newer waits; what the watermark has
passed is let through in order of event time and event id; what arrives at or behind the watermark is late and never
changes the history. So the history is the sorted sequence of everything that was not late, however it was batched.
"""

from bisect import bisect_left

import msgspec

from gateway.alarms.observation import Observation
from gateway.alarms.standing_policy import StandingPolicy


class Waiting(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Readings of one machine that wait for earlier ones, in order.

    `newest_us` is the newest event time so far, never later than the receipt of that reading; `watermark_us` is how
    far the history is settled. None before the first reading.
    """

    held: tuple[Observation, ...] = ()
    newest_us: int | None = None
    watermark_us: int | None = None


class Ordered(msgspec.Struct, frozen=True, gc=False):
    """`ready` continues the history, in order; `late` came behind the watermark; `repeated` is waiting already."""

    waiting: Waiting
    ready: tuple[Observation, ...]
    late: tuple[Observation, ...]
    repeated: tuple[Observation, ...]


def admit(waiting: Waiting, arrived: tuple[Observation, ...], policy: StandingPolicy) -> Ordered:
    """Take readings of one machine in order of arrival; how they are cut into calls changes nothing.

    A repetition of a reading that has already passed cannot be told from a late one and counts as late; the store,
    which knows every event id, drops it before.
    """
    held = list(waiting.held)
    newest, watermark = waiting.newest_us, waiting.watermark_us
    ready: list[Observation] = []
    late: list[Observation] = []
    repeated: list[Observation] = []
    for seen in arrived:
        if watermark is not None and seen.at_us <= watermark:
            late.append(seen)
            continue
        place = _place(held, seen)
        if place < len(held) and _key(held[place]) == _key(seen):
            repeated.append(seen)
            continue
        held.insert(place, seen)
        # No reading counts as newer than its receipt: one wild clock must not make all that follows late.
        reached = min(seen.at_us, seen.received_us)
        newest = reached if newest is None else max(newest, reached)
        watermark = newest - policy.window_us if watermark is None else max(watermark, newest - policy.window_us)
        if len(held) > policy.max_held:
            watermark = max(watermark, held[len(held) - policy.max_held - 1].at_us)
        if held[0].at_us <= watermark:
            passed = _passed(held, watermark)
            ready += held[:passed]
            del held[:passed]
    return Ordered(Waiting(tuple(held), newest, watermark), tuple(ready), tuple(late), tuple(repeated))


def settle(waiting: Waiting, now_us: int) -> Ordered:
    """Let everything through that was observed up to now, for a machine that has fallen silent.

    The caller decides when: a machine that has sent nothing for the window of its policy. The history stays the same
    as if the next reading had let them through; only readings that are later still become late.
    """
    passed = _passed(waiting.held, now_us)
    if passed == 0:
        return Ordered(waiting, (), (), ())
    reached = waiting.held[passed - 1].at_us
    newest = reached if waiting.newest_us is None else max(waiting.newest_us, reached)
    watermark = reached if waiting.watermark_us is None else max(waiting.watermark_us, reached)
    rest = Waiting(waiting.held[passed:], newest, watermark)
    return Ordered(rest, waiting.held[:passed], (), ())


def _key(seen: Observation) -> tuple[int, str]:
    return seen.at_us, seen.event_id


def _place(held: list[Observation], seen: Observation) -> int:
    # Nearly always the newest: compared once.
    if not held or _key(held[-1]) < _key(seen):
        return len(held)
    return bisect_left(held, _key(seen), key=_key)


def _passed(held: list[Observation] | tuple[Observation, ...], watermark_us: int) -> int:
    """How many of the held readings the watermark has passed; they are the first ones."""
    count = 0
    for seen in held:
        if seen.at_us > watermark_us:
            break
        count += 1
    return count
