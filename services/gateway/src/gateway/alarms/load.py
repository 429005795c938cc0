"""How much the operators are asked to bear: alarms per ten minutes against the EEMUA 191 target, bad actors, floods."""

from collections import Counter, deque
from collections.abc import Sequence

import msgspec

from gateway.alarms.spans import Span

TEN_MINUTES_US = 600_000_000
# EEMUA 191 and ISA-18.2: one per ten minutes and operator is acceptable; a flood begins above ten and ends below five.
TARGET = 1.0
FLOOD_ABOVE = 10
FLOOD_ENDS_BELOW = 5


class BadActor(msgspec.Struct, frozen=True):
    """A condition of a machine, how often it raised, and its share of all raises."""

    machine_id: str
    mode: str
    raises: int
    share: float


class Flood(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch with more alarms than people can take in. `first` began it; look there for the cause."""

    begin_us: int
    end_us: int
    raises: int
    first: Span
    by_mode: dict[str, int]
    machines: int


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Alarms shown to operators in [`from_us`, `to_us`). Rates are per ten minutes and operator.

    `above_target` is the share of ten-minute windows, counted from `from_us`, with more than `target` per operator.
    `windows` are the alarms of each of them, for all operators together.
    """

    from_us: int
    to_us: int
    operators: int
    alarms: int
    mean: float
    peak: float
    target: float
    above_target: float
    windows: list[int]
    bad_actors: list[BadActor]
    floods: list[Flood]


def load(spans: Sequence[Span], from_us: int, to_us: int, operators: int, top: int = 10) -> Load:
    """The load of a time range; alarms that an overlay hid burden nobody and are left out. `operators` >= 1."""
    shown = sorted(
        (span for span in spans if not span.hidden_by and from_us <= span.raised_us < to_us),
        key=lambda span: (span.raised_us, span.machine_id, span.mode),
    )
    windows = [0] * max(1, -(-(to_us - from_us) // TEN_MINUTES_US))
    for span in shown:
        windows[(span.raised_us - from_us) // TEN_MINUTES_US] += 1
    actors = Counter((span.machine_id, span.mode) for span in shown)
    ranked = sorted(actors.items(), key=lambda pair: (-pair[1], pair[0]))[:top]
    return Load(
        from_us=from_us,
        to_us=to_us,
        operators=operators,
        alarms=len(shown),
        mean=len(shown) * TEN_MINUTES_US / max(1, to_us - from_us) / operators,
        peak=max(windows) / operators,
        target=TARGET,
        above_target=sum(count / operators > TARGET for count in windows) / len(windows),
        windows=windows,
        bad_actors=[BadActor(*actor, raises, raises / len(shown)) for actor, raises in ranked],
        floods=_floods(shown, operators),
    )


def _floods(shown: Sequence[Span], operators: int) -> list[Flood]:
    """Alarms in order, looked at through a window of ten minutes that ends at each of them."""
    floods: list[Flood] = []
    window: deque[Span] = deque()
    members: list[Span] = []
    for span in shown:
        window.append(span)
        while window[0].raised_us <= span.raised_us - TEN_MINUTES_US:
            window.popleft()
        if members and len(window) < FLOOD_ENDS_BELOW * operators:
            floods.append(_flood(members))
            members = []
        elif members:
            members.append(span)
        elif len(window) > FLOOD_ABOVE * operators:
            members = list(window)
    return [*floods, _flood(members)] if members else floods


def _flood(members: list[Span]) -> Flood:
    return Flood(
        begin_us=members[0].raised_us,
        end_us=members[-1].raised_us,
        raises=len(members),
        first=members[0],
        by_mode=dict(sorted(Counter(span.mode for span in members).items())),
        machines=len({span.machine_id for span in members}),
    )
