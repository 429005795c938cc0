"""A reading: bytes in, Reading or coded Refusal out; the same decoder at every door and on the topic.

The fast path decodes into a struct made per profile. Whatever it does not take goes to `models.diagnosis`, which either
names everything that is wrong or, for unusual but valid spellings, gives the same fields.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from models.diagnosis import EVENT_ID, MACHINE_ID, MACHINE_KEYS, OPTIONAL_KEYS, Fields, examine, parse, product_type_of
from models.equipment import Profile
from models.refusal import FieldIssue, Refusal

__all__ = ["FieldIssue", "Reading", "ReadingDecoder", "Refusal", "in_window"]

_EVENT_ID_LENGTH = 32
_TYPE_ASSUMED = "product_type"
_ZonedTime = Annotated[datetime, msgspec.Meta(tz=True)]


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One observation of one machine. `values` are in the order and units of the profile's signals; times are UTC.

    `assumptions` are sentences about what the sender left to us.
    """

    machine_id: str
    equipment: str
    product_type: str
    observed_at: datetime
    received_at: datetime
    event_id: str
    values: tuple[float, ...]
    assumptions: tuple[str, ...]


class _Equipment(msgspec.Struct):
    equipment: str


_which_equipment = msgspec.json.Decoder(_Equipment)


class ReadingDecoder:
    """Decodes and encodes readings of the given equipment profiles; stateless and safe to share between threads."""

    def __init__(self, profiles: Mapping[str, Profile], default_equipment: str) -> None:
        """Raises KeyError if `default_equipment` is not among the profiles."""
        self._profiles = dict(profiles)
        self._default = default_equipment
        self._fast = {name: _struct_decoder(profile) for name, profile in self._profiles.items()}
        if default_equipment not in self._profiles:
            raise KeyError(default_equipment)

    def decode(self, body: bytes, received_at: datetime) -> Reading | Refusal:
        """The reading in a JSON object. `received_at` has a zone and stands in for a missing `observed_at`."""
        fields = self._fast_fields(body)
        if fields is None:
            raw = parse(body)
            if isinstance(raw, Refusal):
                return raw
            return self.from_mapping(raw, received_at)
        return _reading(fields, received_at)

    def from_mapping(self, raw: Mapping[str, object], received_at: datetime) -> Reading | Refusal:
        """The reading in an already parsed object; the same rules as `decode`."""
        fields = examine(raw, self._profiles, self._default)
        return fields if isinstance(fields, Refusal) else _reading(fields, received_at)

    def encode(self, reading: Reading) -> bytes:
        """Normalised flat JSON for the topic; decoding it gives the same reading.

        A product type that was assumed is left out, so that whoever reads it makes and tells the same assumption.
        """
        profile = self._profiles[reading.equipment]
        members: dict[str, object] = {"machine_id": reading.machine_id, "equipment": reading.equipment}
        if not any(assumption.startswith(_TYPE_ASSUMED) for assumption in reading.assumptions):
            members["product_type"] = reading.product_type
        members |= {"observed_at": reading.observed_at, "event_id": reading.event_id}
        members |= zip(profile.signal_names, reading.values, strict=True)
        return msgspec.json.encode(members)

    def _fast_fields(self, body: bytes) -> Fields | None:
        """The fields of a plain valid reading, None if the slow way has to look at it."""
        try:
            name = self._default
            if len(self._profiles) > 1 and b'"equipment"' in body:
                name = _which_equipment.decode(body).equipment
            profile, decoder = self._profiles[name], self._fast[name]
            *values, udi, machine_id, equipment, product_type, observed_at, event_id = msgspec.structs.astuple(
                decoder.decode(body)
            )
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError):
            return None
        machine_key = "machine_id" if udi is None else "udi"
        optional = (udi, machine_id, equipment, product_type, observed_at, event_id)
        # Each key and each text has two quotes. More quotes than that: a key given twice, or escapes; look closely.
        quotes = 2 * len(values) + 4 * (len(optional) - optional.count(None))
        machine = machine_id if udi is None else udi
        if (
            body.count(b'"') != quotes
            or (udi is None) == (machine_id is None)
            or not MACHINE_ID.fullmatch(machine)
            or (equipment is not None and equipment != name)
            or (event_id is not None and not EVENT_ID.fullmatch(event_id))
        ):
            return None
        type_assumed = product_type is None
        if type_assumed:
            product_type = product_type_of(machine, profile)
        if product_type not in profile.types:
            return None
        if observed_at is not None and observed_at.tzinfo is not UTC:
            try:
                observed_at = observed_at.astimezone(UTC)
            except OverflowError:
                return None
        numbers = tuple([value + 0.0 for value in values])  # -0.0 becomes 0.0: equal readings get equal event ids
        return Fields(profile, machine_key, machine, numbers, product_type, type_assumed, observed_at, event_id)


def in_window(reading: Reading, now: datetime, past_s: float = 7 * 86400, future_s: float = 600) -> Refusal | None:
    """A refusal `timestamp_out_of_range` unless `observed_at` lies in [now - past_s, now + future_s]."""
    age = now - reading.observed_at
    if timedelta(seconds=-future_s) <= age <= timedelta(seconds=past_s):
        return None
    allowed = f"at most {past_s:g} s old and {future_s:g} s ahead"
    detail = f"observed_at {reading.observed_at.isoformat()} is too far from now; {allowed}."
    issue = FieldIssue("/observed_at", detail, "timestamp_out_of_range")
    return Refusal(issue.code, detail, (issue,), reading.machine_id)


def _struct_decoder(profile: Profile) -> msgspec.json.Decoder[Any]:
    """Decodes into a struct whose fields are the signals, then the optional texts (None = not given)."""
    signals = [(name, float) for name in profile.signal_names]
    texts = [(key, _ZonedTime if key == "observed_at" else str, None) for key in (*MACHINE_KEYS, *OPTIONAL_KEYS)]
    struct = msgspec.defstruct("Reading", [*signals, *texts], forbid_unknown_fields=True, gc=False)
    return msgspec.json.Decoder(struct)


def _reading(fields: Fields, received_at: datetime) -> Reading:
    profile, machine_id = fields.profile, fields.machine_id
    received_at = received_at.astimezone(UTC)
    observed_at = fields.observed_at or received_at
    assumptions: tuple[str, ...] = ()
    if fields.type_assumed:
        assumptions = (f"{_TYPE_ASSUMED} {fields.product_type} taken from {fields.machine_key}",)
    event_id = fields.event_id or _event_id(machine_id, observed_at, profile.name, fields.values)
    return Reading(
        machine_id, profile.name, fields.product_type, observed_at, received_at, event_id, fields.values, assumptions
    )


def _event_id(machine_id: str, observed_at: datetime, equipment: str, values: tuple[float, ...]) -> str:
    """The same for the same machine, time and content, so that a re-send is a duplicate and not a new reading."""
    content = f"{machine_id}|{observed_at.isoformat()}|{equipment}|{values!r}"
    return hashlib.sha256(content.encode()).hexdigest()[:_EVENT_ID_LENGTH]
