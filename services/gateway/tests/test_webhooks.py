"""Messages to another system over real HTTP, signed and repeated; and work orders that come back as verdicts."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from chassis.assessment import Assessment
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.settings import GatewaySettings
from gateway.store import Store, alarms, webhooks
from gateway.store.assessments import Judged
from gateway.webhook_delivery import ANNOUNCED, Receiver, WebhookDelivery
from gateway.webhook_signature import key_of, signed, verified
from services.gateway.tests.alarm_desk import raise_alarm, refused, the_alarm
from services.gateway.tests.conftest import NOW, running
from services.gateway.tests.receiving import SECRET, Desk, receiving
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_alarm_store import power_failure, put

Make = Callable[..., Assessment]
Judge = Callable[..., Judged]
KEY = key_of(SECRET)


def test_a_receiver_without_a_secret_is_no_setting() -> None:
    with pytest.raises(ValidationError, match="nothing is sent unsigned"):
        GatewaySettings(webhook_url="https://example.org/hook")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with receiving() as desk:
        yield desk


@dataclass
class Clock:
    """A clock that the test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    return path


def delivery(store: Store, clock: Clock, desk: Desk, secret_file: Path, attempts: int = 3) -> WebhookDelivery:
    def fail(status: int) -> None:
        raise AssertionError(f"the gateway ended itself with status {status}")

    receiver = Receiver(desk.url, secret_file, timeout_s=10, attempts=attempts)
    return WebhookDelivery(store, GatewayMetrics(CollectorRegistry()), clock, receiver, every_s=0.02, end=fail)


