"""Cursors: where a page ended, as a text that a client hands back. Untrusted when it comes back."""

import base64
import binascii

import msgspec

from gateway.problems import MalformedQuery
from gateway.refusals import MACHINE_ID

_LARGEST = 2**63 - 1
Place = tuple[str | int | float, str]


class _Cursor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    order: str
    value: str | int | float
    id: str


_cursors = msgspec.json.Decoder(_Cursor)


def cursor(order: str, value: str | int | float, row_id: str) -> str:
    """A cursor after the row `row_id`, whose sort value is `value`, in a list sorted by `order`."""
    return base64.urlsafe_b64encode(msgspec.json.encode(_Cursor(order, value, row_id))).decode().rstrip("=")


def place(text: str, order: str, kind: type) -> Place:
    """The sort value, of type `kind`, and the row id in a cursor of a list sorted by `order`.

    Raises MalformedQuery for anything that `cursor` did not make for this order.
    """
    try:
        found = _cursors.decode(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise MalformedQuery("the cursor is not one of ours", code="bad_cursor") from error
    value = float(found.value) if kind is float and isinstance(found.value, int) else found.value
    fits = isinstance(value, kind) and (not isinstance(value, int) or abs(value) <= _LARGEST)
    # Row ids are machine ids or event ids: both are made of these characters only.
    named = MACHINE_ID.fullmatch("x" + found.id[:63]) and len(found.id) <= 64
    if found.order != order or not fits or not named or (kind is str and value != found.id):
        raise MalformedQuery("the cursor belongs to another list", code="bad_cursor")
    return value, found.id
