"""Days: made ahead, dropped in time with their ids, and never brought back without a word."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select, text

from chassis.assessment import encode
from chassis.dead_letter import DeadLetter
from chassis.event_log import Record
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.retention import DAY_US, Retention
from gateway.store import Store, StoreAway, assessments, batch, days, dead_letters, machines, upkeep
from gateway.store.assessments import Judged
from gateway.store.migration import migrate
from gateway.store.schema import event_ids
from gateway.worker import UNTIMELY, Worker

Judge = Callable[..., Judged]
DAY_S = 86_400
WEEK = Retention(7)


def write(store: Store, now: datetime, *judged: Judged) -> batch.Written:
    return batch.write(store, judged, [], micros(now), "milling", WEEK)


def ids(store: Store) -> set[str]:
    with store.transaction() as connection:
        return set(connection.execute(select(event_ids.c.event_id)).scalars())


def test_bounds_are_whole_days(now: datetime) -> None:
    now_us = micros(now)
    midnight = now_us - now_us % DAY_US
    assert WEEK.oldest_us(now_us) == midnight - 7 * DAY_US
    assert WEEK.dropped_us(now_us) == midnight - 8 * DAY_US
    assert WEEK.takes(midnight - 7 * DAY_US, now_us)
    assert not WEEK.takes(midnight - 7 * DAY_US - 1, now_us)
    assert WEEK.takes(midnight + 2 * DAY_US - 1, now_us)
    assert not WEEK.takes(midnight + 2 * DAY_US, now_us)


def test_what_is_older_than_the_retention_is_dropped_with_its_ids(store: Store, judge: Judge, now: datetime) -> None:
    early = now - timedelta(days=9)
    write(store, early, *(judge(f"old{n}", ago=9 * DAY_S + n) for n in range(25)))
    write(store, now, judge("kept", ago=7 * DAY_S), judge("new"), judge("other", machine_id="M2"))
    dropped = upkeep.round_of(store, micros(now), WEEK, slice_rows=10)
    assert (dropped.assessments, dropped.days) == (25, 0 if store.is_embedded else 1)
    assert ids(store) == {"kept", "new", "other"}
    assert [found.event_id for found in assessments.newest(store, "M14860", None, 50)] == ["new", "kept"]
    assert upkeep.round_of(store, micros(now), WEEK).assessments == 0
    found = machines.find(store, "M14860")
    assert found is not None
    assert found.facts.stored == 27, "what was dropped stays counted"


def test_a_dropped_reading_that_comes_again_is_a_dead_letter_and_not_news(
    store: Store, judge: Judge, make: Callable[..., Any], record: Callable[..., Record], now: datetime
) -> None:
    write(store, now - timedelta(days=9), judge("old", ago=9 * DAY_S))
    upkeep.round_of(store, micros(now), WEEK)
    worker = Worker(store, GatewayMetrics(CollectorRegistry()), lambda: now, "milling", WEEK)
    records = [record(encode(make("old", ago=9 * DAY_S))), record(encode(make("new")), offset=1)]
    records.append(record(encode(make("ahead", ago=-3 * DAY_S)), offset=2))
    outcome = worker.handle(records)
    assert [(reject.record.offset, reject.code) for reject in outcome.rejects] == [(0, UNTIMELY), (2, UNTIMELY)]
    assert ids(store) == {"new"}


def test_dead_letters_leave_after_their_own_time(store: Store, bury: Callable[..., DeadLetter], now: datetime) -> None:
    letters = [bury(f"pm.readings/0/{n}", ago=n * DAY_S) for n in (1, 5, 11, 12, 13)]
    batch.write(store, [], letters, micros(now), "milling", Retention(7, dead_letter_days=30))
    assert upkeep.round_of(store, micros(now), Retention(7, 10), slice_rows=2).dead_letters == 3
    written = batch.write(store, [], letters, micros(now), "milling", Retention(7, 10))
    assert written.dead_letters == []
    assert dead_letters.count_of(store, "M14860") == 2


@pytest.mark.postgres
def test_days_ahead_have_partitions_before_they_come(postgres_store: Store, now: datetime) -> None:
    upkeep.round_of(postgres_store, micros(now), WEEK)
    today = days.day_of(micros(now))
    assert days.there(postgres_store) == {today, today + 1}
    assert days.name_of(today) == "assessments_d20260504"
    upkeep.round_of(postgres_store, micros(now + timedelta(days=1)), WEEK)
    assert days.there(postgres_store) == {today, today + 1, today + 2}


@pytest.mark.postgres
def test_another_gateway_may_have_dropped_or_made_a_day(postgres_store: Store, judge: Judge, now: datetime) -> None:
    other = Store(postgres_store.engine.url.render_as_string(hide_password=False))
    write(other, now, judge("a"))
    write(postgres_store, now, judge("b", ago=1))
    with postgres_store.transaction() as connection:
        connection.execute(text(f"DROP TABLE {days.name_of(days.day_of(micros(now)))}"))
    with pytest.raises(StoreAway):
        write(other, now, judge("c", ago=2))
    assert len(write(other, now, judge("c", ago=2)).assessments.stored) == 1
    other.close()


def _plan(store: Store, query: Any) -> str:
    compiled = query.compile(store.engine, compile_kwargs={"literal_binds": True})
    with store.transaction() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}".replace("%", "%%"))
        return json.dumps(rows.scalar_one())


@pytest.mark.postgres
def test_history_reads_only_the_days_it_asks_for_by_index(postgres_store: Store, judge: Judge, now: datetime) -> None:
    for day in range(7):
        names = ["M14860", *(f"M{n}" for n in range(49))]
        written = (judge(f"d{day}-{n}", ago=day * DAY_S + n, machine_id=names[n % 50]) for n in range(1_000))
        write(postgres_store, now, *written)
    with postgres_store.transaction() as connection:
        connection.execute(text("ANALYZE"))
    start, end = (micros(now - timedelta(days=d)) for d in (2, 1))
    plan = _plan(postgres_store, assessments.in_range("M14860", start, end).order_by("observed_at", "event_id"))
    touched = {name for name in map(days.name_of, range(days.day_of(start) - 9, days.day_of(end) + 9)) if name in plan}
    assert touched == {days.name_of(days.day_of(at)) for at in (start, end)}
    assert "Seq Scan" not in plan
    newest = _plan(postgres_store, assessments.newest_first("M14860", (end, "d1-0"), 50))
    assert "Seq Scan" not in newest
    assert '"Node Type": "Sort"' not in newest, "the index gives the order"
    assert days.name_of(days.day_of(micros(now))) not in newest, "newer days are not looked at"


def test_sqlite_reads_history_by_index(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/plan.sqlite3")
    migrate(store)
    compiled = assessments.in_range("M1", 0, 1).compile(store.engine, compile_kwargs={"literal_binds": True})
    with store.transaction() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
        assert connection.execute(select(func.count()).select_from(event_ids)).scalar_one() == 0
    assert "SEARCH assessments USING INDEX" in plan[0][3]
    store.close()
