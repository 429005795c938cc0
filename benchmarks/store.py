"""Stored assessments per second: the gateway's writing station into a real database, first delivery and redelivery.

What is timed is `Worker.handle`, from the bytes of a polled batch to the end of the commit, the station's whole share
of the work. The database runs beside it on the same cores, with fsync on.
Usage: python -m benchmarks.store [--assessments N] [--batch N] [--machines N] [--writers N] [--url URL | --sqlite]
"""

import argparse
import gc
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry

from chassis.assessment import Assessment, ModelRef, Reason, RuleResult, Thresholds, encode
from chassis.event_log import Record
from chassis.topics import ASSESSMENTS
from gateway.metrics import GatewayMetrics
from gateway.retention import Retention
from gateway.store import Store
from gateway.store.migration import migrate
from gateway.worker import Worker
from tools.postgres.server import PostgresServer

BAR_PER_S = 5_000
_SIGNALS = {
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551.0,
    "torque": 42.8,
    "tool_wear": 0.0,
}
_TYPICAL = Assessment(
    anomaly=False,
    failure_probability=0.02,
    prediction=0,
    status="assessed",
    machine_id="M00000",
    equipment="milling",
    product_type="M",
    event_id="",
    observed_at=datetime(2026, 1, 1, tzinfo=UTC),
    received_at=datetime(2026, 1, 1, tzinfo=UTC),
    signals=_SIGNALS,
    anomaly_score=0.41,
    baseline=0.034,
    modes={"HDF": 0.001, "PWF": 0.0, "OSF": 0.01, "TWF": 0.01},
    rules=[RuleResult(mode, "limit", 1.0, 12_000.0, "above", "min·Nm", False) for mode in ("HDF", "PWF", "OSF", "TWF")],
    reasons=[Reason(name, value, "K", 0.004) for name, value in _SIGNALS.items()],
    outside=[],
    thresholds=Thresholds(0.5, 0.6),
    model=ModelRef("milling", "2026.1", "sha256:" + "0" * 64),
    assumptions=["product_type M taken from machine_id"],
)


def typical() -> Assessment:
    """An assessment of the usual size."""
    return _TYPICAL


def main() -> int:
    """Measure and print; the exit code is 1 when PostgreSQL stores less than the bar."""
    options = _options()
    batches = list(_batches(options.assessments, options.batch, options.machines))
    size = sum(len(record.value) for record in batches[0]) / len(batches[0])
    print(
        f"{options.assessments:,} assessments of {size:.0f} bytes, {options.machines:,} machines,"
        f" batches of {options.batch}, {options.writers} writer(s), {os.cpu_count()} cores, {platform.machine()}"
    )
    with _database(options) as url:
        store = Store(url)
        migrate(store)
        # As the service does when it starts: what is there now is not looked through again and again.
        gc.collect()
        gc.freeze()
        first = _run(store, batches, options.writers)
        again = _run(store, batches, options.writers)
        store.close()
    for name, (rate, cpu_us) in (("first delivery", first), ("redelivery", again)):
        print(f"{name:<15} {rate:>9,.0f} assessments/s   {cpu_us:>5.0f} µs CPU of the station per assessment")
    if url.startswith("sqlite"):
        return 0
    print(f"bar: {BAR_PER_S:,} stored assessments/s: {'met' if first[0] >= BAR_PER_S else 'MISSED'}")
    return 0 if first[0] >= BAR_PER_S else 1


def _batches(count: int, batch: int, machines: int) -> Iterator[list[Record]]:
    """Each machine reports in turn, up to now; the ids are as long as those that ingest makes."""
    started = datetime.now(UTC) - timedelta(hours=6)
    records: list[Record] = []
    for number in range(count):
        at = started + timedelta(milliseconds=number)
        machine_id = f"M{number % machines:05}"
        assessment = msgspec.structs.replace(
            _TYPICAL, machine_id=machine_id, event_id=f"{number:032x}", observed_at=at, received_at=at
        )
        records.append(Record(ASSESSMENTS, 0, number, machine_id.encode(), encode(assessment), (), at))
        if len(records) == batch:
            yield records
            records = []
    if records:
        yield records


def _run(store: Store, batches: Sequence[list[Record]], writers: int) -> tuple[float, float]:
    """Assessments per second and CPU microseconds of this process per assessment."""
    parts = [batches[number::writers] for number in range(writers)]
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(partial(_write, store), parts))
    count = sum(len(batch) for batch in batches)
    return count / (time.perf_counter() - started), (time.process_time() - cpu) / count * 1e6


def _write(store: Store, batches: Sequence[list[Record]]) -> None:
    worker = Worker(store, GatewayMetrics(CollectorRegistry()), lambda: datetime.now(UTC), "milling", Retention(30))
    for batch in batches:
        outcome = worker.handle(batch)
        assert outcome.rejects == [], outcome.rejects[0]


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if options.url is not None:
            yield options.url
        elif options.sqlite:
            yield f"sqlite:///{folder}/gateway.sqlite3"
        else:
            with PostgresServer(Path(folder)) as server:
                yield server.url


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assessments", type=int, default=50_000)
    parser.add_argument("--batch", type=int, default=500, help="records per transaction, as GATEWAY_BATCH")
    parser.add_argument("--machines", type=int, default=1_000)
    parser.add_argument("--writers", type=int, default=1, help="stations that write at the same time")
    parser.add_argument("--url", help="an empty database of yours; default: a PostgreSQL server made for this run")
    parser.add_argument("--sqlite", action="store_true", help="SQLite instead")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
