"""Which days are kept: a pure room, in event time and whole UTC days."""

from dataclasses import dataclass

from gateway.instants import SECOND_US

DAY_US = 86_400 * SECOND_US
# The wall clocks of the gateway's replicas may differ: what one still takes, no other has dropped already.
_GRACE_DAYS = 1
_AHEAD_DAYS = 2


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days assessments and dead letters are kept, counted back from the beginning of today."""

    days: int
    dead_letter_days: int = 90

    def oldest_us(self, now_us: int) -> int:
        """What was observed before this is not stored any more."""
        return (now_us // DAY_US - self.days) * DAY_US

    def too_new_us(self, now_us: int) -> int:
        """What was observed at or after this is not stored: no clock is that wrong, and no partition is made for it."""
        return (now_us // DAY_US + _AHEAD_DAYS) * DAY_US

    def dropped_us(self, now_us: int) -> int:
        """What was observed before this may be dropped: a day after it stopped being taken."""
        return self.oldest_us(now_us) - _GRACE_DAYS * DAY_US

    def dead_letters_us(self, now_us: int) -> int:
        """Dead letters refused before this are neither stored nor kept."""
        return now_us - self.dead_letter_days * DAY_US

    def takes(self, observed_at_us: int, now_us: int) -> bool:
        """Whether an assessment of this event time is stored."""
        return self.oldest_us(now_us) <= observed_at_us < self.too_new_us(now_us)
