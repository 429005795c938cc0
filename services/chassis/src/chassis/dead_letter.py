"""Dead letters: records that can never work, kept with their original bytes, coordinates and a reason code.

On `pm.dead-letters` the key and the value are those of the refused record, untouched; everything else is in headers.
`id` is derived from where the record came from, so that a record refused twice is one dead letter.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.event_log import Event, Headers, Record
from chassis.topics import DEAD_LETTERS

DETAIL_LIMIT = 512


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused record. `origin` is `topic/partition/offset` of the record or `source:event id` without a record."""

    id: str
    origin: str
    code: str
    detail: str
    service: str
    refused_at: datetime
    key: bytes | None
    value: bytes
    headers: Headers


def dead_letter_of(record: Record, code: str, detail: str, service: str, now: datetime) -> Event:
    """The event that buries `record`. `now` is UTC; `detail` is cut to 512 characters."""
    origin = f"{record.topic}/{record.partition}/{record.offset}"
    return dead_letter_event(origin, code, detail, service, now, record.key, record.value, record.headers)


def dead_letter_event(
    origin: str,
    code: str,
    detail: str,
    service: str,
    now: datetime,
    key: bytes | None,
    value: bytes,
    headers: Headers = (),
) -> Event:
    """A dead letter for bytes that are not (yet) on a topic, such as those of a simulated or polled source."""
    ours: Headers = (
        ("pm-origin", origin.encode()),
        ("pm-code", code.encode()),
        ("pm-detail", detail[:DETAIL_LIMIT].encode(errors="replace")),
        ("pm-service", service.encode()),
        ("pm-refused-at", now.astimezone(UTC).isoformat().encode()),
    )
    kept = tuple((name, content) for name, content in headers if not name.startswith("pm-"))
    return Event(DEAD_LETTERS, key, value, kept + ours)


def read_dead_letter(record: Record) -> DeadLetter:
    """The dead letter in a record of `pm.dead-letters`.

    A record without our headers (written there by hand) is a dead letter too: code `foreign`, its own coordinates.
    """
    ours = {name: content.decode(errors="replace") for name, content in record.headers if name.startswith("pm-")}
    origin = ours.get("pm-origin", f"{record.topic}/{record.partition}/{record.offset}")
    try:
        refused_at = datetime.fromisoformat(ours["pm-refused-at"])
    except (KeyError, ValueError):
        refused_at = record.appended_at
    return DeadLetter(
        id=origin,
        origin=origin,
        code=ours.get("pm-code", "foreign"),
        detail=ours.get("pm-detail", "a record without dead-letter headers"),
        service=ours.get("pm-service", "unknown"),
        refused_at=refused_at,
        key=record.key,
        value=record.value,
        headers=tuple((name, content) for name, content in record.headers if not name.startswith("pm-")),
    )
