"""The JSON Schema of a Reading with everything a form, a chart and a person want to know about the equipment.

`x-` keys carry what JSON Schema has no word for: units, bands, modes with playbooks, published limits, presets.
"""

from models.diagnosis import EVENT_ID, MACHINE_ID
from models.equipment import Mode, Preset, Profile, Rule, Signal


def json_schema(profile: Profile) -> dict[str, object]:
    """JSON Schema 2020-12 of a reading of this equipment; ranges are in the signal's `x-unit`."""
    machine = {"type": "string", "pattern": f"^{MACHINE_ID.pattern}$"}
    example = profile.presets[0]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Reading of a {profile.title.lower()}",
        "type": "object",
        "properties": {
            "udi": machine | {"title": "Machine", "description": "Another spelling of machine_id."},
            "machine_id": machine | {"title": "Machine", "examples": [example.machine_id]},
            **{signal.name: _signal(signal, example.values[index]) for index, signal in enumerate(profile.signals)},
            "equipment": {"type": "string", "const": profile.name},
            "product_type": {
                "type": "string",
                "enum": list(profile.types),
                "title": "Product type",
                "description": "If absent, the letter that the machine's id begins with.",
            },
            "observed_at": {
                "type": "string",
                "format": "date-time",
                "title": "Observed at",
                "description": "RFC 3339 with a time zone. If absent, the time of receipt.",
            },
            "event_id": {
                "type": "string",
                "pattern": f"^{EVENT_ID.pattern}$",
                "title": "Event",
                "description": "If absent, derived from machine, time and content: a re-send is a duplicate.",
            },
        },
        "required": list(profile.signal_names),
        "oneOf": [{"required": ["machine_id"]}, {"required": ["udi"]}],
        "additionalProperties": False,
        "examples": [_reading(profile, example)],
        "x-equipment": profile.name,
        "x-title": profile.title,
        "x-product-types": [{"name": name, "title": profile.type_titles[name]} for name in profile.types],
        "x-features": [
            {"name": feature.name, "title": feature.title, "unit": feature.unit, "cause": feature.cause}
            for feature in profile.features
        ],
        "x-modes": [_mode(mode) for mode in profile.modes],
        "x-rules": [_rule(rule, profile.types) for rule in profile.rules],
        "x-presets": [
            {"name": preset.name, "title": preset.title, "values": _reading(profile, preset)}
            for preset in profile.presets
        ],
    }


def _signal(signal: Signal, example: float) -> dict[str, object]:
    return {
        "type": "number",
        "title": signal.title,
        "description": f"{signal.title} in {signal.unit}.",
        "minimum": signal.plausible.low,
        "maximum": signal.plausible.high,
        "examples": [example],
        "x-unit": signal.unit,
        "x-decimals": signal.decimals,
        "x-envelope": list(signal.envelope),
        "x-normal": list(signal.normal),
    }


def _mode(mode: Mode) -> dict[str, object]:
    return {
        "name": mode.name,
        "title": mode.title,
        "limit": mode.limit,
        "causes": list(mode.causes),
        "predictable": mode.predictable,
        "priority": mode.priority,
        "playbook": {"check": list(mode.check), "act": list(mode.act)},
    }


def _rule(rule: Rule, types: tuple[str, ...]) -> dict[str, object]:
    return {
        "name": rule.name,
        "mode": rule.mode,
        "feature": rule.feature,
        "unit": rule.unit,
        "bound": rule.bound,
        "inclusive": rule.inclusive,
        "advice": rule.advice,
        "limits": dict(zip(types, rule.limits, strict=True)),
        "when": [{"feature": item.feature, "bound": item.bound, "limit": item.limit} for item in rule.when],
    }


def _reading(profile: Profile, preset: Preset) -> dict[str, object]:
    return {"machine_id": preset.machine_id} | dict(zip(profile.signal_names, preset.values, strict=True))
