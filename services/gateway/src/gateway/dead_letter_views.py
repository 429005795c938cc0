"""What the doors answer about dead letters. Foreign bytes are shown as text only when all of them can be read."""

import base64
import re
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from gateway.instants import instant
from gateway.refusals import printable
from gateway.store.dead_letters import Letter, Status

_ORIGIN = re.compile(r"([a-z0-9.-]{1,100})/(\d{1,9})/(\d{1,18})")
_LAYOUT = "\n\r\t"
_HEADERS = 32
_HEADER_BYTES = 256


class Shown(msgspec.Struct, frozen=True):
    """Bytes for a person: as `text`, or in `base64` when they are no readable UTF-8; `size` is of all of them."""

    encoding: Literal["text", "base64"]
    content: str
    size: int
    truncated: bool


class Header(msgspec.Struct, frozen=True):
    """A header of the refused record."""

    name: str
    value: Shown


class DeadLetterItem(msgspec.Struct, frozen=True, kw_only=True):
    """A refused record: why, where it lay, and what became of it.

    `status`: `open` waits for somebody; `redriven` is back on its topic, outcome not known yet; `stored`: its reading
    is stored; `dead_again`: refused once more, as the dead letter `successor`. `topic`, `partition` and `offset` are
    null for what never lay on a topic; `redrivable` says whether it can be put back.
    """

    id: str
    code: str
    detail: str
    service: str
    machine_id: str | None
    refused_at: datetime
    stored_at: datetime
    origin: str
    topic: str | None
    partition: int | None
    offset: int | None
    status: Status
    redrivable: bool
    redrives: int
    redriven_at: datetime | None
    successor: str | None
    value: Shown


class DeadLetterDetail(DeadLetterItem, frozen=True, kw_only=True):
    """A refused record whole: up to 64 KiB of its bytes, its key and its headers."""

    key: Shown | None
    headers: list[Header]


class DeadLetterPage(msgspec.Struct, frozen=True):
    """Dead letters, the newest refusal first."""

    dead_letters: list[DeadLetterItem]
    next_cursor: str | None


LetterId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class RedriveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which dead letters go back: those named by `ids`, or the oldest `limit` open ones with `code`; one of both."""

    ids: Annotated[list[LetterId], msgspec.Meta(min_length=1, max_length=500)] | None = None
    code: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,63}$")] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


RedriveOutcome = Literal[
    "published", "unknown", "not_published", "awaiting", "stored", "dead_again", "not_redrivable", "not_found"
]


class RedrivenLetter(msgspec.Struct, frozen=True):
    """What this request did with one dead letter.

    `published`: its bytes are on their topic; `unknown`: perhaps, no acknowledgement came in time; `not_published`:
    the log took no more. The others were left alone: `awaiting` the outcome of an earlier redrive, `stored` or
    `dead_again` by one, `not_redrivable`, `not_found`.
    """

    id: str
    outcome: RedriveOutcome


class RedriveAnswer(msgspec.Struct, frozen=True):
    """What one request did. The same `Idempotency-Key` gets this answer again, and nothing is published twice."""

    redrive_id: str
    published: int
    letters: list[RedrivenLetter]


def item(letter: Letter) -> DeadLetterItem:
    """The dead letter in short."""
    return DeadLetterItem(**_facts(letter))  # type: ignore[arg-type]  # the names are those of the struct


def detail(letter: Letter) -> DeadLetterDetail:
    """The dead letter whole."""
    headers = [
        Header(printable(name, 100), shown(content[:_HEADER_BYTES], len(content)))
        for name, content in letter.original_headers()[:_HEADERS]
    ]
    key = shown(letter.key[:_HEADER_BYTES], len(letter.key)) if letter.key is not None else None
    return DeadLetterDetail(**_facts(letter), key=key, headers=headers)  # type: ignore[arg-type]


def shown(start: bytes, size: int) -> Shown:
    """The beginning of bytes, of which there are `size`."""
    truncated = len(start) < size
    # A cut may have gone through a character of up to four bytes.
    for cut in range(4 if truncated else 1):
        try:
            text = start[: len(start) - cut].decode()
        except UnicodeDecodeError:
            continue
        if all(character.isprintable() or character in _LAYOUT for character in text):
            return Shown("text", text, size, truncated)
        break
    return Shown("base64", base64.b64encode(start).decode(), size, truncated)


def _facts(letter: Letter) -> dict[str, object]:
    place = _ORIGIN.fullmatch(letter.origin)
    return {
        "id": letter.id,
        "code": letter.code,
        "detail": letter.detail,
        "service": letter.service,
        "machine_id": letter.machine_id,
        "refused_at": instant(letter.refused_at),
        "stored_at": instant(letter.stored_at),
        "origin": printable(letter.origin, 200),
        "topic": place[1] if place else None,
        "partition": int(place[2]) if place else None,
        "offset": int(place[3]) if place else None,
        "status": letter.status,
        "redrivable": letter.is_redrivable,
        "redrives": letter.redrives,
        "redriven_at": instant(letter.redriven_at) if letter.redriven_at is not None else None,
        "successor": letter.successor,
        "value": shown(letter.value, letter.size),
    }
