"""The HTTP door: results in order, 202 only after the acknowledgement, refusals that say why."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx2 import Response
from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from chassis.event_log import LogError, LogFull, LogUnavailable, PublishUnknown
from chassis.topics import READINGS
from services.ingest.tests.fakes import FakeProducer
from services.ingest.tests.samples import AI4I_HEADER, AI4I_ROWS, ai4i, body, poll_until, reading

PROBLEM = "application/problem+json"


def post(client: TestClient, content: bytes, media_type: str = "application/json") -> Response:
    return client.post("/ingest/readings", content=content, headers={"content-type": media_type})


def many(*readings: object) -> bytes:
    return json.dumps(readings).encode()


def statuses(answer: Response) -> list[int]:
    results = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(len(results)))
    return [result["status"] for result in results]


def test_an_accepted_reading_is_on_the_topic_under_its_machine(client: TestClient, producer: FakeProducer) -> None:
    answer = post(client, body(event_id="e1"))
    assert answer.status_code == 202
    assert answer.json() == {
        "accepted": 1,
        "refused": 0,
        "results": [{"index": 0, "status": 202, "machine_id": "M14860", "event_id": "e1"}],
    }
    (event,) = producer.published
    assert (event.topic, event.key) == (READINGS, b"M14860")
    value = json.loads(event.value)
    assert (value["machine_id"], value["torque"], value["event_id"]) == ("M14860", 42.8, "e1")
    headers = dict(event.headers)
    assert (headers["content-type"], headers["equipment"]) == (b"application/json", b"milling")
    assert len(headers["traceparent"]) == 55


def test_nothing_is_answered_before_the_log_has_acknowledged(client: TestClient, producer: FakeProducer) -> None:
    producer.is_holding = True
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post, client, many(reading(event_id="e1"), reading(event_id="e2")))
        poll_until(lambda: len(producer.published) == 2, "published")
        assert not answer.done()
        producer.settle()
        assert answer.result(timeout=5).status_code == 202


@pytest.mark.parametrize("form", ["array", "ndjson"])
def test_results_come_in_the_order_of_the_body(client: TestClient, producer: FakeProducer, form: str) -> None:
    readings = [reading(udi="M1"), reading(air_temperature=29), reading(udi="L2"), 7]
    lines = b"\n".join(json.dumps(each).encode() for each in readings)
    answer = post(client, lines, "application/x-ndjson") if form == "ndjson" else post(client, many(*readings))
    assert answer.status_code == 202
    assert statuses(answer) == [202, 422, 202, 422]
    document = answer.json()
    assert (document["accepted"], document["refused"]) == (2, 2)
    assert [event.key for event in producer.published] == [b"M1", b"L2"]
    refused = document["results"][1]
    assert (refused["code"], refused["machine_id"]) == ("wrong_unit_suspected", "M14860")
    assert refused["errors"][0]["pointer"] == "/air_temperature"
    assert refused["errors"][0]["suggested"] == 302.15


def test_a_broken_line_is_refused_alone(client: TestClient, producer: FakeProducer) -> None:
    answer = post(client, body() + b"\n{broken\n" + body(udi="L2"), "application/x-ndjson; charset=utf-8")
    assert statuses(answer) == [202, 422, 202]
    assert answer.json()["results"][1]["code"] == "malformed_json"


def test_a_csv_file_sent_twice_is_the_same_events(client: TestClient, producer: FakeProducer) -> None:
    first, second = (post(client, ai4i(*AI4I_ROWS, AI4I_ROWS[0]), "text/csv") for _ in range(2))
    assert statuses(first) == [202] * 4
    assert first.json() == second.json()
    ids = [json.loads(event.value)["event_id"] for event in producer.published]
    assert ids[:4] == ids[4:]
    assert len(set(ids)) == 4


def test_an_event_twice_in_a_body_is_published_once_and_accepted_twice(
    client: TestClient, producer: FakeProducer
) -> None:
    answer = post(client, many(reading(event_id="e1"), reading(event_id="e1")))
    assert statuses(answer) == [202, 202]
    assert len(producer.published) == 1


def test_a_single_refused_reading_is_a_problem_of_its_own(client: TestClient, producer: FakeProducer) -> None:
    answer = post(client, body(air_temperature=29))
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    document = answer.json()
    assert document["code"] == "wrong_unit_suspected"
    assert document["errors"][0]["pointer"] == "/air_temperature"
    assert "results" not in document
    assert producer.published == []


def test_a_body_without_one_acceptable_reading_is_a_problem_with_all_results(
    client: TestClient, producer: FakeProducer
) -> None:
    answer = post(client, many(reading(torque=None), 7))
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    document = answer.json()
    assert (document["code"], document["accepted"], document["refused"]) == ("all_readings_refused", 0, 2)
    assert statuses(answer) == [422, 422]
    assert [error["pointer"] for error in document["errors"]] == ["/0/torque", "/1"]
    assert producer.published == []


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (body(), "", 415, "unsupported_media_type"),
        (body(), "application/xml", 415, "unsupported_media_type"),
        (b"", "application/json", 422, "empty_body"),
        (b"[{}", "application/json", 422, "malformed_json"),
        (AI4I_ROWS[0].encode(), "text/csv", 422, "malformed_csv"),
        (f"{AI4I_HEADER},colour\n".encode(), "text/csv", 422, "malformed_csv"),
        (many(*[reading()] * 6), "application/json", 413, "too_many_readings"),
        (b" " * 4_097, "application/json", 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_publishes_nothing(
    client: TestClient, producer: FakeProducer, content: bytes, media_type: str, status: int, code: str
) -> None:
    answer = post(client, content, media_type)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["code"] == code
    assert producer.published == []


@pytest.mark.parametrize(
    ("refusal", "code", "retry_after"),
    [(LogFull("window", 2), "log_full", "2"), (LogUnavailable("disk", 7), "log_unavailable", "7")],
)
def test_a_log_that_takes_nothing_is_503_with_ids_to_repeat(
    client: TestClient, producer: FakeProducer, refusal: LogUnavailable, code: str, retry_after: str
) -> None:
    producer.refusal = refusal
    answer = post(client, body())
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert answer.headers["retry-after"] == retry_after
    assert answer.json()["code"] == "not_acknowledged"
    (result,) = answer.json()["results"]
    assert (result["status"], result["code"], result["machine_id"]) == (503, code, "M14860")
    producer.refusal = None
    again = post(client, body(event_id=result["event_id"]))
    assert again.json()["results"][0]["event_id"] == result["event_id"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(PublishUnknown("late"), "publish_unknown"), (LogUnavailable("gone"), "log_unavailable")],
)
def test_a_partly_acknowledged_body_is_503_and_says_which_are_safe(
    client: TestClient, producer: FakeProducer, error: LogError, code: str
) -> None:
    producer.answers[b"L2"] = error
    answer = post(client, many(reading(udi="M1"), reading(udi="L2"), 7))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert statuses(answer) == [202, 503, 422]
    assert answer.json()["results"][1]["code"] == code
    assert (answer.json()["accepted"], answer.json()["refused"]) == (1, 1)


def test_an_acknowledgement_that_does_not_come_is_503_unknown(client: TestClient, producer: FakeProducer) -> None:
    producer.is_holding = True
    answer = post(client, body())
    assert answer.status_code == 503
    assert answer.json()["results"][0]["code"] == "publish_unknown"
    producer.settle()


def test_what_came_and_went_is_counted(client: TestClient, producer: FakeProducer, registry: CollectorRegistry) -> None:
    post(client, many(reading(udi="M1"), reading(air_temperature=29)))
    producer.refusal = LogFull("window")
    post(client, body())

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, labels)

    assert value("pm_ingest_readings_accepted_total", source="http") == 1
    assert value("pm_ingest_readings_refused_total", source="http", code="wrong_unit_suspected") == 1
    assert value("pm_ingest_readings_unacknowledged_total", source="http", code="log_full") == 1
    assert value("pm_ingest_events_in_flight") == 0


def test_ready_is_the_process_and_never_the_log(client: TestClient, producer: FakeProducer) -> None:
    producer.refusal = LogUnavailable("away")
    assert client.get("/readyz").status_code == 200


def test_the_producer_is_closed_when_the_application_ends(client: TestClient, producer: FakeProducer) -> None:
    assert not producer.is_closed
    client.__exit__()
    assert producer.is_closed
    client.__enter__()


def test_openapi_describes_the_door(client: TestClient) -> None:
    document = client.get("/ingest/openapi.json").json()
    operation = document["paths"]["/ingest/readings"]["post"]
    assert set(operation["requestBody"]["content"]) == {"application/json", "application/x-ndjson", "text/csv"}
    assert set(operation["responses"]) == {"202", "413", "415", "422", "503"}
    schemas = document["components"]["schemas"]
    assert {"Reading", "ReadingsAnswer", "ReadingsProblemDocument", "ItemResult", "FieldError"} <= set(schemas)
    assert schemas["ItemResult"]["required"] == ["index", "status"]
