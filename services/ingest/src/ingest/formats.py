"""A request body → its readings as JSON texts, in order. Pure: decides nothing about what the readings say."""

import io
from collections.abc import Iterable, Mapping
from itertools import islice

import msgspec

from ingest.csv_rows import CsvError, csv_rows
from models.profile import Profile
from models.reading import Refusal

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
MEDIA_TYPES = (JSON, NDJSON, CSV)
Item = bytes | Refusal

_array = msgspec.json.Decoder(list[msgspec.Raw])


class BodyError(ValueError):
    """The body as a whole is not what its content type says. `code` is for programs, the message for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class TooMany(ValueError):
    """The body has more readings than a request may hold."""


def is_single(media_type: str, body: bytes) -> bool:
    """Whether the body is one reading by its form, not a list that happens to hold one."""
    return media_type == JSON and not body.lstrip(b" \t\r\n").startswith(b"[")


def split(media_type: str, body: bytes, limit: int, profiles: Mapping[str, Profile], default: str) -> list[Item]:
    """The readings of a body, 1 to `limit`, each as JSON text, or as a refusal where a row cannot become one.

    `media_type` is one of MEDIA_TYPES; `default` names the equipment profile of CSV rows that name none.
    Raises BodyError or TooMany.
    """
    if media_type == CSV:
        items = _csv(body, limit, profiles, default)
    elif media_type == NDJSON:
        items = _first(limit, (line for line in body.split(b"\n") if line.strip()))
    elif is_single(media_type, body):
        items = [body] if body.strip() else []
    else:
        items = _first(limit, _elements(body))
    if not items:
        raise BodyError("empty_body", "the body holds no reading")
    return items


def _elements(body: bytes) -> list[bytes]:
    try:
        return [bytes(element) for element in _array.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BodyError("malformed_json", f"the array is no JSON: {error}") from error
    except RecursionError as error:
        raise BodyError("malformed_json", "the array is nested too deeply") from error


def _csv(body: bytes, limit: int, profiles: Mapping[str, Profile], default: str) -> list[Item]:
    try:
        text = body.decode("utf-8-sig")
        return _first(limit, csv_rows(io.StringIO(text, newline=""), profiles, default))
    except UnicodeDecodeError as error:
        raise BodyError("malformed_csv", "the text is not UTF-8") from error
    except CsvError as error:
        raise BodyError("malformed_csv", str(error)) from error


def _first(limit: int, items: Iterable[Item]) -> list[Item]:
    taken = list(islice(items, limit + 1))
    if len(taken) > limit:
        raise TooMany(f"a request may hold at most {limit} readings")
    return taken
