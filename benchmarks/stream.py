"""The whole line on real servers: events/s per core of each stage, and the time from accepted to stored.

Separate processes on Kafka and PostgreSQL, all on this machine. First everything is sent as fast as it is taken, and
the processor time of every process is divided by the events: that is the figure to trust on a busy machine. Then, at
half of the rate at which all of it was stored, probes measure how long an accepted reading takes to be in the
database. Linux only (/proc). Usage: python -m benchmarks.stream [--events N] [--seconds S] [--streams N]
"""

import argparse
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from tqdm import tqdm

from benchmarks.posting import Poster, Posting
from models.profile import load_profile
from models.simulator import simulate_rows
from tools.child import ChildError
from tools.kafka.cluster import KafkaCluster
from tools.missing import ToolMissing
from tools.postgres.database import Database
from tools.postgres.server import PostgresServer
from tools.services.plant import Plant

BATCH = 500
MACHINES = 500
P50_BAR_S, P99_BAR_S = 0.5, 5.0
_STORED_WITHIN_S = 300
_TICK_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Line:
    """The running installation and a connection of our own to its database."""

    kafka: KafkaCluster
    postgres: PostgresServer
    plant: Plant
    database: psycopg.Connection[Any]

    def stages(self) -> dict[str, float]:
        """Processor seconds that each stage has used since it was started."""
        return {
            "ingest": _cpu_s(self.plant.ingest.pid),
            "stream": sum(_cpu_s(stream.pid) for stream in self.plant.streams),
            "gateway": _cpu_s(self.plant.gateway.pid),
            "Kafka": sum(_cpu_s(broker.pid) for broker in self.kafka.brokers),
            "PostgreSQL": _cpu_s(self.postgres.pid, with_children=True),
        }

    def stored(self) -> int:
        """How many assessments are in the database."""
        row = self.database.execute("SELECT count(*) FROM event_ids").fetchone()
        return int(row[0]) if row else 0

    def which_stored(self, event_ids: list[str]) -> list[str]:
        """Those of `event_ids` that are in the database."""
        found = self.database.execute("SELECT event_id FROM event_ids WHERE event_id = ANY(%s)", [event_ids])
        return [row[0] for row in found]


def main() -> int:
    """Measure and print; the exit status is 1 when the time from accepted to stored misses its bar."""
    options = _options()
    try:
        with ExitStack() as stack:
            line = _start(stack, options.streams)
            _saturate(line, bodies("warm", 10_000))
            rate = _throughput(line, options.events)
            return 0 if _freshness(line, rate / 2, options.seconds) else 1
    except (ToolMissing, ChildError) as error:
        sys.exit(str(error))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="readings sent as fast as they are taken")
    parser.add_argument("--seconds", type=float, default=60, help="how long half of that rate is kept up")
    parser.add_argument("--streams", type=int, default=1, help="processes of the stream role")
    return parser.parse_args()


def _start(stack: ExitStack, streams: int) -> Line:
    print("starting Kafka, PostgreSQL and the services", file=sys.stderr)
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pm-bench-")))
    kafka = stack.enter_context(KafkaCluster(directory / "kafka", load=True))
    postgres = stack.enter_context(PostgresServer(directory / "postgres"))
    plant = Plant(directory, kafka.client_environment(), postgres.url, streams=streams)
    stack.enter_context(plant)
    database = psycopg.connect(Database(postgres.url).connection_string, autocommit=True)
    stack.callback(database.close)
    return Line(kafka, postgres, plant, database)


def bodies(run: str, count: int, batch: int = BATCH) -> list[bytes]:
    """`count` simulated readings in requests of `batch`, as NDJSON; `run` begins their ids."""
    profile = load_profile("milling")
    rows = simulate_rows(profile, count, seed=7)
    lines = [
        msgspec.json.encode(
            {
                "machine_id": f"{profile.types[kind]}{10_000 + number % MACHINES}",
                "event_id": f"{run}.{number}",
                **dict(zip(profile.signal_names, values, strict=True)),
            }
        )
        for number, (values, kind) in enumerate(zip(rows.values.tolist(), rows.type_index.tolist(), strict=True))
    ]
    return [b"\n".join(lines[start : start + batch]) for start in range(0, count, batch)]


