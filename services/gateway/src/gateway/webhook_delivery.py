"""The thread that brings messages to the other system: signed, repeated with growing pauses, given up after a limit."""

import http.client
import logging
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from chassis.watchdog import STUCK_STATUS
from gateway.instants import SECOND_US, micros
from gateway.metrics import GatewayMetrics
from gateway.store import Store, StoreAway, webhooks
from gateway.store.webhooks import Delivery
from gateway.webhook_signature import BadSecret, key_of, signed

log = logging.getLogger(__name__)
# What a system that plans work has to know of.
ANNOUNCED = frozenset({"raised", "raised_again", "escalated", "acknowledged", "returned", "closed"})
_WAIT_S = 2.0
_AT_ONCE = 20
_LONGEST_PAUSE_S = 3_600
_ANSWER_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where messages go, and how patiently. The secret is read for each message: a new one needs no restart."""

    url: str
    secret_file: Path
    timeout_s: float
    attempts: int


class WebhookDelivery:
    """A context manager: messages are delivered, by a thread of its own, while it is open. Without a receiver: none."""

    def __init__(
        self,
        store: Store,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        receiver: Receiver | None,
        *,
        every_s: float,
        end: Callable[[int], object],
    ) -> None:
        """`end` gets the exit status when the thread fails."""
        self._store, self._metrics, self._clock, self._receiver = store, metrics, clock, receiver
        self._every_s, self._end = every_s, end
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "WebhookDelivery":
        self._stop.clear()
        if self._receiver is not None:
            self._thread = threading.Thread(
                target=self._run, args=(self._receiver,), name="gateway-webhooks", daemon=True
            )
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_WAIT_S)

    def _run(self, receiver: Receiver) -> None:
        try:
            while not self._stop.wait(self._every_s):
                while self._round(receiver) == _AT_ONCE and not self._stop.is_set():
                    pass
        except Exception:
            log.exception("delivering messages failed, the process ends")
            self._end(STUCK_STATUS)

    def _round(self, receiver: Receiver) -> int:
        """How many messages were tried; 0 while the store is away."""
        now_us = micros(self._clock())
        # Long enough for all of them to time out.
        mine_until_us = now_us + round((receiver.timeout_s + 1) * (_AT_ONCE + 1) * SECOND_US)
        try:
            due = webhooks.take_due(self._store, now_us, mine_until_us, _AT_ONCE)
            for delivery in due:
                if self._stop.is_set():
                    break
                self._try(receiver, delivery)
        except StoreAway as error:
            log.warning("messages wait for the store", extra={"detail": str(error)})
            return 0
        return len(due)

    def _try(self, receiver: Receiver, delivery: Delivery) -> None:
        answer, error = post(receiver, delivery, micros(self._clock()) // SECOND_US)
        now_us, attempts = micros(self._clock()), delivery.attempts + 1
        if answer is not None and 200 <= answer < 300:
            webhooks.settle(self._store, delivery.id, "delivered", None, now_us, answer, "")
            self._metrics.webhooks.labels("delivered").inc()
        elif attempts >= receiver.attempts:
            webhooks.settle(self._store, delivery.id, "dead", None, now_us, answer, error)
            self._metrics.webhooks.labels("dead").inc()
            log.error("a message is given up", extra={"message_id": delivery.id, "detail": error})
        else:
            pause_s = min(2**attempts, _LONGEST_PAUSE_S)
            webhooks.settle(self._store, delivery.id, "pending", now_us + pause_s * SECOND_US, now_us, answer, error)
            self._metrics.webhooks.labels("failed").inc()


def post(receiver: Receiver, delivery: Delivery, now_s: int) -> tuple[int | None, str]:
    """One attempt: the status of the answer, None without one, and a sentence. Redirects are not followed."""
    try:
        key = key_of(receiver.secret_file.read_text(encoding="utf-8"))
        headers = {"content-type": "application/json", "user-agent": "pm-gateway"}
        headers |= signed(key, delivery.id, now_s, delivery.body)
        to = urlsplit(receiver.url)
        connection = _connection(receiver, to.scheme, to.hostname or "", to.port)
        try:
            connection.request("POST", (to.path or "/") + (f"?{to.query}" if to.query else ""), delivery.body, headers)
            answer = connection.getresponse()
            answer.read(_ANSWER_BYTES)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, BadSecret, UnicodeDecodeError) as error:
        return None, f"{type(error).__name__}: {error}"
    return answer.status, "" if answer.status < 300 else f"the receiver answered {answer.status}"


def _connection(receiver: Receiver, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=receiver.timeout_s, context=context)
    return http.client.HTTPConnection(host, port, timeout=receiver.timeout_s)
