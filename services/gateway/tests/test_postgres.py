"""PostgreSQL when things go wrong: two writers at once, a lost reply, a server that is frozen, killed or locked."""

import random
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from chassis.assessment import Assessment, encode
from chassis.dead_letter import DeadLetter
from chassis.event_log import Record
from chassis.station import NotNow
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.retention import Retention
from gateway.store import Limits, Store, StoreAway, batch, machines
from gateway.store.assessments import Judged
from gateway.store.migration import migrate
from gateway.store.schema import assessments, event_ids
from gateway.worker import Worker
from tests.faults.proxy import Proxy
from tools.postgres.server import PostgresServer

pytestmark = pytest.mark.postgres
Judge = Callable[..., Judged]
Bury = Callable[..., DeadLetter]
Make = Callable[..., Assessment]
MakeRecord = Callable[..., Record]
HASTY = Limits(statement_s=1.0, lock_s=0.5, pool_wait_s=0.2, connect_s=2, pool=3)


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database on the server that may be harmed."""
    yield postgres_server.database.new_database()
    postgres_server.thaw()
    if not postgres_server.is_running:
        postgres_server.start()


@pytest.fixture
def hasty(url: str) -> Iterator[Store]:
    """A migrated store with little patience."""
    store = Store(url, HASTY)
    migrate(store)
    yield store
    store.close()


def write(store: Store, now: datetime, judged: list[Judged], letters: list[DeadLetter] | None = None) -> batch.Written:
    return batch.write(store, judged, letters or [], micros(now), "milling", Retention(30))


def seconds_until_away(store: Store) -> float:
    started = time.monotonic()
    with pytest.raises(StoreAway):
        machines.words(store)
    return time.monotonic() - started


@pytest.mark.parametrize("shared", ["machines", "events"])
def test_two_writers_at_once_neither_deadlock_nor_lose_a_count(
    postgres_store: Store, judge: Judge, bury: Bury, now: datetime, shared: str
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    names = [f"M{number}" for number in range(12)]

    def events(writer: int) -> list[tuple[list[Judged], list[DeadLetter]]]:
        chance, batches = random.Random(seed + writer), []
        for number in range(40):
            # The order is another one in each writer; in a rebalance, some events come to both.
            both = {n for n in range(30) if shared == "events" and n % 3 == 0}
            known = [f"both-{number}-{n}" if n in both else f"w{writer}-{number}-{n}" for n in range(30)]
            judged = [
                judge(name, ago=40 - number, machine_id=names[zlib.crc32(f"{seed} {name}".encode()) % len(names)])
                for name in known
            ]
            to = "both" if both else writer
            letters = [bury(f"pm.readings/{to}/{number}-{n}", ago=n, key=names[n].encode()) for n in range(6)]
            chance.shuffle(judged)
            chance.shuffle(letters)
            batches.append((judged, letters))
        return batches

    def station(writer: int) -> Counter[str]:
        counts: Counter[str] = Counter()
        for judged, letters in events(writer):
            written = write(postgres_store, now, judged, letters)
            counts.update(stored=len(written.assessments.stored), letters=len(written.dead_letters))
            assert not written.assessments.conflicts
        return counts

    with ThreadPoolExecutor(2) as pool:
        total = sum(pool.map(station, range(2)), Counter[str]())
    assert total == {
        "stored": 40 * (50 if shared == "events" else 60),
        "letters": 40 * (6 if shared == "events" else 12),
    }
    with postgres_store.transaction() as connection:
        table = assessments.c
        by_machine = select(table.machine_id, func.count(), func.max(table.observed_at)).group_by(table.machine_id)
        truth = {name: (count, newest) for name, count, newest in connection.execute(by_machine)}
    found = [machines.find(postgres_store, name) for name in truth]
    told = {one.facts.id: (one.facts.stored, one.last.observed_at) for one in found if one is not None and one.last}
    assert told == truth
    (deadlocks,) = _scalars(postgres_store, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert deadlocks == 0


def _scalars(store: Store, query: str) -> list[int]:
    with store.transaction() as connection:
        return list(connection.execute(text(query)).scalars())


def test_a_commit_whose_reply_is_lost_changes_nothing_the_second_time(
    postgres_server: PostgresServer, url: str, make: Make, record: MakeRecord, now: datetime
) -> None:
    with Proxy(postgres_server.port) as proxy:
        through = make_url(url).set(port=proxy.port).render_as_string(hide_password=False)
        store, metrics = Store(through, HASTY), GatewayMetrics(CollectorRegistry())
        migrate(store)
        worker = Worker(store, metrics, lambda: now, "milling", Retention(30))
        worker.handle([record(encode(make("before")))])
        proxy.lose_reply_after(b"COMMIT", 1)
        records = [record(encode(make(f"e{n}", ago=n)), offset=n) for n in range(20)]
        with pytest.raises(NotNow):
            worker.handle(records)
        assert proxy.lost_replies == 1, "the fault did not bite"
        assert _scalars(store, "SELECT count(*) FROM event_ids") == [21], "it was kept, only nobody said so"
        assert worker.handle(records).rejects == []
        found = machines.find(store, "M14860")
        assert found is not None
        assert found.facts.stored == 21
        store.close()


def test_a_frozen_server_is_away_within_seconds_and_comes_back(
    postgres_server: PostgresServer, hasty: Store, judge: Judge, now: datetime
) -> None:
    write(hasty, now, [judge("a")])
    postgres_server.freeze()
    try:
        waits = [seconds_until_away(hasty) for _ in range(2)]
        with ThreadPoolExecutor(12) as crowd:
            waits += crowd.map(lambda _: seconds_until_away(hasty), range(12))
    finally:
        postgres_server.thaw()
    # A second for the server that says nothing, two for a new connection that it does not take either.
    assert max(waits) < 8, waits
    assert len(write(hasty, now, [judge("a"), judge("b", ago=1)]).assessments.duplicates) == 1


def test_a_server_that_freezes_in_the_middle_of_a_statement_is_given_up(
    postgres_server: PostgresServer, hasty: Store
) -> None:
    freezing = threading.Timer(0.3, postgres_server.freeze)

    def sleep() -> None:
        with hasty.transaction() as connection:
            freezing.start()
            connection.execute(text("SELECT pg_sleep(0.9)"))

    started = time.monotonic()
    with pytest.raises(StoreAway):
        sleep()
    assert time.monotonic() - started < 10
    freezing.join()
    postgres_server.thaw()
    assert machines.words(hasty) == []


def test_a_killed_server_is_away_at_once_and_comes_back(
    postgres_server: PostgresServer, hasty: Store, judge: Judge, now: datetime
) -> None:
    write(hasty, now, [judge("a")])
    postgres_server.kill()
    assert seconds_until_away(hasty) < 5
    postgres_server.start()
    assert len(write(hasty, now, [judge("a")]).assessments.duplicates) == 1


def test_a_statement_that_takes_too_long_is_ended(hasty: Store) -> None:
    with pytest.raises(StoreAway, match="QueryCanceled"), hasty.transaction() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    assert machines.words(hasty) == []


def test_a_lock_that_somebody_holds_is_not_waited_for_forever(hasty: Store, judge: Judge, now: datetime) -> None:
    write(hasty, now, [judge("a")])
    with hasty.transaction() as holding:
        holding.execute(text("SELECT 1 FROM machines FOR UPDATE"))
        with pytest.raises(StoreAway, match="LockNotAvailable"):
            write(hasty, now, [judge("b")])
    assert len(write(hasty, now, [judge("b")]).assessments.stored) == 1


def test_a_pool_without_a_free_connection_says_so_soon(hasty: Store) -> None:
    with hasty.transaction(), hasty.transaction(), hasty.transaction(), pytest.raises(StoreAway, match="Timeout"):
        machines.words(hasty)


def test_the_password_comes_from_a_file_and_may_change(url: str, tmp_path: Path) -> None:
    whole = make_url(url)
    secret = tmp_path / "password"
    secret.write_text("wrong\n")
    named = whole.set(password=None).render_as_string(hide_password=False)
    store = Store(named, HASTY, password_file=secret)
    with pytest.raises(StoreAway):
        migrate(store)
    secret.write_text(f"{whole.password}\n")
    migrate(store)
    assert _scalars(store, "SELECT 1") == [1]
    secret.unlink()
    store.close()
    with pytest.raises(StoreAway):
        machines.words(store)


def test_ids_are_unique_whatever_time_they_carry(postgres_store: Store, judge: Judge, now: datetime) -> None:
    written = [write(postgres_store, now, [judge("a", ago=days * 86_400)]) for days in (0, 1, 6)]
    assert [len(one.assessments.stored) for one in written] == [1, 0, 0]
    with postgres_store.transaction() as connection:
        assert connection.execute(select(func.count()).select_from(event_ids)).scalar_one() == 1
        assert connection.execute(select(func.count()).select_from(assessments)).scalar_one() == 1


def test_the_server_watches_its_side_of_a_connection(hasty: Store) -> None:
    """A client that is gone in the middle of a statement meets no other bound; its locks would stay for two hours."""
    with hasty.engine.connect() as connection:
        told = {
            name: connection.execute(text(f"SHOW tcp_{name}")).scalar_one()
            for name in ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
        }
    assert told == {
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "user_timeout": "25000",
    }
