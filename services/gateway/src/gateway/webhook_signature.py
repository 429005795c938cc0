"""Signatures of messages between systems, as the Standard Webhooks specification 1.0 has them (symmetric, `v1`). Pure.

HMAC-SHA256 over `id.timestamp.body` under a shared secret; the id makes repetitions known, the timestamp replays.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from hashlib import sha256

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
# How far the clocks of two systems may be apart, and how long a message may be on its way.
TOLERANCE_S = 300
SHORTEST_SECRET = 24
_PREFIX = "whsec_"


class BadSecret(ValueError):
    """The text is no secret; the message says what one looks like."""


class BadSignature(Exception):
    """The message is not from who shares the secret, or is not of now."""


def key_of(text: str) -> bytes:
    """The key in a secret: `whsec_` and base64, or a text as it is. Raises BadSecret for a short or broken one."""
    secret = text.strip()
    try:
        key = base64.b64decode(secret[len(_PREFIX) :], validate=True) if secret.startswith(_PREFIX) else secret.encode()
    except binascii.Error as error:
        raise BadSecret("what follows whsec_ is no base64") from error
    if len(key) < SHORTEST_SECRET:
        raise BadSecret(f"a secret has at least {SHORTEST_SECRET} bytes")
    return key


def signed(key: bytes, message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The headers that sign `body`."""
    return {ID: message_id, TIMESTAMP: str(timestamp_s), SIGNATURE: _signature(key, message_id, str(timestamp_s), body)}


def verified(key: bytes, headers: Mapping[str, str], body: bytes, now_s: float) -> str:
    """The id of a message that is signed with the key and of now. Raises BadSignature."""
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not message_id or not timestamp.isdecimal() or len(timestamp) > 15:
        raise BadSignature(f"{ID} and {TIMESTAMP} are needed")
    expected = _signature(key, message_id, timestamp, body)
    # Several may stand there while a secret is being changed.
    given = headers.get(SIGNATURE, "").split(" ")
    if not any(hmac.compare_digest(expected.encode(), each.encode()) for each in given):
        raise BadSignature("the signature is not that of this message")
    if abs(now_s - int(timestamp)) > TOLERANCE_S:
        raise BadSignature(f"the message is more than {TOLERANCE_S} s from now")
    return message_id


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
