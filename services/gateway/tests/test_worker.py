"""The writing station's handler: what it stores, what it rejects, when it waits."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from chassis.assessment import Assessment, ModelRef, encode
from chassis.event_log import Record
from chassis.station import NotNow
from gateway.metrics import GatewayMetrics
from gateway.retention import Retention
from gateway.store import Store, assessments, dead_letters, machines
from gateway.store.migration import migrate
from gateway.worker import CONFLICT, MALFORMED, Worker

Make = Callable[..., Assessment]
MakeRecord = Callable[..., Record]


def worker(store: Store, now: datetime) -> Worker:
    return Worker(store, GatewayMetrics(CollectorRegistry()), lambda: now, "milling", Retention(30))


def test_a_conflict_is_rejected_and_the_first_stays(
    store: Store, make: Make, record: MakeRecord, now: datetime
) -> None:
    first, other = encode(make("a")), encode(make("a", signals={"torque": 1.0}))
    outcome = worker(store, now).handle([record(first), record(other, offset=1), record(first, offset=2)])
    assert [(reject.record.offset, reject.code) for reject in outcome.rejects] == [(1, CONFLICT)]
    assert assessments.body(store, "a") == first
    assert outcome.outputs == []


@pytest.mark.parametrize(
    "fields",
    [
        {"machine_id": "M 1"},
        {"machine_id": "M1\n"},
        {"equipment": ""},
        {"event_id": "a/b"},
        {"event_id": "x" * 65},
        {"product_type": "x" * 17},
        {"product_type": "\0"},
        {"model": ModelRef("milling", "1", "\0")},
        {"modes": {"H\0": 0.5}},
        {"modes": {"HDF": 1.5}},
        {"failure_probability": -0.1},
        {"anomaly_score": 1.1},
        {"prediction": 2},
        {"observed_at": datetime(2026, 5, 4)},
    ],
)
def test_an_assessment_that_breaks_the_contract_is_rejected(
    store: Store, make: Make, record: MakeRecord, now: datetime, fields: dict[str, Any]
) -> None:
    outcome = worker(store, now).handle(
        [record(encode(make(**{"event_id": "bad"} | fields))), record(encode(make("good")), offset=1)]
    )
    assert [(reject.record.offset, reject.code) for reject in outcome.rejects] == [(0, MALFORMED)]
    assert machines.find(store, "M14860") is not None


@given(
    st.binary() | st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5).map(msgspec.json.encode)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_on_the_topics_break_the_worker(store: Store, record: MakeRecord, now: datetime, value: bytes) -> None:
    headers = (("pm-code", value), ("pm-refused-at", value), ("pm-detail", value), ("pm-origin", value), ("e", value))
    outcome = worker(store, now).handle([record(value, key=value), record(value, key=value, headers=headers)])
    assert [reject.code for reject in outcome.rejects] == [MALFORMED]


def test_nothing_on_the_topic_of_dead_letters_is_rejected(store: Store, record: MakeRecord, now: datetime) -> None:
    headers = (("pm-refused-at", b"2026-05-04T11:00:00"), ("pm-code", b"id_conflict"), ("pm-origin", b"x"))
    assert worker(store, now).handle([record(b"\x00", headers=headers)]).rejects == []
    (reason,) = dead_letters.by_reason(store, samples=1)
    assert (reason.code, reason.samples[0].origin) == ("id_conflict", "x")


def test_a_database_that_is_away_is_waited_for(tmp_path: Path, make: Make, record: MakeRecord, now: datetime) -> None:
    store = Store(f"sqlite:///{tmp_path}/later/gateway.sqlite3")
    waiting = worker(store, now)
    with pytest.raises(NotNow) as away:
        waiting.handle([record(encode(make()))])
    assert away.value.retry_after_s > 0
    migrate(store)
    assert waiting.handle([record(encode(make()))]).rejects == []
    assert machines.find(store, "M14860") is not None
    store.close()
