"""What is known about one kind of machine: what it measures, how it fails, which limits are published, what to do then.

Only the shapes; `models.profile` reads them from one YAML file per equipment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from models.profile_document import Range

Bound = Literal["above", "below"]
FeatureKind = Literal["signal", "one_hot", "power", "difference", "product", "ratio_to_limit"]


@dataclass(frozen=True, slots=True)
class UnitHint:
    """A unit in which a signal is sent by mistake: `value * scale + offset` is the value in the profile's unit.

    The suspicion holds only if the converted value lies `within`.
    """

    from_unit: str
    scale: float
    offset: float
    within: Range


@dataclass(frozen=True, slots=True)
class Signal:
    """A measured quantity in `unit`, `decimals` digits after the point. All ranges are in `unit`.

    `not_below` names a signal that this one cannot fall below.
    """

    name: str
    title: str
    unit: str
    decimals: int
    plausible: Range
    envelope: Range
    normal: Range
    unit_hints: tuple[UnitHint, ...]
    not_below: str | None


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of the feature matrix. `of` names the signals, type or features it is computed from.

    `limit_of` names the rule whose limits divide a `ratio_to_limit`. `anomaly` marks inputs of the anomaly model.
    """

    name: str
    title: str
    unit: str
    cause: str
    kind: FeatureKind
    of: tuple[str, ...]
    limit_of: str | None
    anomaly: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A feature strictly beyond `limit` in the direction `bound`."""

    feature: str
    bound: Bound
    limit: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A published limit. `limits` has one number per product type, in the order of `Profile.types`, in `unit`.

    It fires when the feature is beyond the limit (at it too if `inclusive`) and all conditions `when` hold.
    An `advice` rule is no part of the baseline prediction.
    """

    name: str
    mode: str
    feature: str
    unit: str
    bound: Bound
    limits: tuple[float, ...]
    inclusive: bool
    advice: bool
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Mode:
    """A failure mode: `limit` is the published definition, `causes` the cause groups truly behind it.

    `priority` 1 = stop now, 2 = this shift, 3 = plan. `check` and `act` are the playbook.
    """

    name: str
    title: str
    limit: str
    causes: tuple[str, ...]
    predictable: bool
    priority: int
    check: tuple[str, ...]
    act: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made reading; `values` in the order of `Profile.signals`."""

    name: str
    title: str
    machine_id: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """At or above `failure` the prediction is 1; at or above `anomaly` the reading is an anomaly. Both in [0, 1]."""

    failure: float
    anomaly: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation, in the unit of the quantity."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """Constants of the simulated process; tuples per product type are in the order of `Profile.types`.

    Speed is `speed_typical * (torque.mean / torque) ** speed_exponent` + noise in rpm, clipped.
    Wear and tool life are in min.
    """

    series_rows: int
    type_shares: tuple[float, ...]
    air_temperature: Spread
    temperature_rise: Spread
    torque: Spread
    speed_typical: float
    speed_exponent: float
    speed_noise_sd: float
    speed_clip: Range
    wear_per_part: tuple[float, ...]
    tool_life: Range
    tool_failure_share: float
    random_failure_share: float


# eq=False: a profile is compared and hashed by identity, so that compiled plans can be cached per profile for nothing.
@dataclass(frozen=True, eq=False)
class Profile:
    """Everything known about one kind of equipment. Order matters: signals, types, features, modes, rules."""

    name: str
    title: str
    types: tuple[str, ...]
    type_titles: Mapping[str, str]
    signals: tuple[Signal, ...]
    features: tuple[Feature, ...]
    modes: tuple[Mode, ...]
    rules: tuple[Rule, ...]
    default_thresholds: Thresholds
    presets: tuple[Preset, ...]
    simulation: Simulation | None

    @cached_property
    def signal_names(self) -> tuple[str, ...]:
        """Names of the signals, in the order of `Reading.values`."""
        return tuple(signal.name for signal in self.signals)

    @cached_property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns of the feature matrix, in order."""
        return tuple(feature.name for feature in self.features)

    @cached_property
    def mode_names(self) -> tuple[str, ...]:
        """Names of all failure modes, in order."""
        return tuple(mode.name for mode in self.modes)

    @cached_property
    def predicted_modes(self) -> tuple[Mode, ...]:
        """The modes a model gives a probability for."""
        return tuple(mode for mode in self.modes if mode.predictable)

    @cached_property
    def anomaly_columns(self) -> tuple[int, ...]:
        """Columns of the feature matrix that the anomaly model sees."""
        return tuple(index for index, feature in enumerate(self.features) if feature.anomaly)