def _saturate(line: Line, requests: list[bytes]) -> tuple[int, float]:
    """Send everything as fast as it is taken; how many were stored, and seconds from the first send to the last row."""
    before, started = line.stored(), time.perf_counter()
    with Posting(line.plant.ingest.url, requests) as posting:
        deadline = time.monotonic() + _STORED_WITHIN_S
        with tqdm(total=sum(body.count(b"\n") + 1 for body in requests), desc="stored", unit="") as bar:
            while posting.is_running or line.stored() - before < posting.accepted:
                if time.monotonic() > deadline:
                    raise ChildError(f"not everything was stored within {_STORED_WITHIN_S} s")
                bar.update(line.stored() - before - bar.n)
                time.sleep(0.1)
            bar.update(line.stored() - before - bar.n)
        posting.check()
        return posting.accepted, time.perf_counter() - started


def _throughput(line: Line, events: int) -> float:
    before = line.stages()
    accepted, seconds = _saturate(line, bodies(secrets.token_hex(4), events))
    used = {stage: after - before[stage] for stage, after in line.stages().items()}
    services = sum(used[stage] for stage in ("ingest", "stream", "gateway"))
    used |= {"the three services": services, "the whole": sum(used.values())}
    print(f"\n{accepted:,} readings from ingest to PostgreSQL, load generator included on {os.cpu_count()} cores")
    print(f"{'stage':<20}{'CPU s':>10}{'CPU µs/event':>15}{'events/s/core':>16}")
    for stage, cpu_s in used.items():
        print(f"{stage:<20}{cpu_s:>10.1f}{cpu_s / accepted * 1e6:>15.1f}{accepted / cpu_s:>16,.0f}")
    print(f"stored {accepted / seconds:,.0f} events/s ({seconds:.1f} s from the first request to the last row)\n")
    return accepted / seconds


def _freshness(line: Line, rate: float, seconds: float) -> bool:
    """Keep up `rate` events/s; whether the probes among them were stored in time."""
    batch = 25
    run = secrets.token_hex(4)
    requests = bodies(run, int(rate * seconds), batch)
    with Posting(line.plant.ingest.url, requests, rate=rate / batch) as posting:
        waits = list(_probe(line, lambda: posting.is_running, run))
        posting.check()
        late = posting.late_s
    if len(waits) < 20:
        raise ChildError(f"only {len(waits)} probes were stored: too few to say anything")
    waits.sort()
    p50, p99 = statistics.median(waits), waits[int(len(waits) * 0.99)]
    in_time = p50 <= P50_BAR_S and p99 <= P99_BAR_S
    print(f"at {rate:,.0f} events/s, half of that: accepted to stored p50 {p50 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms,")
    print(f"longest {waits[-1] * 1e3:.0f} ms, of {len(waits)} probes; requests were at most {late:.2f} s late;")
    print(f"bar p50 {P50_BAR_S * 1e3:.0f} ms, p99 {P99_BAR_S * 1e3:.0f} ms: {'met' if in_time else 'MISSED'}")
    return in_time


def _probe(line: Line, goes_on: Callable[[], bool], run: str) -> Iterator[float]:
    """Seconds from accepted to seen in the database, of five readings each second."""
    pending: dict[str, float] = {}
    due, number = time.monotonic(), 0
    give_up = float("inf")
    body = msgspec.json.decode(bodies("probe", 1)[0])
    with Poster(line.plant.ingest.url) as poster:
        while goes_on() or (pending and time.monotonic() < give_up):
            if not goes_on():
                give_up = min(give_up, time.monotonic() + 30)
            elif time.monotonic() >= due:
                event_id = f"{run}.probe.{number}"
                poster.post(msgspec.json.encode(body | {"event_id": event_id}))
                pending[event_id] = time.monotonic()
                due, number = due + 0.2, number + 1
            seen = line.which_stored(list(pending)) if pending else []
            now = time.monotonic()
            yield from (now - pending.pop(event_id) for event_id in seen)
            time.sleep(0.005)
    if pending:
        raise ChildError(f"{len(pending)} accepted probes were not stored")


def _cpu_s(pid: int, *, with_children: bool = False) -> float:
    """Processor seconds of a process, with those of its children, living and ended, on demand."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(field) for field in fields[11:15])
    if not with_children:
        return (user + system) / _TICK_S
    living = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (user + system + ended_user + ended_system) / _TICK_S + sum(_cpu_s(int(child)) for child in living)


if __name__ == "__main__":
    sys.exit(main())
