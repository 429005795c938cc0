"""What an answer of the door, or the lack of one, says of each reading of a request."""

import json
from dataclasses import dataclass
from typing import Any

from tests.faults.history import Outcome

# The log has said that it took nothing. Everything else without a 202 may have been stored.
_NOT_TAKEN = frozenset({"log_full", "log_unavailable"})
# The request ended before any of its readings was looked at.
_UNREAD = frozenset({413, 415, 429})


@dataclass(frozen=True, slots=True)
class Said:
    """The outcome of one reading in one attempt. `again` tells whether another attempt can change it."""

    outcome: Outcome
    status: int | None
    code: str | None
    again: bool


NO_ANSWER = Said("unknown", None, None, again=True)


def said(status: int, body: bytes, count: int) -> list[Said]:
    """What an answer says of each of `count` readings that were sent as one array."""
    document = _document(body)
    if status in _UNREAD:
        return [Said("refused", status, document.get("code"), again=status == 429)] * count
    results = document.get("results")
    if not isinstance(results, list) or len(results) != count:
        return [Said("unknown", status, document.get("code"), again=True)] * count
    return [_item(result) for result in sorted(results, key=lambda result: int(result["index"]))]


def _item(result: dict[str, Any]) -> Said:
    status, code = int(result["status"]), result.get("code")
    if status == 202:
        return Said("accepted", status, None, again=False)
    if status == 422:
        return Said("refused", status, code, again=False)
    return Said("refused" if code in _NOT_TAKEN else "unknown", status, code, again=True)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
