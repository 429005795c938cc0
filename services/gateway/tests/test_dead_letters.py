"""Dead letters for people: found, shown safely, put back on their topic once, and their outcome told."""

import base64
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.assessment import Assessment, encode
from chassis.dead_letter import DeadLetter, dead_letter_event
from chassis.event_log import Consumer, Event, LogUnavailable, PublishUnknown, Record
from chassis.topics import ASSESSMENTS, DEAD_LETTERS, READINGS
from gateway.dead_letter_views import RedriveRequest, shown
from gateway.instants import micros
from gateway.problems import LogAway
from gateway.redrive import Redriver
from gateway.retention import Retention
from gateway.store import Store, batch, dead_letters
from gateway.store.assessments import Judged
from gateway.store.dead_letters import Wanted, letter_id
from services.gateway.tests.running import Gateway

Make = Callable[..., Assessment]
Bury = Callable[..., DeadLetter]
Judge = Callable[..., Judged]


def refused(now: datetime, offset: int, value: bytes = b'{"event_id": "e1"}', code: str = "out_of_range") -> Event:
    headers = (("traceparent", b"00-1"), ("content-type", b"application/json"))
    origin = f"{READINGS}/0/{offset}"
    return dead_letter_event(origin, code, "too much", "inference", now, b"M14860", value, headers)


def write(store: Store, now: datetime, judged: list[Judged], letters: list[DeadLetter]) -> None:
    batch.write(store, judged, letters, micros(now), "milling", Retention(30))


def read(consumer: Consumer, count: int) -> list[Record]:
    records: list[Record] = []
    for _ in range(50):
        records += consumer.poll(100, 0.2)
        if len(records) >= count:
            break
    assert len(records) == count, records
    return records


