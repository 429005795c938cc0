"""Stretches of a machine's life, each with the highest threshold at which one condition would have raised in it."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from gateway.alarms.comparison import Failure, Terms
from gateway.alarms.machine_alarms import is_explained, score_of
from gateway.alarms.observation import Observation
from gateway.alarms.standing_policy import StandingPolicy, Watch
from gateway.alarms.thresholds import Episode

# The failure came without a reading before it: no threshold could have warned.
UNSEEN = -1.0


def episodes_of(
    history: Iterable[Observation], failures: Sequence[Failure], mode: str, policy: StandingPolicy, terms: Terms
) -> list[Episode]:
    """The episodes of one machine for the condition `mode`, which the policy watches.

    The stretch before each of `failures` (of this machine and mode) by the horizon is one that failed; what is left is
    cut by shift. `history` is in order of event time.
    """
    ends = sorted(failure.at_us for failure in failures)
    # Whether it failed, and its number: the highest threshold in it, and when.
    stretches = {(True, number): (UNSEEN, at_us) for number, at_us in enumerate(ends)}
    for at_us, score in _held(history, policy.by_mode[mode], policy):
        if not terms.from_us <= at_us < terms.to_us:
            continue
        number = bisect_left(ends, at_us)
        failed = number < len(ends) and ends[number] - at_us <= terms.horizon_us
        place = (failed, number if failed else at_us // terms.shift_us)
        if place not in stretches or score > stretches[place][0]:
            stretches[place] = (score, at_us)
    return [
        Episode(score, failed, at_us // terms.shift_us) for (failed, _), (score, at_us) in sorted(stretches.items())
    ]


def _held(history: Iterable[Observation], watch: Watch, policy: StandingPolicy) -> Iterator[tuple[int, float]]:
    """For each judged reading: the highest threshold that the score has been at or above for the whole on-delay.

    Time counts as in the state machine: between two judged readings that are no gap apart. 0 while too little of it
    has passed.
    """
    judged_us = clock_us = 0
    before = False
    # (number, clock, score) of readings in the window, and of those in it that are lower than all after them: the
    # front of `lowest` is the least of the window.
    window: deque[tuple[int, int, float]] = deque()
    lowest: deque[tuple[int, int, float]] = deque()
    for number, seen in enumerate(history):
        score = score_of(seen, watch, is_explained(seen, policy))
        if score is None:
            before = False
            continue
        if before and seen.at_us - judged_us <= policy.gap_limit_us:
            clock_us += seen.at_us - judged_us
        before, judged_us = True, seen.at_us
        window.append((number, clock_us, score))
        start_us = clock_us - watch.on_delay_us
        # The window begins at the newest reading that is a whole on-delay away.
        while len(window) > 1 and window[1][1] <= start_us:
            window.popleft()
        while lowest and lowest[-1][2] >= score:
            lowest.pop()
        lowest.append(window[-1])
        while lowest[0][0] < window[0][0]:
            lowest.popleft()
        yield seen.at_us, lowest[0][2] if window[0][1] <= start_us else 0.0
