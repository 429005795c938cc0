"""The state of a machine: a pure function of its newest reading, its newest refusal, and the time.

All clocks are event time: what counts is when the machine observed, not when the message arrived. A machine whose
history was imported today is offline, because nothing is known about it now; one whose clock is slow looks stale, and
data health names the skew.
"""

from dataclasses import dataclass
from enum import IntEnum

from gateway.instants import SECOND_US


class State(IntEnum):
    """Codes as on the live stream; `.label` is the word that every other answer uses."""

    LIVE = 0
    STALE = 1
    OFFLINE = 2
    NEVER_SEEN = 3
    CANNOT_JUDGE = 4

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence until a machine is stale, and until it is offline."""

    stale_after_s: float
    offline_after_s: float

    @property
    def stale_after_us(self) -> int:
        return round(self.stale_after_s * SECOND_US)

    @property
    def offline_after_us(self) -> int:
        return round(self.offline_after_s * SECOND_US)


def state_of(observed_at_us: int | None, refused_at_us: int | None, now_us: int, patience: Patience) -> State:
    """The state at `now_us`.

    `observed_at_us`: when the newest judged reading was observed; `refused_at_us`: when the newest reading that could
    not be judged was. The newer of the two decides, so the order in which the two topics arrive changes nothing.
    A refusal as old as the offline limit no longer says anything about the machine: it is offline.
    """
    heard = [at for at in (observed_at_us, refused_at_us) if at is not None]
    if not heard:
        return State.NEVER_SEEN
    silence_us = now_us - max(heard)
    if silence_us > patience.offline_after_us:
        return State.OFFLINE
    if is_refused(observed_at_us, refused_at_us):
        return State.CANNOT_JUDGE
    return State.STALE if silence_us > patience.stale_after_us else State.LIVE


def is_refused(observed_at_us: int | None, refused_at_us: int | None) -> bool:
    """The newest thing the machine said could not be judged."""
    return refused_at_us is not None and (observed_at_us is None or refused_at_us > observed_at_us)
