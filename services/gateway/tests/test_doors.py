"""The doors of a running gateway: from records on the log to answers over HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import generate_latest

from chassis.assessment import Assessment
from chassis.dead_letter import dead_letter_event
from chassis.event_log import Event
from chassis.problem import CONTENT_TYPE
from chassis.topics import ASSESSMENTS, DEAD_LETTERS
from services.gateway.tests.running import Gateway

Make = Callable[..., Assessment]


def refused(now: datetime, machine: str = "M3", code: str = "wrong_unit_suspected") -> Event:
    value = b'{"air_temperature": 29.0}\n<script>'
    return dead_letter_event(
        f"pm.readings/0/{machine}", code, "29.0 looks like °C", "inference", now, machine.encode(), value
    )


def test_an_assessment_on_the_log_becomes_a_live_machine(gateway: Gateway, make: Make) -> None:
    gateway.assess(make("a"), make("b", ago=20, machine_id="M2", failure_probability=0.9, prediction=1))
    listed = gateway.until("/machines", lambda page: page["total"] == 2)
    first, second = listed["machines"]
    assert (first["machine_id"], first["state"], first["age_s"], first["state_reason"]) == ("M14860", "live", 0, None)
    assert first["last"]["top_mode"] == "OSF"
    assert first["last"]["top_reason"] == {"feature": "torque", "value": 42.8, "unit": "Nm", "contribution": 0.004}
    assert (second["state"], second["age_s"], second["last"]["failure_probability"]) == ("stale", 20.0, 0.9)
    assert listed["counts"] == {
        "live": 1, "stale": 1, "offline": 0, "never_seen": 0, "cannot_judge": 0, "at_risk": 1,
    }  # fmt: skip


def test_a_machine_shows_its_newest_assessment_whole(gateway: Gateway, make: Make) -> None:
    gateway.assess(make("a", ago=5), make("b"))
    shown = gateway.until("/machines", lambda page: page["total"] == 1 and page["machines"][0]["age_s"] == 0)
    detail = gateway.get("/machines/M14860")
    assert detail["last_assessment"]["event_id"] == "b"
    assert list(detail["last_assessment"])[:3] == ["anomaly", "failure_probability", "prediction"]
    assert (detail["stored_readings"], detail["dead_letters"]) == (2, 0)
    assert detail["last"] == shown["machines"][0]["last"]


def test_a_refused_reading_makes_its_machine_impossible_to_judge(gateway: Gateway, now: datetime) -> None:
    gateway.publish(refused(now - timedelta(seconds=3)))
    detail = gateway.until("/machines", lambda page: page["total"] == 1)["machines"][0]
    assert (detail["state"], detail["last"], detail["age_s"]) == ("cannot_judge", None, None)
    assert detail["state_reason"] == {
        "code": "wrong_unit_suspected", "detail": "29.0 looks like °C", "since": "2026-05-04T11:59:57Z",
    }  # fmt: skip


def test_a_poison_record_is_one_dead_letter_and_its_neighbours_are_stored(gateway: Gateway, make: Make) -> None:
    gateway.assess(make("a"))
    gateway.publish(Event(ASSESSMENTS, b"M14860", b"\x00{poison"), Event(DEAD_LETTERS, None, b"foreign"))
    gateway.assess(make("b"), make("a", signals={"torque": 1.0}))
    health = gateway.until("/data-health", lambda answer: len(answer["dead_letters"]) == 3)
    assert {reason["code"]: reason["count"] for reason in health["dead_letters"]} == {
        "malformed_assessment": 1, "id_conflict": 1, "foreign": 1,
    }  # fmt: skip
    assert gateway.get("/machines/M14860")["stored_readings"] == 2
    metrics = generate_latest(gateway.registry).decode()
    assert "pm_gateway_assessments_stored_total 2.0" in metrics
    assert 'pm_gateway_assessments_rejected_total{code="id_conflict"} 1.0' in metrics


def test_data_health_tells_rates_latency_skew_and_samples(gateway: Gateway, make: Make, now: datetime) -> None:
    gateway.assess(
        make("a", received_at=now - timedelta(seconds=2)),
        make("b", ago=60, received_at=now - timedelta(seconds=1)),
    )
    gateway.publish(refused(now))
    health = gateway.until("/data-health", lambda answer: answer["latency"]["readings"] == 2 and answer["dead_letters"])
    assert health["rates"] == {"one_minute": 2 / 60, "five_minutes": 2 / 300}
    assert health["latency"] == {"readings": 2, "p50_s": 1.0, "p95_s": 2.0, "p99_s": 2.0}
    assert health["clock_skew"] == {"ahead_s": 2.0, "behind_s": 59.0}
    (reason,) = health["dead_letters"]
    assert reason["samples"][0]["value_start"] == '{"air_temperature": 29.0}\N{REPLACEMENT CHARACTER}<script>'
    assert health["machines"]["cannot_judge"] == 1
    assert [silent["machine_id"] for silent in health["longest_silent"]] == ["M14860"]
    assert gateway.until("/data-health", lambda answer: answer["backlog"]["as_of"])["backlog"]["oldest_age_s"] >= 0


def test_a_timeline_is_columns_and_keeps_the_spike(gateway: Gateway, make: Make) -> None:
    gateway.assess(*(make(f"e{n}", ago=n, failure_probability=0.9 if n == 77 else 0.02) for n in range(200)))
    gateway.until("/machines", lambda page: page["total"] == 1)
    gateway.until("/machines/M14860", lambda detail: detail["stored_readings"] == 200)
    whole = gateway.get("/machines/M14860/timeline")
    assert (whole["readings"], whole["points"], whole["downsampled"]) == (200, 200, False)
    assert whole["observed_at"] == sorted(whole["observed_at"])
    assert len(whole["signals"]["torque"]) == 200
    few = gateway.get("/machines/M14860/timeline", max_points=20)
    assert few["points"] <= 20
    assert few["downsampled"]
    assert 0.9 in few["failure_probability"]
    ends = {"from": "2026-05-04T11:59:00Z", "to": "2026-05-04T11:59:10Z"}
    assert gateway.get("/machines/M14860/timeline", **ends)["points"] == 11


def test_assessments_come_whole_newest_first_and_page_by_page(gateway: Gateway, make: Make) -> None:
    gateway.assess(*(make(f"e{n}", ago=n) for n in range(5)))
    gateway.until("/machines", lambda page: page["total"] == 1)
    first = gateway.until("/machines/M14860/assessments", lambda page: page["next_cursor"], limit=3)
    second = gateway.get("/machines/M14860/assessments", limit=3, cursor=first["next_cursor"])
    assert [a["event_id"] for a in first["assessments"] + second["assessments"]] == [f"e{n}" for n in range(5)]
    assert second["next_cursor"] is None


def test_registered_machines_are_never_seen_until_they_report(gateway: Gateway, make: Make) -> None:
    facts = {"equipment": "milling", "product_type": "L", "line": "line 2"}
    assert gateway.client.put("/gateway/machines/M1", json=facts).status_code == 201
    again = gateway.client.put("/gateway/machines/M1", json=facts | {"line": "line 3"})
    assert (again.status_code, again.json()["state"], again.json()["line"]) == (200, "never_seen", "line 3")
    gateway.assess(make(machine_id="M1"))
    reported = gateway.until("/machines/M1", lambda detail: detail["state"] == "live")
    assert (reported["line"], reported["product_type"]) == ("line 3", "M")


def test_the_list_is_filtered_sorted_and_paged(gateway: Gateway, make: Make) -> None:
    for number, line in ((1, "north"), (2, "north"), (3, "south")):
        gateway.client.put(f"/gateway/machines/M{number}", json={"equipment": "milling", "line": line})
    gateway.assess(*(make(f"e{n}", ago=30 * n, machine_id=f"M{n}", failure_probability=n / 10) for n in range(1, 3)))
    gateway.until("/machines", lambda page: page["counts"]["stale"] == 2)

    def ids(**query: Any) -> list[str]:
        found, answer = [], gateway.get("/machines", **query)
        while True:
            found += [machine["machine_id"] for machine in answer["machines"]]
            if answer["next_cursor"] is None:
                return found
            answer = gateway.get("/machines", **query, cursor=answer["next_cursor"])

    for sort in ("id", "-probability", "probability", "age", "-age", "-id"):
        assert ids(sort=sort, limit=1) == ids(sort=sort), sort
    assert ids(sort="-probability") == ["M2", "M1", "M3"]
    assert ids(sort="age") == ["M1", "M2", "M3"]
    assert ids(line="north") == ids(q="NOR") == ids(state="stale") == ["M1", "M2"]
    assert ids(q="m3") == ids(state="never_seen") == ["M3"]
    assert ids(q="%") == ids(q="_") == ids(state="at_risk") == []
    north = gateway.get("/machines", line="north", state="never_seen")
    assert (north["total"], north["counts"]["stale"], north["counts"]["never_seen"]) == (0, 2, 0)


def test_recent_signals_come_as_columns(gateway: Gateway, make: Make) -> None:
    gateway.assess(make("a", ago=5), make("b", machine_id="L2", signals={"air_temperature": 299.0, "torque": 40.0}))
    found = gateway.until("/signals/milling", lambda answer: answer["readings"] == 2)
    assert {name: sorted(column) for name, column in found["signals"].items()} == {
        "air_temperature": [298.1, 299.0], "torque": [40.0, 42.8],
    }  # fmt: skip
    assert gateway.get("/signals/press") | {"from": "", "to": ""} == {
        "equipment": "press", "from": "", "to": "", "readings": 0, "signals": {},
    }  # fmt: skip


def test_an_unknown_machine_names_those_that_look_like_it(gateway: Gateway) -> None:
    for name in ("M14860", "L47181", "M14861"):
        gateway.client.put(f"/gateway/machines/{name}", json={"equipment": "milling"})
    for asked in ("M14862", "14860", "M1486"):
        answer = gateway.client.get(f"/gateway/machines/{asked}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_machine")
        assert "M14860" in answer.json()["detail"]
        assert answer.headers["content-type"] == CONTENT_TYPE


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/machines?limit=0", 422),
        ("/machines?limit=1001", 422),
        ("/machines?limit=ten", 422),
        ("/machines?state=broken", 422),
        ("/machines?sort=colour", 422),
        ("/machines?cursor=%00", 422),
        ("/machines?cursor=WzEsMl0", 422),
        ("/machines?cursor=WyJpZCIsMSwiTTEiXQ", 422),
        ("/machines?sort=age&cursor=WyJhZ2UiLDFlNDAsIk0xIl0", 422),
        ("/machines?sort=age&cursor=WyJhZ2UiLDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSwiTTEiXQ", 422),
        ("/machines?q=%00", 422),
        ("/machines?line=" + "x" * 65, 422),
        ("/machines/%20M1", 422),
        ("/machines/..%2F..%2Fetc", 404),
        ("/machines/M1%00", 422),
        ("/machines/" + "M" * 65, 422),
        ("/machines/M1/timeline", 404),
        ("/machines/M1/timeline?from=yesterday", 422),
        ("/machines/M1/timeline?from=2026-05-04T00:00:00", 422),
        ("/machines/M1/timeline?from=2026-05-04T00:00:00Z&to=2026-05-03T00:00:00Z", 422),
        ("/machines/M1/timeline?from=2026-01-01T00:00:00Z&to=2026-05-03T00:00:00Z", 422),
        ("/machines/M1/timeline?from=0001-01-01T00:00:00%2B23:59", 422),
        ("/machines/M1/timeline?to=0001-01-01T00:00:00Z", 422),
        ("/machines/M1/timeline?max_points=1", 422),
        ("/machines/M1/assessments?limit=201", 422),
        ("/machines/M1/assessments", 404),
        ("/signals/milling?hours=0", 422),
        ("/signals/milling?limit=10001", 422),
        ("/signals/%20", 422),
        ("/stream?machine=%20", 422),
        ("/nothing", 404),
    ],
)
def test_bad_questions_are_answered_with_a_problem(gateway: Gateway, path: str, status: int) -> None:
    answer = gateway.client.get(f"/gateway{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, CONTENT_TYPE), answer.text
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"\xff", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 422),
        (b'{"equipment": "milling", "colour": "red"}', "application/json", 422),
        (b'{"equipment": "milling\\n"}', "application/json", 422),
        (b'{"equipment": "milling", "product_type": "M\\n"}', "application/json", 422),
        (b'{"equipment": "milling", "line": "a\\u0000b"}', "application/json", 422),
        (b'{"equipment": "milling", "line": ""}', "application/json", 422),
        (b"[" * 60_000, "application/json", 422),
        (b" " * 70_000, "application/json", 413),
        (b'{"equipment": "milling"}', "text/plain", 415),
    ],
)
def test_bad_registrations_register_nothing(gateway: Gateway, body: bytes, content_type: str, status: int) -> None:
    answer = gateway.client.put("/gateway/machines/M1", content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.headers["content-type"]) == (status, CONTENT_TYPE), answer.text
    assert gateway.get("/machines")["total"] == 0


def test_a_range_with_too_many_readings_says_where_to_end(gateway: Gateway, make: Make) -> None:
    most = gateway.settings.timeline_max_rows
    gateway.assess(*(make(f"e{n}", ago=n) for n in range(most + 1)))
    gateway.until("/machines", lambda page: page["total"] == 1)
    gateway.until("/machines/M14860", lambda detail: detail["stored_readings"] == most + 1)
    answer = gateway.client.get("/gateway/machines/M14860/timeline")
    assert (answer.status_code, answer.json()["code"]) == (422, "range_too_long")
    assert "end at 2026-05-04T12:00:00+00:00" in answer.json()["detail"]
    assert gateway.get("/machines/M14860/timeline", to="2026-05-04T11:59:59Z")["points"] == most


def test_ready_once_the_log_has_given_partitions_and_the_schema_is_there(gateway: Gateway, make: Make) -> None:
    gateway.assess(make())
    gateway.until("/machines", lambda page: page["total"] == 1)
    assert gateway.client.get("/readyz").status_code == 200
