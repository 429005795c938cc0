"""Simulated production of the published milling process, seeded: the default training data.

Source: S. Matzka, AI4I 2020, doi:10.1109/AI4I49448.2020.00023. Speed does not follow the text (2860 W taken literally
makes every row a power failure) but a curve through the typical speed at the typical torque.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.equipment import Profile, Signal, Simulation
from models.features import Floats
from models.profile_document import ProfileError
from models.rules import evaluate_rules

_SIGNALS = ("air_temperature", "process_temperature", "rotational_speed", "torque", "tool_wear")
_DRAWN_MODES = {"TWF", "RNF"}  # happen by chance; the others follow from the rules
_LEAST_TORQUE_NM = 0.1

_Torque = TypeVar("_Torque", float, Floats)


@dataclass(frozen=True, slots=True)
class SimulatedRows:
    """n rows in production order, on the grid of the sensors."""

    values: Floats
    """(n, S) signals in profile order and units."""
    type_index: NDArray[np.intp]
    """(n,) positions in `profile.types`."""
    modes: NDArray[np.bool_]
    """(n, M) failure modes in profile order."""
    failure: NDArray[np.bool_]
    """(n,) any predictable mode; random failures do not count, as in the data set."""


def simulate_rows(profile: Profile, n: int, seed: int) -> SimulatedRows:
    """`n` rows, the same for the same profile and seed; every `series_rows` rows a new series begins.

    Raises ProfileError if the profile has no simulation or other signals than the milling machine.
    """
    simulation = simulation_of(profile)
    generator = np.random.default_rng(seed)
    lengths = [min(simulation.series_rows, n - start) for start in range(0, n, simulation.series_rows)]
    series = [_series(profile, simulation, length, generator) for length in lengths]
    values = np.concatenate([part[0] for part in series])
    type_index = np.concatenate([part[1] for part in series])
    modes = evaluate_rules(values, type_index, profile).modes
    modes[:, profile.mode_names.index("TWF")] = np.concatenate([part[2] for part in series])
    modes[:, profile.mode_names.index("RNF")] = generator.random(n) < simulation.random_failure_share
    predictable = [mode.predictable for mode in profile.modes]
    return SimulatedRows(values, type_index, modes, np.asarray(modes[:, predictable].any(axis=1)))


def simulation_of(profile: Profile) -> Simulation:
    """The simulation constants. Raises ProfileError if the machine is none like the milling machine."""
    if profile.simulation is None or profile.signal_names != _SIGNALS or not set(profile.mode_names) >= _DRAWN_MODES:
        needed = ", ".join((*_SIGNALS, *sorted(_DRAWN_MODES)))
        raise ProfileError(f"profile {profile.name}: cannot be simulated; that needs a section simulation and {needed}")
    return profile.simulation


def typical_speed(torque: _Torque, simulation: Simulation) -> _Torque:
    """Speed in rpm that belongs to a torque in Nm (> 0), without noise and not clipped."""
    factor: _Torque = (simulation.torque.mean / torque) ** simulation.speed_exponent
    return simulation.speed_typical * factor


def on_grid(values: Floats, signal: Signal) -> Floats:
    """`values` rounded to the resolution of the sensor; the same float64 that parsing the printed number gives."""
    return np.round(values, signal.decimals)


def _series(
    profile: Profile, simulation: Simulation, n: int, generator: np.random.Generator
) -> tuple[Floats, NDArray[np.intp], NDArray[np.bool_]]:
    """Values (n, S), type index (n,) and tool wear failures (n,) of one series."""
    type_index = generator.choice(len(profile.types), size=n, p=simulation.type_shares)
    # A walk is normalised over its whole length, so a short last series is cut from a full one.
    air = simulation.air_temperature.mean + simulation.air_temperature.sd * _walk(simulation.series_rows, generator)[:n]
    rise = (
        simulation.temperature_rise.mean + simulation.temperature_rise.sd * _walk(simulation.series_rows, generator)[:n]
    )
    torque = generator.normal(simulation.torque.mean, simulation.torque.sd, n)
    while (impossible := torque < _LEAST_TORQUE_NM).any():
        torque[impossible] = generator.normal(simulation.torque.mean, simulation.torque.sd, int(impossible.sum()))
    speed = typical_speed(torque, simulation) + generator.normal(0.0, simulation.speed_noise_sd, n)
    wear, tool_failure = _wear(np.array(simulation.wear_per_part)[type_index], simulation, generator)
    columns = (air, air + rise, np.clip(speed, *simulation.speed_clip), torque, wear)
    values = np.column_stack([on_grid(column, signal) for column, signal in zip(columns, profile.signals, strict=True)])
    return values, type_index, tool_failure


def _walk(n: int, generator: np.random.Generator) -> Floats:
    """A random walk of `n` steps with mean 0 and standard deviation 1."""
    walk = np.cumsum(generator.standard_normal(n))
    return np.asarray((walk - walk.mean()) / walk.std())


def _wear(steps: Floats, simulation: Simulation, generator: np.random.Generator) -> tuple[Floats, NDArray[np.bool_]]:
    """Wear (n,) in min before each part and whether the tool fails there (n,), given what each part adds (n,).

    A tool ends at the first part that meets it beyond its life: it fails or is replaced; the next part meets a new one.
    """
    before = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
    wear = np.empty(len(steps))
    fails = np.zeros(len(steps), dtype=np.bool_)
    first = 0
    while first < len(steps):
        life = generator.uniform(*simulation.tool_life)
        last = int(np.searchsorted(before, before[first] + life))
        wear[first : last + 1] = before[first : last + 1] - before[first]
        if last < len(steps):
            fails[last] = generator.random() < simulation.tool_failure_share
        first = last + 1
    return wear, fails
