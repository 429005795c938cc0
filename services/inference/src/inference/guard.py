"""Whether a judged reading lies inside what the model has seen. Pure.

Readings that must not be judged at all are refused before scoring, by `models.plausibility`; this guard flags the rest.
"""

from chassis.assessment import OutsideSignal
from models.profile import Profile


def outside(values: tuple[float, ...], profile: Profile) -> list[OutsideSignal]:
    """The signals whose value lies outside the training envelope, in profile order; empty when all are inside.

    `values` are in profile order and units, as in `Reading.values`.
    """
    return [
        OutsideSignal(signal.name, value, signal.envelope.low, signal.envelope.high)
        for signal, value in zip(profile.signals, values, strict=True)
        if not signal.envelope.low <= value <= signal.envelope.high
    ]
