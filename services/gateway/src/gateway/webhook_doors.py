"""The doors for messages between systems: what became of those that go out, and work orders that come in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge
from gateway import actor
from gateway.alarm_doors import known
from gateway.alarm_verdict_views import VerdictView, verdict_view
from gateway.bodies import text_of
from gateway.cursors import cursor as cursor_of
from gateway.cursors import place
from gateway.instants import SECOND_US, micros
from gateway.problems import (
    MalformedQuery,
    StoreUnavailable,
    UnknownAlarm,
    UnknownMessage,
    UnsignedMessage,
    WebhooksOff,
)
from gateway.store import Store, verdicts, webhooks
from gateway.store.verdicts import Verdict
from gateway.store.webhooks import DeliveryStatus
from gateway.webhook_signature import ID, SIGNATURE, TIMESTAMP, BadSecret, BadSignature, key_of, verified
from gateway.webhook_views import WebhookDelivery, WebhookPage, WorkOrderReport, delivery_view

MessageId = Annotated[str, InPath(pattern="^[0-9a-f]{32}-[0-9]{1,19}$")]
_LONGEST_ID = 128
_report = msgspec.json.Decoder(WorkOrderReport)
_SIGNED = [
    {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
    for name, text in (
        (ID, "Chosen by the sender; the same message again brings no second verdict"),
        (TIMESTAMP, "Seconds since 1970, within 5 minutes of now"),
        (SIGNATURE, "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` under the shared secret"),
    )
]


def webhook_routes(
    prefix: str, store: Store, clock: Callable[[], datetime], secret_file: Path | None, *, configured: bool
) -> APIRouter:
    """The routes below `prefix`/webhooks. Without a secret nothing is taken in."""
    router = APIRouter(prefix=f"{prefix}/webhooks", tags=["webhooks"])

    @router.get(
        "/deliveries",
        summary="Messages to the other system, and what became of them",
        responses=answers(200, WebhookPage, (MalformedQuery, StoreUnavailable)),
    )
    def list_deliveries(
        status: Annotated[DeliveryStatus | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=256, description="`next_cursor` of the page before")] = None,
    ) -> Response:
        before = None
        if cursor is not None:
            at, name = place(cursor, "webhooks", int)
            before = (int(at), name)
        # Counted before they are listed: a message that settles in between must not be announced and then be missing.
        counts = {"pending": 0, "delivered": 0, "dead": 0} | webhooks.counts(store)
        found = webhooks.page(store, status, before, limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return json_response(
            WebhookPage(
                configured=configured,
                deliveries=[delivery_view(each) for each in found[:limit]],
                next_cursor=cursor_of("webhooks", last.made_at, last.id) if last is not None else None,
                counts=counts,
            )
        )

    @router.post(
        "/deliveries/{message_id}/retry",
        summary="Try a dead message from the beginning",
        responses=answers(200, WebhookDelivery, (UnknownMessage, MalformedQuery, StoreUnavailable)),
    )
    def retry(message_id: MessageId) -> Response:
        """A message that is not dead is left alone."""
        if (delivery := webhooks.revive(store, message_id, micros(clock()))) is None:
            raise UnknownMessage(f"no message {message_id} is kept")
        return json_response(delivery_view(delivery))

    @router.post(
        "/work-orders",
        summary="What a finished work order found: becomes the verdict on its alarm",
        responses=answers(
            200,
            VerdictView,
            (UnknownAlarm, UnsignedMessage, WebhooksOff, BodyTooLarge, MalformedQuery, StoreUnavailable),
        ),
        openapi_extra=request_body(WorkOrderReport) | {"parameters": _SIGNED},
    )
    async def take_report(request: Request) -> Response:
        """Signed as the messages that go out. The same message again changes nothing, whatever was found since."""
        body = await request.body()

        def take() -> Response:
            now_us = micros(clock())
            message_id = _verified(secret_file, request, body, now_us)
            report = _decoded(body)
            alarm = known(store, report.alarm_id)
            verdicts.give(store, alarm, _verdict(report, now_us), message_id)
            verdict = verdicts.current(store, alarm.id)
            assert verdict is not None, "one was given, now or before"
            return json_response(verdict_view(verdict))

        return await run_in_threadpool(take)

    return router


def _verified(secret_file: Path | None, request: Request, body: bytes, now_us: int) -> str:
    if secret_file is None:
        raise WebhooksOff("GATEWAY_WEBHOOK_SECRET_FILE names no secret, so nobody can sign")
    try:
        key = key_of(secret_file.read_text(encoding="utf-8"))
    except (OSError, BadSecret, UnicodeDecodeError) as error:
        raise WebhooksOff("the secret cannot be used now; the log of the operator says why") from error
    try:
        message_id = verified(key, request.headers, body, now_us / SECOND_US)
    except BadSignature as error:
        raise UnsignedMessage(str(error)) from error
    if len(message_id) > _LONGEST_ID or not message_id.isprintable():
        raise MalformedQuery(f"{ID} has at most {_LONGEST_ID} characters that can be printed")
    return message_id


def _decoded(body: bytes) -> WorkOrderReport:
    try:
        report = _report.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedQuery(f"the body cannot be used: {error}") from error
    text_of(report.note, "/note")
    if any(name is not None and name.endswith("\n") for name in (report.alarm_id, report.work_order, report.true_mode)):
        raise MalformedQuery("a name ends with a line break")
    return report


def _verdict(report: WorkOrderReport, now_us: int) -> Verdict:
    return Verdict(
        finding=report.finding,
        true_mode=report.true_mode,
        failed_at=micros(report.failed_at) if report.failed_at is not None else None,
        cost=report.cost,
        down_h=report.down_h,
        note=report.note.strip(),
        actor=actor.of_work_order(report.work_order, report.actor),
        given_at=now_us,
    )