def test_dead_letters_are_listed_filtered_and_paged(gateway: Gateway, now: datetime) -> None:
    gateway.publish(*(refused(now, n) for n in range(5)), refused(now, 9, code="unknown_equipment"))
    listed = gateway.until("/dead-letters", lambda page: len(page["dead_letters"]) == 6)
    first = listed["dead_letters"][0]
    assert (first["topic"], first["partition"], first["status"], first["redrivable"]) == (READINGS, 0, "open", True)
    assert first["value"] == {"encoding": "text", "content": '{"event_id": "e1"}', "size": 18, "truncated": False}
    assert len(gateway.get("/dead-letters", code="unknown_equipment")["dead_letters"]) == 1
    assert len(gateway.get("/dead-letters", machine="M1")["dead_letters"]) == 0
    assert len(gateway.get("/dead-letters", service="inference", status="open")["dead_letters"]) == 6
    seen, cursor = [], None
    while True:
        page = gateway.get("/dead-letters", limit=4, **({"cursor": cursor} if cursor else {}))
        seen += [letter["id"] for letter in page["dead_letters"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [letter["id"] for letter in listed["dead_letters"]]
    assert gateway.client.get("/gateway/dead-letters", params={"cursor": "x"}).status_code == 422


def test_one_dead_letter_shows_its_bytes_and_headers(gateway: Gateway, now: datetime) -> None:
    gateway.publish(refused(now, 1, value=b"\xff\x00<script>"))
    (letter,) = gateway.until("/dead-letters", lambda page: page["dead_letters"])["dead_letters"]
    detail = gateway.get(f"/dead-letters/{letter['id']}")
    assert detail["value"]["encoding"] == "base64"
    assert base64.b64decode(detail["value"]["content"]) == b"\xff\x00<script>"
    assert [header["name"] for header in detail["headers"]] == ["traceparent", "content-type"]
    assert detail["key"]["content"] == "M14860"
    answer = gateway.client.get(f"/gateway/dead-letters/{'0' * 32}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_dead_letter")


@pytest.mark.parametrize(
    ("start", "size", "encoding", "content"),
    [
        ("häß\n".encode(), 6, "text", "häß\n"),
        ("h€".encode()[:3], 9, "text", "h"),
        ("h€".encode()[:3], 3, "base64", base64.b64encode("h€".encode()[:3]).decode()),
        (b"a\x1b[31m", 6, "base64", base64.b64encode(b"a\x1b[31m").decode()),
        ("a\u202eb".encode(), 5, "base64", base64.b64encode("a\u202eb".encode()).decode()),
        (b"", 0, "text", ""),
    ],
)
def test_bytes_are_text_only_when_all_can_be_read(start: bytes, size: int, encoding: str, content: str) -> None:
    answer = shown(start, size)
    assert (answer.encoding, answer.content, answer.truncated) == (encoding, content, len(start) < size)


def test_a_redriven_reading_goes_back_as_it_came_and_once(gateway: Gateway, make: Make, now: datetime) -> None:
    gateway.publish(refused(now, 1))
    (letter,) = gateway.until("/dead-letters", lambda page: page["dead_letters"])["dead_letters"]
    consumer = gateway.log.consumer("test", [READINGS])
    path, key = f"/gateway/dead-letters/{letter['id']}/redrive", {"Idempotency-Key": "try-1"}
    answers = [gateway.client.post(path, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["letters"] == [{"id": letter["id"], "outcome": "published"}]
    other = gateway.client.post(path)
    assert other.json()["letters"][0]["outcome"] == "awaiting"
    (record,) = read(consumer, 1)
    assert (record.key, record.value) == (b"M14860", b'{"event_id": "e1"}')
    assert dict(record.headers) == {
        "traceparent": b"00-1",
        "content-type": b"application/json",
        "redrive-of": letter["id"].encode(),
    }
    assert consumer.poll(10, 0.2) == []
    gateway.assess(make("e1"))
    stored = gateway.until(f"/dead-letters/{letter['id']}", lambda one: one["status"] == "stored")
    assert (stored["redrives"], stored["redriven_at"]) == (1, "2026-05-04T12:00:00Z")
    assert gateway.client.post(path).json()["letters"][0]["outcome"] == "stored"
    (reason,) = gateway.get("/data-health")["dead_letters"]
    assert (reason["count"], reason["open"], reason["redriven"]) == (1, 0, 1)
    consumer.close(1)


def test_a_key_belongs_to_one_request(gateway: Gateway, now: datetime) -> None:
    gateway.publish(refused(now, 1))
    gateway.until("/dead-letters", lambda page: page["dead_letters"])
    key = {"Idempotency-Key": "k"}
    first = gateway.client.post("/gateway/dead-letters/redrive", json={"code": "out_of_range"}, headers=key)
    assert first.json()["published"] == 1
    other = gateway.client.post("/gateway/dead-letters/redrive", json={"code": "foreign"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    "body", [b"{}", b'{"ids":["x"]}', b'{"code":"a","ids":["' + b"0" * 32 + b'"]}', b'{"code":"A"}', b"[", b'{"c":1}']
)
def test_a_request_that_names_nothing_is_malformed(gateway: Gateway, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert gateway.client.post("/gateway/dead-letters/redrive", content=body, headers=headers).status_code == 422


def test_what_is_refused_again_is_dead_again(gateway: Gateway, make: Make, now: datetime) -> None:
    # A record of assessments that never was one: this gateway itself refuses it, before and after the redrive.
    gateway.publish(Event(ASSESSMENTS, b"M14860", b"poison"))
    (letter,) = gateway.until("/dead-letters", lambda page: page["dead_letters"])["dead_letters"]
    assert gateway.client.post(f"/gateway/dead-letters/{letter['id']}/redrive").json()["published"] == 1
    again = gateway.until(f"/dead-letters/{letter['id']}", lambda one: one["status"] == "dead_again")
    successor = gateway.get(f"/dead-letters/{again['successor']}")
    assert (successor["status"], successor["value"]["content"]) == ("open", "poison")


def test_what_never_lay_on_our_topics_is_not_redrivable(gateway: Gateway, now: datetime) -> None:
    gateway.publish(
        dead_letter_event("simulator:7", "out_of_range", "", "ingest", now, b"M1", b"{}"),
        dead_letter_event(f"{DEAD_LETTERS}/0/1", "out_of_range", "", "ingest", now, b"M1", b"{}"),
        dead_letter_event("other.topic/0/1", "out_of_range", "", "ingest", now, b"M1", b"{}"),
    )
    listed = gateway.until("/dead-letters", lambda page: len(page["dead_letters"]) == 3)["dead_letters"]
    assert [letter["redrivable"] for letter in listed] == [False] * 3
    body = {"ids": [*(letter["id"] for letter in listed), "0" * 32]}
    outcomes = gateway.client.post("/gateway/dead-letters/redrive", json=body).json()["letters"]
    assert [letter["outcome"] for letter in outcomes] == ["not_redrivable"] * 3 + ["not_found"]


class BrokenLog:
    """A log whose producer fails as it is told; everything else is not asked here."""

    def __init__(self, *failures: Exception) -> None:
        self.failures, self.published = list(failures), list[Event]()

    def producer(self) -> Any:
        return self

    def publish(self, events: list[Event]) -> Any:
        failure = self.failures.pop(0) if self.failures else None
        if isinstance(failure, LogUnavailable):
            raise failure
        self.published += events
        futures = [Future[Any]() for _ in events]
        for future in futures:
            if failure is not None:
                future.set_exception(failure)
            else:
                future.set_result(None)
        return futures

    def close(self, timeout_s: float = 0) -> None: ...


def redriver(store: Store, log: BrokenLog, clock: Callable[[], datetime]) -> Redriver:
    return Redriver(store, log, clock, 300)  # type: ignore[arg-type]  # only its producer is used


def test_a_log_that_is_away_leaves_the_letters_open(store: Store, bury: Bury, now: datetime) -> None:
    write(store, now, [], [bury(f"{READINGS}/0/{n}") for n in range(60)])
    log = BrokenLog(LogUnavailable("away"))
    driving = redriver(store, log, lambda: now)
    with pytest.raises(LogAway):
        driving.redrive("k", RedriveRequest(code="wrong_unit_suspected"))
    assert len(dead_letters.page(store, Wanted(status="open"), None, 100, 0)) == 60
    # The log comes back and goes away in the middle: the rest stays open, and the same key works.
    log.failures = [None, LogUnavailable("away")]  # type: ignore[list-item]
    answer = driving.redrive("k", RedriveRequest(code="wrong_unit_suspected"))
    assert (answer.published, len(log.published)) == (50, 50)
    assert [letter.outcome for letter in answer.letters].count("not_published") == 10
    left = dead_letters.page(store, Wanted(status="open"), None, 100, 0)
    assert (len(left), {letter.redrives for letter in left}) == (10, {0})


def test_an_unknown_outcome_is_not_published_again_before_its_time(store: Store, bury: Bury, now: datetime) -> None:
    write(store, now, [], [bury(f"{READINGS}/0/1")])
    time = [now]
    log = BrokenLog(PublishUnknown("no acknowledgement"))
    driving = redriver(store, log, lambda: time[0])
    wanted = RedriveRequest(ids=[letter_id(f"{READINGS}/0/1")])
    outcomes = []
    for seconds in (0, 10, 299, 301):
        time[0] = now + timedelta(seconds=seconds)
        outcomes += [letter.outcome for letter in driving.redrive(f"k{seconds}", wanted).letters]
    assert outcomes == ["unknown", "awaiting", "awaiting", "published"]


def test_a_conflict_after_a_redrive_is_dead_again_and_not_stored(
    store: Store, bury: Bury, judge: Judge, now: datetime
) -> None:
    value = encode(judge("e1", signals={"torque": 1.0}).assessment)
    first = bury(f"{ASSESSMENTS}/0/1", code="id_conflict", value=value)
    write(store, now, [judge("e1")], [first])
    name = letter_id(first.origin)
    redriver(store, BrokenLog(), lambda: now).redrive("k", RedriveRequest(ids=[name]))
    write(store, now, [], [bury(f"{ASSESSMENTS}/0/9", code="id_conflict", value=value)])
    found = dead_letters.find(store, name, 0)
    assert found is not None
    assert (found.status, found.successor) == ("dead_again", letter_id(f"{ASSESSMENTS}/0/9"))


def test_two_that_redrive_at_once_publish_each_letter_once(store: Store, bury: Bury, now: datetime) -> None:
    write(store, now, [], [bury(f"{READINGS}/0/{n}") for n in range(40)])
    log = BrokenLog()
    wanted = RedriveRequest(code="wrong_unit_suspected")
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda n: redriver(store, log, lambda: now).redrive(f"k{n}", wanted), range(4)))
    assert len(log.published) == 40
