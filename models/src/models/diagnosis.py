"""The slow, thorough way to read: collects everything that is wrong with a reading, with JSON pointers.

`models.reading` comes here when its fast decoder refuses, or when the reading is a mapping and not bytes.
"""

import difflib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from models.equipment import Profile
from models.refusal import FieldIssue, Refusal, refusal_for, shown

MACHINE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
EVENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
MACHINE_KEYS = ("udi", "machine_id")
OPTIONAL_KEYS = ("equipment", "product_type", "observed_at", "event_id")

_LONGEST_WHOLE_NUMBER = 400  # digits; more cannot be a float64 and would make int() slow


class Fields(NamedTuple):
    """The checked fields of a reading; None = the sender did not say.

    `machine_key` is the spelling used. `type_assumed` says that the product type comes from the machine's id.
    """

    profile: Profile
    machine_key: str
    machine_id: str
    values: tuple[float, ...]
    product_type: str
    type_assumed: bool
    observed_at: datetime | None
    event_id: str | None


class _DuplicateKeys(ValueError):
    def __init__(self, keys: list[str]) -> None:
        super().__init__(*keys)
        self.keys = keys


def parse(body: bytes) -> dict[str, object] | Refusal:
    """The JSON object in `body`, or why there is none: `malformed_json`, `duplicate_key` or `wrong_type`."""
    if not body.strip():
        return Refusal("malformed_json", "The body is empty; expected a JSON object.")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return Refusal("malformed_json", f"The body is not UTF-8: byte {error.start} cannot be decoded.")
    if text.startswith("\ufeff"):
        return Refusal("malformed_json", "The body starts with a byte order mark; JSON is UTF-8 without one.")
    try:
        parsed = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole_number)
    except _DuplicateKeys as error:
        issues = [
            FieldIssue(_pointer(key), f"{shown(key)} is given more than once.", "duplicate_key") for key in error.keys
        ]
        return refusal_for(issues, None)
    except json.JSONDecodeError as error:
        return Refusal("malformed_json", f"No valid JSON at character {error.pos}: {error.msg}.")
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Refusal("malformed_json", f"No valid JSON: {reason}.")
    if not isinstance(parsed, dict):
        return refusal_for([FieldIssue("", f"Expected a JSON object, got {_kind(parsed)}.", "wrong_type")], None)
    return parsed


def examine(raw: Mapping[str, object], profiles: Mapping[str, Profile], default_equipment: str) -> Fields | Refusal:
    """The checked fields of `raw`, or a refusal that lists every issue."""
    issues: list[FieldIssue] = []
    machine_key, machine_id = _machine(raw, issues)
    equipment = _text(raw, "equipment", issues)
    equipment = default_equipment if equipment is None else equipment
    profile = profiles.get(equipment)
    if profile is None:
        known = ", ".join(sorted(profiles))
        issues.append(
            FieldIssue("/equipment", f"Unknown equipment {shown(equipment)}; known: {known}.", "unknown_equipment")
        )
        return refusal_for(issues, machine_id)
    values = tuple(_signal(raw, name, issues) for name in profile.signal_names)
    product_type = _product_type(raw, machine_id, profile, issues)
    observed_at = _time(raw, issues)
    event_id = _text(raw, "event_id", issues)
    if event_id is not None and not EVENT_ID.fullmatch(event_id):
        detail = "event_id must be 1 to 64 letters, digits or . _ : -"
        issues.append(FieldIssue("/event_id", detail, "invalid_event_id"))
    issues.extend(_unknown_fields(raw, profile))
    if issues:
        return refusal_for(issues, machine_id)
    assert machine_id is not None and product_type is not None  # noqa: PT018 - otherwise there is an issue
    return Fields(
        profile, machine_key, machine_id, values, product_type, "product_type" not in raw, observed_at, event_id
    )


def product_type_of(machine_id: str, profile: Profile) -> str | None:
    """The product type that an id like `M14860` begins with, if a digit follows."""
    for name in profile.types:
        if machine_id.startswith(name) and machine_id[len(name) : len(name) + 1].isdigit():
            return name
    return None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DuplicateKeys(sorted({key for key in keys if keys.count(key) > 1}))
    return members


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) < _LONGEST_WHOLE_NUMBER else math.copysign(math.inf, -digits.startswith("-"))


