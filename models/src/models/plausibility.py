"""Can this reading be judged at all? Impossible values are refused, with the unit they were probably sent in."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.equipment import Profile, Signal, UnitHint
from models.features import Floats
from models.reading import Reading
from models.refusal import FieldIssue, Refusal, refusal_for


def judge(reading: Reading, profile: Profile) -> Refusal | None:
    """None if every value is plausible, else a refusal that lists every bad signal.

    The code is `wrong_unit_suspected` as soon as one value would fit in another unit (29 °C for 302.15 K), otherwise
    `out_of_range` (or `unknown_product_type`).
    """
    issues = [
        _issue(signal, value)
        for signal, value in zip(profile.signals, reading.values, strict=True)
        if not signal.plausible.holds(value)
    ]
    if not issues:
        issues = _misordered(reading, profile)
    if reading.product_type not in profile.types:
        detail = f"Unknown product type; known: {', '.join(profile.types)}."
        issues.append(FieldIssue("/product_type", detail, "unknown_product_type"))
    return refusal_for(issues, reading.machine_id) if issues else None


def implausible_mask(values: Floats, profile: Profile) -> NDArray[np.bool_]:
    """(n,) whether `judge` would refuse a row of `values` (n, S) for its numbers: a cheap look at a whole batch."""
    low, high = _limits(profile)
    mask = np.asarray(((values < low) | (values > high)).any(axis=1))
    for signal, lower in _orders(profile):
        mask |= values[:, signal] < values[:, lower]
    return mask


def _issue(signal: Signal, value: float) -> FieldIssue:
    unit, (low, high) = signal.unit, signal.plausible
    fact = f"{signal.name} {value:g} {unit} is outside {low:g} to {high:g} {unit}"
    pointer = f"/{signal.name}"
    hint = _likely_unit(signal, value)
    if hint is None:
        return FieldIssue(pointer, f"{fact}.", "out_of_range")
    suggested = round(_convert(value, hint), signal.decimals + 1)
    detail = f"{fact}; sent in {hint.from_unit} it would be {suggested:g} {unit}."
    return FieldIssue(pointer, detail, "wrong_unit_suspected", suggested)


def _likely_unit(signal: Signal, value: float) -> UnitHint | None:
    """The unit in which `value` is possible and nearest to the middle of what the machine normally shows."""
    possible = [hint for hint in signal.unit_hints if hint.within.holds(_convert(value, hint))]
    middle = sum(signal.normal) / 2
    return min(possible, key=lambda hint: abs(_convert(value, hint) - middle), default=None)


def _convert(value: float, hint: UnitHint) -> float:
    return value * hint.scale + hint.offset


def _misordered(reading: Reading, profile: Profile) -> list[FieldIssue]:
    issues = []
    for index, lower in _orders(profile):
        if reading.values[index] < reading.values[lower]:
            signal, other = profile.signals[index], profile.signals[lower]
            detail = f"{signal.name} is below {other.name}, which cannot be; are the two swapped?"
            issues.append(FieldIssue(f"/{signal.name}", detail, "out_of_range"))
    return issues


@cache
def _limits(profile: Profile) -> tuple[Floats, Floats]:
    """Lowest and highest plausible values, (S,) each."""
    ranges = np.array([signal.plausible for signal in profile.signals])
    return ranges[:, 0], ranges[:, 1]


@cache
def _orders(profile: Profile) -> tuple[tuple[int, int], ...]:
    """Pairs of columns: the first cannot be below the second."""
    return tuple(
        (index, profile.signal_names.index(signal.not_below))
        for index, signal in enumerate(profile.signals)
        if signal.not_below is not None
    )
