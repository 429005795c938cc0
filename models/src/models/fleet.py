"""A live fleet for demonstrations: machines that run quietly, drift into known failures and recover after maintenance.

One part takes one second instead of minutes, so that a tool lives one to two minutes and a fault two. Deterministic
for a seed and a sequence of times. Needs the milling machine's signals and the profile's simulation constants.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from models.equipment import Profile, Simulation
from models.profile_document import Range
from models.simulator import simulation_of, typical_speed

FaultKind = Literal["cooling", "overload", "slipping", "worn_tool"]

_FAULTS: tuple[FaultKind, ...] = ("cooling", "overload", "slipping", "worn_tool")
# Torque in Nm to which a fault leads. With the typical speed that is below 1380 rpm, above 9000 W, below 3500 W, and
# above every strain limit once the tool is worn.
_FAULT_TORQUE: Mapping[FaultKind, float] = {"cooling": 56.0, "overload": 76.0, "slipping": 9.0, "worn_tool": 60.0}
_LOST_COOLING_K = 2.6
_RAMP_S = Range(60.0, 90.0)
_HOLD_S = Range(30.0, 45.0)
_RECOVERY_S = 8.0
_FIRST_FAULT_S = 15.0  # the first machines show one fault of each kind, this far apart
_FAULT_EVERY_S = 1500.0  # mean time between faults of a machine: about one in twelve machines has one

_JOB_TORQUE_NM = Range(33.0, 45.0)
_TORQUE_DRIFT, _TORQUE_DRIFT_S = 1.5, 40.0  # standard deviation and memory of slow changes
_AIR_DRIFT_S = 900.0
_RISE_DRIFT, _RISE_DRIFT_S = 0.25, 300.0
_TORQUE_NOISE_NM = 0.6
_SPEED_NOISE_RPM = 8.0
_CAREFUL_TOOL_LIFE_MIN = Range(170.0, 192.0)
_WORN_OUT_MIN = 248.0

_MACHINES_PER_LINE = 10
_ODD_FROM = 5  # machines; in smaller fleets nobody sends °C or falls silent
_CELSIUS_PERIOD_S, _CELSIUS_S = 120.0, Range(30.0, 45.0)
_SILENCE_PERIOD_S, _SILENCES_S = 630.0, (Range(60.0, 120.0), Range(240.0, 570.0))  # seen as stale, then as offline
_LONGEST_STEP_S = 10.0  # a paused process does not age its machines


@dataclass(frozen=True, slots=True)
class Member:
    """A machine of the fleet and the production line it stands on."""

    machine_id: str
    product_type: str
    line: str


@dataclass(slots=True)
class _Fault:
    kind: FaultKind
    since_s: float
    ramp_s: float
    hold_s: float

    def severity(self, clock_s: float) -> float:
        """0 to 1: rises, holds, and falls after maintenance."""
        age = clock_s - self.since_s
        recovering = age - self.ramp_s - self.hold_s
        return max(0.0, 1.0 - recovering / _RECOVERY_S) if recovering > 0 else min(1.0, age / self.ramp_s)

    def is_maintained(self, clock_s: float) -> bool:
        """Whether somebody has removed the cause."""
        return clock_s - self.since_s > self.ramp_s + self.hold_s


@dataclass(slots=True)
class _Machine:
    """State of one machine: slow drifts (in standard deviations), tool wear in min, the fault it has, if any."""

    member: Member
    wear_rate: float
    job_torque: float
    air: float
    rise: float
    torque: float
    wear: float
    tool_life: float
    next_fault: _Fault

    def step(self, clock_s: float, elapsed_s: float, noise: list[float], simulation: Simulation) -> tuple[float, ...]:
        """Advances by `elapsed_s`; the signals in profile order, not rounded. `noise`: five standard normal numbers."""
        self.air = _drift(self.air, elapsed_s / _AIR_DRIFT_S, noise[0])
        self.rise = _drift(self.rise, elapsed_s / _RISE_DRIFT_S, noise[1])
        self.torque = _drift(self.torque, elapsed_s / _TORQUE_DRIFT_S, noise[2])
        fault = self.next_fault
        severity = fault.severity(clock_s) if clock_s >= fault.since_s else 0.0
        self._wear_on(elapsed_s, blunt=fault.kind == "worn_tool" and severity > 0 and not fault.is_maintained(clock_s))
        air = simulation.air_temperature.mean + simulation.air_temperature.sd * 0.6 * self.air
        rise = simulation.temperature_rise.mean + 0.2 + _RISE_DRIFT * self.rise
        torque = self.job_torque + _TORQUE_DRIFT * self.torque
        torque += severity * (_FAULT_TORQUE[fault.kind] - torque) + _TORQUE_NOISE_NM * noise[3]
        if fault.kind == "cooling":
            rise -= severity * _LOST_COOLING_K
        speed = typical_speed(torque, simulation) + _SPEED_NOISE_RPM * noise[4]
        low, high = simulation.speed_clip
        return air, air + rise, min(max(speed, low), high), torque, self.wear

    def _wear_on(self, elapsed_s: float, blunt: bool) -> None:
        """A careful operator changes the tool in time; a blunt one stays in until maintenance."""
        self.wear = min(self.wear + self.wear_rate * elapsed_s, _WORN_OUT_MIN)
        if self.wear > self.tool_life and not blunt:
            self.wear = 0.0


class Fleet:
    """Simulated machines. Not safe to share between threads."""

    def __init__(self, profile: Profile, machines: int, seed: int) -> None:
        """`machines` >= 0. Raises ProfileError if the profile cannot be simulated."""
        self._profile = profile
        self._simulation = simulation_of(profile)
        self._generator = np.random.default_rng(seed)
        self._machines = [self._new_machine(index) for index in range(machines)]
        self._clock_s = 0.0
        self._last: datetime | None = None

    @property
    def members(self) -> tuple[Member, ...]:
        """All machines of the fleet, also those that are silent."""
        return tuple(machine.member for machine in self._machines)

    def step(self, now: datetime) -> list[dict[str, object]]:
        """One raw reading (the JSON contract, flat) per machine that is not silent, observed at `now` (with a zone).

        One machine sends temperatures in °C now and then: those readings are meant to be refused.
        """
        elapsed_s = 1.0 if self._last is None else (now - self._last).total_seconds()
        elapsed_s = min(max(elapsed_s, 0.0), _LONGEST_STEP_S)
        self._last = now
        self._clock_s += elapsed_s
        observed_at = now.astimezone(UTC).isoformat()
        noise = self._generator.standard_normal((len(self._machines), 5)).tolist()
        readings = []
        for index, machine in enumerate(self._machines):
            values = machine.step(self._clock_s, elapsed_s, noise[index], self._simulation)
            self._plan_next_fault(machine)
            if not self._is_silent(index):
                readings.append(self._raw_reading(machine.member, observed_at, values, self._sends_celsius(index)))
        return readings

    def _raw_reading(
        self, member: Member, observed_at: str, values: tuple[float, ...], celsius: bool
    ) -> dict[str, object]:
        reading: dict[str, object] = {"machine_id": member.machine_id, "observed_at": observed_at}
        for signal, value in zip(self._profile.signals, values, strict=True):
            sent = value - 273.15 if celsius and signal.unit == "K" else value
            reading[signal.name] = round(sent, signal.decimals)
        return reading

    def _is_silent(self, index: int) -> bool:
        odd = len(self._machines) >= _ODD_FROM and index == len(self._machines) - 2
        return odd and any(silence.holds(self._clock_s % _SILENCE_PERIOD_S) for silence in _SILENCES_S)

    def _sends_celsius(self, index: int) -> bool:
        odd = len(self._machines) >= _ODD_FROM and index == len(self._machines) - 1
        return odd and _CELSIUS_S.holds(self._clock_s % _CELSIUS_PERIOD_S)

    def _new_machine(self, index: int) -> _Machine:
        generator, simulation = self._generator, self._simulation
        type_index = int(generator.choice(len(self._profile.types), p=simulation.type_shares))
        product_type = self._profile.types[type_index]
        member = Member(
            machine_id=f"{product_type}{10_000 * (type_index + 1) + index + 1}",
            product_type=product_type,
            line=f"Line {index // _MACHINES_PER_LINE + 1}",
        )
        air, rise, torque = generator.standard_normal(3).tolist()
        since_s = _FIRST_FAULT_S * (index + 1) if index < len(_FAULTS) else generator.uniform(0.0, _FAULT_EVERY_S)
        return _Machine(
            member=member,
            wear_rate=simulation.wear_per_part[type_index],
            job_torque=float(generator.uniform(*_JOB_TORQUE_NM)),
            air=air,
            rise=rise,
            torque=torque,
            wear=float(generator.uniform(0.0, _CAREFUL_TOOL_LIFE_MIN.low)),
            tool_life=float(generator.uniform(*_CAREFUL_TOOL_LIFE_MIN)),
            next_fault=self._new_fault(_FAULTS[index % len(_FAULTS)], float(since_s)),
        )

    def _plan_next_fault(self, machine: _Machine) -> None:
        """Once a fault is over, draws the next one."""
        if machine.next_fault.is_maintained(self._clock_s) and machine.next_fault.severity(self._clock_s) == 0.0:
            kind = _FAULTS[int(self._generator.integers(len(_FAULTS)))]
            since_s = self._clock_s + float(self._generator.exponential(_FAULT_EVERY_S))
            machine.next_fault = self._new_fault(kind, since_s)

    def _new_fault(self, kind: FaultKind, since_s: float) -> _Fault:
        ramp_s, hold_s = self._generator.uniform(*_RAMP_S), self._generator.uniform(*_HOLD_S)
        return _Fault(kind, since_s, float(ramp_s), float(hold_s))


def _drift(value: float, share: float, noise: float) -> float:
    """A step of a random walk that is pulled back to 0; its standard deviation stays 1. `share` = step / memory."""
    kept = math.exp(-share)
    return value * kept + math.sqrt(1.0 - kept * kept) * noise