def until(store: Store, holds: Callable[[webhooks.Delivery], bool]) -> webhooks.Delivery:
    """The one message, as soon as it holds."""
    deadline = time.monotonic() + 20
    while True:
        (found,) = webhooks.page(store, None, None, 10)
        if holds(found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def test_a_message_is_repeated_until_it_arrives(
    store: Store, judge: Judge, clock: Clock, desk: Desk, secret_file: Path
) -> None:
    store.announced = ANNOUNCED
    put(store, NOW, power_failure(judge))
    put(store, NOW, power_failure(judge))
    (alarm,) = alarms.page(store, alarms.Wanted(), "rank", None, 10, micros(NOW))
    desk.answers = [500, 302]
    with delivery(store, clock, desk, secret_file):
        for attempts, answer in ((1, 500), (2, 302)):
            failed = until(store, lambda found: found.answer == answer)  # noqa: B023
            assert (failed.status, failed.attempts) == ("pending", attempts)
            assert failed.next_at == micros(clock.now) + 2**attempts * 1_000_000
            clock.now += timedelta(seconds=2**attempts)
        arrived = until(store, lambda found: found.status == "delivered")
    assert (arrived.attempts, arrived.answer, arrived.next_at) == (3, 204, None)
    assert len(desk.heard) == 3
    for headers, body in desk.heard:
        assert verified(KEY, headers, body, clock.now.timestamp()) == arrived.id == f"{alarm.id}-1"
        assert json.loads(body) == {
            "type": "alarm.raised",
            "timestamp": (NOW - timedelta(seconds=58)).isoformat().replace("+00:00", "Z"),
            "data": {
                "alarm_id": alarm.id,
                "machine_id": "M14860",
                "equipment": "milling",
                "mode": "PWF",
                "priority": 1,
                "state": "unacknowledged",
                "sequence": 1,
                "actor": "system",
                "reason": "at or above 0.5 for 2 s",
                "score": 0.9,
            },
        }


def test_a_message_is_given_up_after_the_last_attempt_and_can_be_tried_again(
    store: Store, judge: Judge, clock: Clock, desk: Desk, secret_file: Path
) -> None:
    store.announced = ANNOUNCED
    put(store, NOW, power_failure(judge))
    desk.answers = [503, 503]
    with delivery(store, clock, desk, secret_file, attempts=2):
        until(store, lambda found: found.attempts == 1 and found.error != "")
        clock.now += timedelta(seconds=2)
        dead = until(store, lambda found: found.status == "dead")
        assert (dead.attempts, dead.answer, dead.error) == (2, 503, "the receiver answered 503")
        assert webhooks.counts(store) == {"dead": 1}
        clock.now += timedelta(days=1)
        assert webhooks.revive(store, dead.id, micros(clock.now)) is not None
        assert until(store, lambda found: found.status == "delivered").attempts == 1
    assert webhooks.revive(store, "nobody-1", 0) is None


def test_a_receiver_that_is_away_and_a_secret_that_is_missing_are_failures(
    store: Store, judge: Judge, clock: Clock, desk: Desk, tmp_path: Path, secret_file: Path
) -> None:
    store.announced = ANNOUNCED
    put(store, NOW, power_failure(judge))
    desk.url = "http://127.0.0.1:1/nobody"
    with delivery(store, clock, desk, secret_file):
        away = until(store, lambda found: found.error != "")
    assert (away.answer, away.error[:22]) == (None, "ConnectionRefusedError")
    clock.now += timedelta(minutes=1)
    with delivery(store, clock, desk, tmp_path / "nothing"):
        assert (
            "FileNotFoundError"
            in until(
                store, lambda found: found.attempts == 2 and found.settled_at is None and "File" in found.error
            ).error
        )


def test_two_gateways_send_each_message_once(
    store: Store, judge: Judge, clock: Clock, desk: Desk, secret_file: Path
) -> None:
    store.announced = ANNOUNCED
    for number in range(30):
        put(store, NOW, power_failure(judge, machine=f"M{number}"))
    with delivery(store, clock, desk, secret_file), delivery(store, clock, desk, secret_file):
        deadline = time.monotonic() + 30
        while webhooks.counts(store) != {"delivered": 30}:
            assert time.monotonic() < deadline, webhooks.counts(store)
            time.sleep(0.02)
    ids = [headers["webhook-id"] for headers, _ in desk.heard]
    assert len(ids) == len(set(ids)) == 30


def test_nobody_is_told_unless_somebody_wants_to_know(store: Store, judge: Judge) -> None:
    put(store, NOW, power_failure(judge))
    assert webhooks.page(store, None, None, 10) == []


@pytest.fixture
def signing_gateway(store_url: str, store: Store, tmp_path: Path, secret_file: Path) -> Iterator[Gateway]:
    with running(store_url, tmp_path, webhook_secret_file=secret_file) as gateway:
        yield gateway


def report(gateway: Gateway, message_id: str, key: bytes = KEY, ago_s: int = 0, **fields: Any) -> Any:
    body = json.dumps({"work_order": "4711", "finding": "confirmed"} | fields).encode()
    headers = signed(key, message_id, int(NOW.timestamp()) - ago_s, body) | {"content-type": "application/json"}
    return gateway.client.post("/gateway/webhooks/work-orders", content=body, headers=headers)


def test_a_work_order_becomes_a_verdict_once(signing_gateway: Gateway, make: Make) -> None:
    signing_gateway.assess(*raise_alarm(make))
    alarm_id = the_alarm(signing_gateway, "M1")["alarm_id"]
    answer = report(signing_gateway, "m1", alarm_id=alarm_id, actor="bob", true_mode="OSF", cost=480, note="new tool")
    assert answer.status_code == 200, answer.text
    verdict = signing_gateway.get(f"/alarms/{alarm_id}")["verdict"]
    assert verdict == answer.json()
    assert (verdict["finding"], verdict["actor"], verdict["cost"]) == ("confirmed", "work order 4711 (bob)", 480.0)
    path = f"/gateway/alarms/{alarm_id}/verdict"
    assert signing_gateway.client.post(path, json={"actor": "ann", "finding": "false"}).status_code == 200
    # The same message a second time is no news: what was found since stands.
    again = report(signing_gateway, "m1", alarm_id=alarm_id, actor="bob", true_mode="OSF", cost=480, note="new tool")
    assert (again.status_code, again.json()["finding"]) == (200, "false")
    assert report(signing_gateway, "m2", alarm_id=alarm_id).json()["actor"] == "work order 4711"


def test_a_work_order_that_is_not_signed_is_refused(signing_gateway: Gateway, gateway: Gateway, make: Make) -> None:
    signing_gateway.assess(*raise_alarm(make))
    alarm_id = the_alarm(signing_gateway, "M1")["alarm_id"]
    other = key_of("another secret, long enough")
    assert refused(report(signing_gateway, "m1", other, alarm_id=alarm_id)) == (401, "signature_invalid")
    assert refused(report(signing_gateway, "m1", ago_s=301, alarm_id=alarm_id)) == (401, "signature_invalid")
    plain = signing_gateway.client.post("/gateway/webhooks/work-orders", json={"alarm_id": alarm_id})
    assert refused(plain) == (401, "signature_invalid")
    assert refused(report(signing_gateway, "m1", alarm_id="0" * 32)) == (404, "unknown_alarm")
    assert refused(report(signing_gateway, "m1", alarm_id=alarm_id, typo=1))[0] == 422
    assert signing_gateway.get(f"/alarms/{alarm_id}")["verdict"] is None
    assert refused(report(gateway, "m1", alarm_id=alarm_id)) == (503, "webhooks_off")


def test_messages_are_listed_and_tried_again_through_the_doors(
    store_url: str, store: Store, tmp_path: Path, secret_file: Path, desk: Desk, make: Make
) -> None:
    desk.answers = [500]
    settings = {
        "webhook_url": desk.url,
        "webhook_secret_file": secret_file,
        "webhook_attempts": 1,
        "webhook_every_s": 0.02,
    }
    with running(store_url, tmp_path, **settings) as gateway:
        gateway.assess(*raise_alarm(make))
        page = gateway.until("/webhooks/deliveries", lambda page: page["counts"]["dead"] == 1, status="dead")
        assert page["configured"] is True
        (message,) = page["deliveries"]
        assert (message["kind"], message["attempts"], message["answer"]) == ("raised", 1, 500)
        assert gateway.get("/webhooks/deliveries", status="delivered")["deliveries"] == []
        path = f"/gateway/webhooks/deliveries/{message['message_id']}/retry"
        assert gateway.client.post(path).json()["status"] in ("pending", "delivered")
        gateway.until("/webhooks/deliveries", lambda page: page["counts"]["delivered"] == 1)
        unknown = f"/gateway/webhooks/deliveries/{'0' * 32}-1/retry"
        assert refused(gateway.client.post(unknown)) == (404, "unknown_message")
