"""Short scenes for the alarm rooms: a small policy, readings by second, and random streams."""

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.alarms.line import Line, new_line, take
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import Observation
from gateway.alarms.policy import Chatter, Condition, Escalation, Policy, Reorder, default_policy
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.alarms.transition import Transition

S = 1_000_000
MACHINE = "M1"
MODES = ("anomaly", "failure", "HDF", "PWF")


def policy(**fields: Any) -> Policy:
    """HDF: 10 s on, 20 s off; PWF at once and priority 1, rising never; failure escalates; gaps from 30 s on."""
    shipped = default_policy("milling")
    assert shipped is not None
    small: dict[str, Any] = {
        "conditions": {
            "HDF": Condition(raise_at=0.5, dead_band=0.1, on_delay_s=10, off_delay_s=20, priority=2),
            "PWF": Condition(raise_at=0.5, dead_band=0.0, on_delay_s=0, off_delay_s=0, priority=1),
            "failure": Condition(
                raise_at=0.4, dead_band=0.1, on_delay_s=0, off_delay_s=5, priority=3, escalation=Escalation(0.9, 1)
            ),
            "anomaly": Condition(raise_at=0.6, dead_band=0.2, on_delay_s=5, off_delay_s=5, priority=3),
        },
        "chatter": Chatter(raises=3, within_s=60, hold_s=40),
        "reorder": Reorder(window_s=10, max_held=1000),
        "gap_limit_s": 30.0,
        "max_shelf_s": 3600.0,
    }
    return replace(shipped, **small | fields)


POLICY = standing(policy())


def seen(second: float, judged: bool = True, event_id: str = "", **scores: float) -> Observation:
    """A reading of that second; scores that are not named are 0."""
    at_us = round(second * S)
    every = dict.fromkeys(MODES, 0.0) | scores if judged else {}
    return Observation(at_us, event_id or f"e{second:g}", at_us, judged, every, model_digest="sha256:00")


def play(stream: list[Observation], standing_policy: StandingPolicy = POLICY) -> tuple[MachineAlarms, list[Transition]]:
    """A stream in its order through the state machine alone."""
    alarms, transitions = MachineAlarms(MACHINE), list[Transition]()
    for each in stream:
        alarms, found = observe(alarms, each, standing_policy)
        transitions += found
    return alarms, transitions


def kinds(transitions: list[Transition]) -> list[tuple[str, str, float]]:
    """What happened, to what, at which second."""
    return [(each.kind, each.mode, each.at_us / S) for each in transitions]


def arrive(
    stream: list[Observation], cuts: list[int], standing_policy: StandingPolicy = POLICY
) -> tuple[Line, list[Transition], int]:
    """A stream in its order of arrival through a whole line, cut into batches; also how many came late."""
    line, transitions, late = new_line(MACHINE), list[Transition](), 0
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        moved = take(line, tuple(stream[start:end]), standing_policy)
        line, late = moved.line, late + len(moved.late)
        transitions += moved.transitions
    return line, transitions, late


_levels = st.sampled_from([0.0, 0.2, 0.35, 0.45, 0.5, 0.65, 0.95])
_gaps = st.sampled_from([0.5, 1, 1, 1, 5, 29, 30, 30.000001, 31, 100])


@st.composite
def streams(draw: st.DrawFn, min_size: int = 0, max_size: int = 60) -> list[Observation]:
    """Readings in order of event time: levels that stay for a while, gaps, and readings that cannot be judged."""
    stream: list[Observation] = []
    second = 1_000.0
    scores: dict[str, float] = {}
    for number in range(draw(st.integers(min_size, max_size))):
        second += draw(_gaps)
        if draw(st.integers(0, 3)) == 0:
            scores = {mode: draw(_levels) for mode in MODES if draw(st.booleans())}
        stream.append(seen(second, judged=draw(st.integers(0, 7)) > 0, event_id=f"e{number}", **scores))
    return stream
