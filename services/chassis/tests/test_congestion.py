"""What may be on its way follows the path: simulated ones, narrow, wide, and changing, each under a flood."""

from collections import deque
from dataclasses import dataclass, field

import pytest

from chassis.event_log import LogFull
from chassis.kafka_log.congestion import TARGET_S, CongestionWindow

_CALL = 30_000
_MAX = 16 * 2**20


@dataclass
class Path:
    """A way to the brokers: `per_s` bytes/s one after the other, each `delay_s` on its way; time is simulated."""

    per_s: float
    delay_s: float = 0.005
    window: CongestionWindow = field(default_factory=lambda: CongestionWindow(_MAX, 0.5))
    now: float = 0.0
    free_at: float = 0.0
    under_way: deque[tuple[float, float, tuple[int, bool]]] = field(default_factory=deque)
    took: list[float] = field(default_factory=list)

    def flood(self, seconds: float, offered_per_s: float) -> float:
        """Offer publish calls whatever the answers are; bytes/s that arrived. `took` has the seconds of each."""
        begun, before = self.now, len(self.took)
        while self.now < begun + seconds:
            self.arrive()
            try:
                self.window.check(_CALL)
            except LogFull:
                pass
            else:
                self.free_at = max(self.now, self.free_at) + _CALL / self.per_s
                self.under_way.append((self.now, self.free_at + self.delay_s, self.window.begin(_CALL)))
            self.now += _CALL / offered_per_s
        return (len(self.took) - before) * _CALL / seconds

    def arrive(self) -> None:
        while self.under_way and self.under_way[0][1] <= self.now:
            taken_at, arrives_at, begun = self.under_way.popleft()
            self.window.end(_CALL)
            self.window.acknowledged(_CALL, begun, arrives_at - taken_at)
            self.took.append(arrives_at - taken_at)


def _slowest_percent(took: list[float]) -> float:
    return sorted(took)[len(took) * 99 // 100]


@pytest.mark.parametrize("per_s", [200e3, 1e6, 20e6])
def test_a_flood_fills_the_path_and_what_is_taken_arrives_soon(per_s: float) -> None:
    path = Path(per_s)
    path.flood(10, offered_per_s=10 * per_s)
    learnt = len(path.took)
    goodput = path.flood(30, offered_per_s=10 * per_s)
    assert goodput >= 0.95 * per_s
    assert _slowest_percent(path.took[learnt:]) <= 1.5 * TARGET_S


def test_a_path_that_becomes_narrow_is_noticed_while_its_queue_is_short() -> None:
    path = Path(20e6)
    path.flood(5, offered_per_s=10e6)
    path.per_s = 300e3
    path.flood(20, offered_per_s=3e6)
    learnt = len(path.took)
    assert path.flood(20, offered_per_s=3e6) >= 0.95 * 300e3
    assert _slowest_percent(path.took[learnt:]) <= 1.5 * TARGET_S


def test_a_path_that_becomes_wide_again_is_used_within_seconds() -> None:
    path = Path(300e3)
    path.flood(20, offered_per_s=3e6)
    path.per_s = 20e6
    path.flood(3, offered_per_s=25e6)
    assert path.flood(5, offered_per_s=25e6) >= 0.9 * 20e6


def test_a_light_load_teaches_nothing_about_the_limit() -> None:
    path = Path(20e6)
    path.flood(60, offered_per_s=100e3)
    assert path.window.limit_bytes == CongestionWindow(_MAX, 0.5).limit_bytes


def test_an_empty_path_takes_a_call_of_any_size() -> None:
    path = Path(200e3)
    path.flood(20, offered_per_s=2e6)
    path.now += 60
    path.arrive()
    path.window.check(_MAX)
    path.window.begin(_MAX)
    with pytest.raises(LogFull):
        path.window.check(1)


def test_a_stall_is_forgotten_once_the_path_answers_again() -> None:
    path = Path(5e6)
    path.flood(5, offered_per_s=50e6)
    path.free_at = path.now + 4
    path.flood(4, offered_per_s=50e6)
    path.flood(3, offered_per_s=50e6)
    assert path.flood(5, offered_per_s=50e6) >= 0.9 * 5e6


def test_a_long_way_is_no_queue() -> None:
    path = Path(1e6, delay_s=1.0)
    path.flood(10, offered_per_s=10e6)
    assert path.flood(30, offered_per_s=10e6) >= 0.9 * 1e6
