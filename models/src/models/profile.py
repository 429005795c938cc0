"""Reads an equipment profile from YAML and checks that its parts fit together; errors name file, line and key."""

import re
from pathlib import Path

from models.equipment import (
    Bound,
    Condition,
    Feature,
    FeatureKind,
    Mode,
    Preset,
    Profile,
    Rule,
    Signal,
    Thresholds,
    UnitHint,
)
from models.profile_document import Part, ProfileError, Range, open_document
from models.profile_simulation import read_simulation

__all__ = ["Feature", "Mode", "Profile", "ProfileError", "Range", "Rule", "Signal", "UnitHint", "load_profile"]

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,63}")
# Keys of a reading that are no signals.
_RESERVED = ("udi", "machine_id", "equipment", "product_type", "observed_at", "event_id")
_BOUNDS: tuple[Bound, ...] = ("above", "below")
# How many names each kind of formula is computed from.
_FORMULAS: dict[FeatureKind, int] = {
    "signal": 0,
    "one_hot": 1,
    "power": 2,
    "difference": 2,
    "product": 2,
    "ratio_to_limit": 1,
}


def load_profile(name_or_path: str | Path) -> Profile:
    """The profile in a file `*.yaml`, or by name one that ships with this package (`milling`).

    Raises ProfileError with file, line and key if the profile is not there or not valid.
    """
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        path = Path(__file__).parent / "profiles" / f"{name_or_path}.yaml"
    return _profile(open_document(path))


def _profile(document: Part) -> Profile:
    type_titles = {key: part.text() for key, part in document["product_types"].entries()}
    types = tuple(type_titles)
    signals = tuple(_signal(key, part) for key, part in document["signals"].entries())
    names = {signal.name for signal in signals}
    for signal in signals:
        if signal.not_below is not None:
            _known(document["signals"][signal.name]["not_below"], signal.not_below, names)
    rules_part = document["rules"]
    rule_names = {key for key, _ in rules_part.entries()}
    features = _features(document["features"], signals, types, rule_names)
    modes = tuple(
        _mode(key, part, {feature.cause for feature in features}) for key, part in document["modes"].entries()
    )
    simulation = document.find("simulation")
    profile = Profile(
        name=_name(document["name"]),
        title=document["title"].text(),
        types=types,
        type_titles=type_titles,
        signals=signals,
        features=features,
        modes=modes,
        rules=tuple(_rule(key, part, features, modes, types) for key, part in rules_part.entries()),
        default_thresholds=_thresholds(document["thresholds"]),
        presets=tuple(_preset(key, part, signals) for key, part in document["presets"].entries()),
        simulation=read_simulation(simulation, types) if simulation else None,
    )
    document.close()
    return profile


def _name(part: Part, name: str | None = None) -> str:
    name = part.text() if name is None else name
    if not _NAME.fullmatch(name):
        raise part.refuse("a name is a letter and up to 63 letters, digits or underscores")
    return name


def _known(part: Part, name: str, known: set[str]) -> str:
    if name not in known:
        raise part.refuse(f"unknown name {name}; known here: {', '.join(sorted(known))}")
    return name


def _signal(name: str, part: Part) -> Signal:
    if name in _RESERVED:
        raise part.refuse("this name is taken by another key of a reading")
    hints = part.find("unit_hints")
    not_below = part.find("not_below")
    signal = Signal(
        name=_name(part, name),
        title=part["title"].text(),
        unit=part["unit"].text(),
        decimals=part["decimals"].integer(),
        plausible=part["plausible"].range(),
        envelope=part["envelope"].range(),
        normal=part["normal"].range(),
        unit_hints=tuple(_unit_hint(hint) for hint in hints.items()) if hints else (),
        not_below=not_below.text() if not_below else None,
    )
    for inner, outer in (("envelope", signal.plausible), ("normal", signal.envelope)):
        low, high = part[inner].range()
        if not (outer.holds(low) and outer.holds(high)):
            raise part[inner].refuse(f"must lie inside [{outer.low:g}, {outer.high:g}]")
    part.close()
    return signal


def _unit_hint(part: Part) -> UnitHint:
    hint = UnitHint(part["from"].text(), part["scale"].number(), part["offset"].number(), part["within"].range())
    part.close()
    return hint


