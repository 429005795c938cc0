"""Who signed a message, and when: as the Standard Webhooks specification has it."""

import pytest

from gateway.webhook_signature import BadSecret, BadSignature, key_of, signed, verified
from services.gateway.tests.receiving import SECRET

KEY = key_of(SECRET)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks specification."""
    headers = signed(KEY, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_only_the_message_that_was_signed_is_believed() -> None:
    headers = signed(KEY, "m1", 1_000, b"body")
    assert verified(KEY, headers, b"body", 1_299.0) == "m1"
    assert verified(KEY, headers | {"webhook-signature": f"v1,x {headers['webhook-signature']}"}, b"body", 701) == "m1"
    for wrong, body, now_s in (
        ({}, b"bodY", 1_000.0),
        ({}, b"body", 1_301.0),
        ({}, b"body", 699.0),
        ({"webhook-id": "m2"}, b"body", 1_000.0),
        ({"webhook-timestamp": "1001"}, b"body", 1_000.0),
        ({"webhook-timestamp": ""}, b"body", 1_000.0),
        ({"webhook-signature": ""}, b"body", 1_000.0),
    ):
        with pytest.raises(BadSignature):
            verified(KEY, headers | wrong, body, now_s)
    with pytest.raises(BadSignature):
        verified(key_of("another secret, long enough"), headers, b"body", 1_000.0)
    for secret in ("", "short", "whsec_***", "whsec_c2hvcnQ="):
        with pytest.raises(BadSecret):
            key_of(secret)