def _kind(value: object) -> str:
    if value is None:
        return "null (leave the key out instead)"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "an array",
        dict: "an object",
    }
    return names.get(type(value), "something else")


def _pointer(key: str) -> str:
    return "/" + shown(key).replace("~", "~0").replace("/", "~1")


def _machine(raw: Mapping[str, object], issues: list[FieldIssue]) -> tuple[str, str | None]:
    given = [key for key in MACHINE_KEYS if key in raw]
    if not given:
        issues.append(FieldIssue("/machine_id", "machine_id (or udi) is missing.", "missing_machine"))
        return "machine_id", None
    if len(given) == 2:
        detail = "udi and machine_id are two spellings of one key; give one of them."
        issues.append(FieldIssue("/udi", detail, "duplicate_key"))
    key = given[-1]
    machine_id = _text(raw, key, issues)
    if machine_id is not None and not MACHINE_ID.fullmatch(machine_id):
        detail = f"{key} must begin with a letter or digit; up to 64 letters, digits or . _ : -"
        issues.append(FieldIssue(_pointer(key), detail, "invalid_machine_id"))
        return key, None
    return key, machine_id


def _text(raw: Mapping[str, object], key: str, issues: list[FieldIssue]) -> str | None:
    if key not in raw:
        return None
    value = raw[key]
    if isinstance(value, str):
        return value
    issues.append(FieldIssue(_pointer(key), f"{key} must be a text, got {_kind(value)}.", "wrong_type"))
    return None


def _product_type(
    raw: Mapping[str, object], machine_id: str | None, profile: Profile, issues: list[FieldIssue]
) -> str | None:
    known = ", ".join(profile.types)
    if "product_type" in raw:
        product_type = _text(raw, "product_type", issues)
        if product_type is not None and product_type not in profile.types:
            detail = f"Unknown product type {shown(product_type)}; known: {known}."
            issues.append(FieldIssue("/product_type", detail, "unknown_product_type"))
        return product_type
    product_type = product_type_of(machine_id, profile) if machine_id else None
    if machine_id and product_type is None:
        detail = f"product_type is missing and the machine's id does not begin with one of {known} and a digit."
        issues.append(FieldIssue("/product_type", detail, "missing_signal"))
    return product_type


def _signal(raw: Mapping[str, object], name: str, issues: list[FieldIssue]) -> float:
    if name not in raw:
        issues.append(FieldIssue(_pointer(name), f"{name} is missing.", "missing_signal"))
        return math.nan
    value = raw[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        issues.append(FieldIssue(_pointer(name), f"{name} must be a number, got {_kind(value)}.", "wrong_type"))
        return math.nan
    try:
        number = float(value) + 0.0  # -0.0 becomes 0.0: equal readings get equal event ids
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        issues.append(FieldIssue(_pointer(name), f"{name} is not a finite number.", "out_of_range"))
    return number


def _time(raw: Mapping[str, object], issues: list[FieldIssue]) -> datetime | None:
    text = _text(raw, "observed_at", issues)
    if text is None:
        return None
    try:
        observed_at = msgspec.convert(text, datetime)
        if observed_at.tzinfo is not None:
            return observed_at.astimezone(UTC)
        detail = "observed_at has no time zone; end it with Z or an offset like +02:00."
    except (msgspec.ValidationError, OverflowError):
        detail = "observed_at must be an RFC 3339 time like 2026-01-31T12:00:00Z."
    issues.append(FieldIssue("/observed_at", detail, "bad_timestamp"))
    return None


def _unknown_fields(raw: Mapping[str, object], profile: Profile) -> list[FieldIssue]:
    known = (*MACHINE_KEYS, *profile.signal_names, *OPTIONAL_KEYS)
    issues = []
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(shown(key), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            issues.append(FieldIssue(_pointer(key), f"Unknown field {shown(key)}{hint}", "unknown_field"))
    return issues
