"""What the doors take and answer about messages between systems."""

from datetime import datetime
from typing import Annotated

import msgspec

from gateway.alarm_verdict_views import Actor, Hours, Instant, Money, Name, Note
from gateway.alarms.track_record import Finding
from gateway.instants import instant
from gateway.store.webhooks import Delivery, DeliveryStatus


class WebhookDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message about an alarm. `message_id` is the same at every attempt; `answer` is the last one's HTTP status."""

    message_id: str
    alarm_id: str
    kind: str
    status: DeliveryStatus
    attempts: int
    made_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    answer: int | None
    error: str


class WebhookPage(msgspec.Struct, frozen=True, kw_only=True):
    """Messages, the newest first. `configured`: a receiver is set; `counts` are all messages by status."""

    configured: bool
    deliveries: list[WebhookDelivery]
    next_cursor: str | None
    counts: dict[str, int]


class WorkOrderReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a finished work order found about an alarm: becomes its verdict. Fields as in `VerdictRequest`.

    `actor` is who reported it in the other system.
    """

    alarm_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
    work_order: Name
    finding: Finding
    actor: Actor | None = None
    true_mode: Name | None = None
    failed_at: Instant | None = None
    cost: Money | None = None
    down_h: Hours = 0.0
    note: Note = ""


def delivery_view(delivery: Delivery) -> WebhookDelivery:
    """The message with its times as people read them."""
    return WebhookDelivery(
        message_id=delivery.id,
        alarm_id=delivery.alarm_id,
        kind=delivery.kind,
        status=delivery.status,
        attempts=delivery.attempts,
        made_at=instant(delivery.made_at),
        next_at=instant(delivery.next_at) if delivery.next_at is not None else None,
        settled_at=instant(delivery.settled_at) if delivery.settled_at is not None else None,
        answer=delivery.answer,
        error=delivery.error,
    )