def _features(part: Part, signals: tuple[Signal, ...], types: tuple[str, ...], rules: set[str]) -> tuple[Feature, ...]:
    by_name = {signal.name: signal for signal in signals}
    features: list[Feature] = []
    for name, body in part.entries():
        kind = next(kind for kind in _FORMULAS if kind == body["kind"].choice(*_FORMULAS))
        if kind == "signal":
            _known(body, name, set(by_name))
        earlier = set(by_name) | {feature.name for feature in features}
        features.append(
            _feature(name, body, kind, by_name.get(name), set(types) if kind == "one_hot" else earlier, rules)
        )
    return tuple(features)


def _feature(
    name: str, part: Part, kind: FeatureKind, signal: Signal | None, inputs: set[str], rules: set[str]
) -> Feature:
    of: tuple[str, ...] = ()
    if _FORMULAS[kind]:
        of = tuple(_known(item, item.text(), inputs) for item in part["of"].items())
        if len(of) != _FORMULAS[kind]:
            raise part["of"].refuse(f"{kind} needs {_FORMULAS[kind]} names")
    limit_of = part["limit_of"].text() if kind == "ratio_to_limit" else None
    if limit_of is not None:
        _known(part["limit_of"], limit_of, rules)
    anomaly = part.find("anomaly")
    feature = Feature(
        name=_name(part, name),
        title=signal.title if kind == "signal" and signal else part["title"].text(),
        unit=signal.unit if kind == "signal" and signal else part["unit"].text(),
        cause=part["cause"].text(),
        kind=kind,
        of=of,
        limit_of=limit_of,
        anomaly=anomaly.flag() if anomaly else False,
    )
    part.close()
    return feature


def _mode(name: str, part: Part, causes: set[str]) -> Mode:
    playbook = part["playbook"]
    mode = Mode(
        name=_name(part, name),
        title=part["title"].text(),
        limit=part["limit"].text(),
        causes=tuple(_known(item, item.text(), causes) for item in part["causes"].items()),
        predictable=part["predictable"].flag(),
        priority=part["priority"].integer(),
        check=playbook["check"].texts(),
        act=playbook["act"].texts(),
    )
    playbook.close()
    part.close()
    return mode


def _rule(
    name: str, part: Part, features: tuple[Feature, ...], modes: tuple[Mode, ...], types: tuple[str, ...]
) -> Rule:
    units = {feature.name: feature.unit for feature in features}
    feature = _known(part["feature"], part["feature"].text(), set(units))
    when, inclusive, advice = part.find("when"), part.find("inclusive"), part.find("advice")
    rule = Rule(
        name=_name(part, name),
        mode=_known(part["mode"], part["mode"].text(), {mode.name for mode in modes}),
        feature=feature,
        unit=units[feature],
        bound=_bound(part["bound"]),
        limits=part["limit"].number_for_each(types),
        inclusive=inclusive.flag() if inclusive else False,
        advice=advice.flag() if advice else False,
        when=tuple(_condition(item, set(units)) for item in when.items()) if when else (),
    )
    part.close()
    return rule


def _bound(part: Part) -> Bound:
    return next(bound for bound in _BOUNDS if bound == part.choice(*_BOUNDS))


def _condition(part: Part, features: set[str]) -> Condition:
    feature = _known(part["feature"], part["feature"].text(), features)
    condition = Condition(feature, _bound(part["bound"]), part["limit"].number())
    part.close()
    return condition


def _thresholds(part: Part) -> Thresholds:
    thresholds = Thresholds(part["failure"].number(), part["anomaly"].number())
    for key in ("failure", "anomaly"):
        if not 0.0 < part[key].number() < 1.0:
            raise part[key].refuse("must lie between 0 and 1")
    part.close()
    return thresholds


def _preset(name: str, part: Part, signals: tuple[Signal, ...]) -> Preset:
    values = part["signals"]
    for signal in signals:
        if not signal.plausible.holds(values[signal.name].number()):
            raise values[signal.name].refuse("outside the plausible range")
    preset = Preset(
        name=_name(part, name),
        title=part["title"].text(),
        machine_id=part["machine_id"].text(),
        values=tuple(values[signal.name].number() for signal in signals),
    )
    values.close()
    part.close()
    return preset
