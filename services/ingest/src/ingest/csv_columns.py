"""The header of a CSV file → which column is what of a Reading. Pure.

Understands the profile's own names and the variants in which the AI4I 2020 file circulates: `Air temperature [K]`,
`Air_temperature`, `Air temperature K`, `rpm`, `Product ID`, `UDI`, `Type`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.profile import Profile, Signal

# `Torque [Nm]`, `Torque (Nm)`: a name and, in brackets, its unit.
_WITH_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_FIELDS = {
    "product_type": "product_type",
    "type": "product_type",
    "equipment": "equipment",
    "observed_at": "observed_at",
    "timestamp": "observed_at",
    "event_id": "event_id",
}
_MACHINE = {"machine_id": "machine_id", "product_id": "machine_id", "udi": "udi"}
_SIGNAL_NICKNAMES = {"rpm": "rotational_speed"}
# Labels of the AI4I file say what happened afterwards: never part of a reading. "" is the index column pandas writes.
_LABELS = frozenset({"machine_failure", "target", "failure_type", "unnamed_0", ""})


class ColumnError(ValueError):
    """The header cannot be the header of readings; the message is one sentence for the caller."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Per column the field of the reading it fills; None = ignored. `numeric` has the fields that are signals."""

    fields: tuple[str | None, ...]
    numeric: frozenset[str]


def read_header(
    header: Sequence[str], profiles: Mapping[str, Profile], default: str, machine_column: str | None = None
) -> Columns:
    """What each column of `header` is. `machine_column` is the machine's id when the name of its column does not tell.

    Without an `equipment` column every signal of the `default` profile must be there. Beside a `Product ID` or
    `machine_id`, `UDI` is the row number it is in AI4I files and is ignored. Raises ColumnError.
    """
    names = _signal_names(profiles)
    modes = {mode.lower() for profile in profiles.values() for mode in profile.mode_names}
    found: list[str | None] = []
    for title in header:
        if machine_column is not None and title.strip() == machine_column:
            found.append("machine_id")
            continue
        key, unit = _key_of(title)
        if key in names:
            found.append(_signal_field(title, names[key], unit))
        elif machine_column is not None and key in _MACHINE:
            found.append(None)
        elif field := _FIELDS.get(key) or _MACHINE.get(key):
            found.append(field)
        elif key in modes | _LABELS:
            found.append(None)
        else:
            raise ColumnError(f"column {title[:64]!r} is not known")
    if machine_column is not None and "machine_id" not in found:
        raise ColumnError(f"there is no column {machine_column!r}")
    if "machine_id" in found:
        found = [None if field == "udi" else field for field in found]
    _check(found, profiles, default)
    signals = {signal.name for signal in names.values()}
    return Columns(tuple(found), frozenset(signals.intersection(field for field in found if field)))


def _signal_names(profiles: Mapping[str, Profile]) -> dict[str, Signal]:
    """Every normalised name under which a signal may appear."""
    names: dict[str, Signal] = {}
    for profile in profiles.values():
        own = {signal.name: signal for signal in profile.signals}
        for signal in profile.signals:
            for key in (signal.name, _key(signal.title)):
                names.setdefault(key, signal)
                names.setdefault(f"{key}_{_key(signal.unit)}", signal)
        names.update({nick: own[name] for nick, name in _SIGNAL_NICKNAMES.items() if name in own})
    return names


def _key(text: str) -> str:
    return _NOT_WORD.sub("_", text.strip().lower()).strip("_")


def _key_of(title: str) -> tuple[str, str | None]:
    """The normalised name of a column, and the unit in brackets behind it."""
    if match := _WITH_UNIT.fullmatch(title.strip()):
        return _key(match["name"]), match["unit"].strip()
    return _key(title), None


def _signal_field(title: str, signal: Signal, unit: str | None) -> str:
    if unit is not None and unit.lower() != signal.unit.lower():
        raise ColumnError(f"column {title[:64]!r} is in {unit[:16]!r}; {signal.name} is needed in {signal.unit}")
    return signal.name


def _check(found: Sequence[str | None], profiles: Mapping[str, Profile], default: str) -> None:
    given = [field for field in found if field]
    twice = sorted({field for field in given if given.count(field) > 1})
    if twice:
        raise ColumnError(f"more than one column gives {', '.join(twice)}")
    missing = [] if {"machine_id", "udi"}.intersection(given) else ["the machine (machine_id, udi or Product ID)"]
    if "equipment" not in given:
        missing += [name for name in profiles[default].signal_names if name not in given]
    if missing:
        raise ColumnError(f"the header lacks {', '.join(missing)}")
