"""JSON texts in, verdicts out: decoded, plausible, in the event-time window, one event per id. Time is a parameter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.plausibility import judge
from models.profile import Profile
from models.reading import FieldIssue, Reading, ReadingDecoder, Refusal, in_window

_READING_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading to publish and its value on the topic."""

    reading: Reading
    value: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """The verdict on each item, in order. A number is an index into `taken`: items that say the same share one."""

    verdicts: list[int | Refusal]
    taken: list[Taken]


class Acceptance:
    """What ingest takes. Stateless; safe to share between threads."""

    def __init__(self, profiles: Mapping[str, Profile], equipment: str, past_s: float, future_s: float) -> None:
        """`equipment` is the profile of readings that name none; `past_s` and `future_s` count from the receipt."""
        self.profiles, self.equipment = profiles, equipment
        self._decoder = ReadingDecoder(profiles, equipment)
        self._past_s, self._future_s = past_s, future_s

    def examine(self, body: bytes, received_at: datetime) -> Reading | Refusal:
        """The reading in a JSON object, or why it is not taken. `received_at` is UTC."""
        if len(body) > _READING_LIMIT:
            return Refusal("malformed_json", f"A reading may have at most {_READING_LIMIT} bytes.")
        reading = self._decoder.decode(body, received_at)
        if isinstance(reading, Refusal):
            return reading
        refusal = judge(reading, self.profiles[reading.equipment])
        return refusal or in_window(reading, received_at, self._past_s, self._future_s) or reading

    def take(self, reading: Reading) -> Taken:
        """The reading with its normalised value for the topic."""
        return Taken(reading, self._decoder.encode(reading))

    def examine_all(self, items: Sequence[bytes | Refusal], received_at: datetime) -> Examined:
        """The verdicts on a whole body. Items that are refusals already stay so.

        The same id with the same content counts as one event; with other content it is refused, because only the first
        would ever be stored.
        """
        slots: dict[str, int] = {}
        examined = Examined([], [])
        for item in items:
            reading = item if isinstance(item, Refusal) else self.examine(item, received_at)
            if isinstance(reading, Refusal):
                examined.verdicts.append(reading)
                continue
            taken = self.take(reading)
            slot = slots.setdefault(reading.event_id, len(examined.taken))
            if slot == len(examined.taken):
                examined.taken.append(taken)
            same = examined.taken[slot].value == taken.value
            examined.verdicts.append(slot if same else _conflict(reading))
        return examined


def _conflict(reading: Reading) -> Refusal:
    detail = "An earlier reading of this body has the same event_id and other content."
    issue = FieldIssue("/event_id", detail, "conflicting_event_id")
    return Refusal(issue.code, detail, (issue,), reading.machine_id)
