"""kill -9 in the middle: no accepted reading is lost, none is doubled, and the numbers are those of /api/predict."""

import csv
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.profile import load_profile
from models.simulator import simulate_rows
from tests.server import REAL_FILE, Standalone, poll_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
ROWS = 10_000
CHUNK = 250
KILLS = 5
SIGNALS = load_profile("milling").signal_names


def csv_chunks(path: Path) -> list[bytes]:
    """The file as bodies of at most CHUNK rows, each with the header."""
    with path.open("rb") as file:
        header, *rows = file.read().splitlines(keepends=True)
    return [header + b"".join(rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK)]


def simulated_file(path: Path) -> Path:
    """Ten thousand simulated rows in the form of the AI4I file, for machines without it."""
    profile = load_profile("milling")
    rows = simulate_rows(profile, ROWS, seed=5)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Product ID", "Type", *profile.signal_names])
        for number, (values, kind) in enumerate(zip(rows.values, rows.type_index, strict=True)):
            letter = profile.types[kind]
            writer.writerow([f"{letter}{10_000 + number}", letter, *(repr(float(value)) for value in values)])
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return REAL_FILE if REAL_FILE.exists() else simulated_file(tmp_path / "rows.csv")


@pytest.fixture
def server(state: Path) -> Iterator[Standalone]:
    server = Standalone(state)
    yield server
    server.end()


def post(server: Standalone, body: bytes) -> bool:
    """Whether the whole body was accepted; False when the server was killed before it answered."""
    try:
        answer = httpx.post(
            f"{server.url}/ingest/readings", content=body, headers={"content-type": "text/csv"}, timeout=10
        )
    except httpx.TransportError:
        return False
    assert answer.status_code in (202, 503), answer.text[:500]
    return answer.status_code == 202 and answer.json()["refused"] == 0


def post_all_with_kills(server: Standalone, chunks: list[bytes], seed: int) -> int:
    """Post every chunk until it is accepted; kill -9 and restart KILLS times in between. Returns the kills."""
    moments = set(random.Random(seed).sample(range(2, len(chunks) - 1), KILLS))
    kills = 0
    for number, chunk in enumerate(chunks):
        if number in moments:
            # Not waited for: the chunk before is accepted, but hardly scored and stored yet.
            server.kill()
            server.start()
            kills += 1
        deadline = time.monotonic() + 30
        while not post(server, chunk):
            assert time.monotonic() < deadline, f"chunk {number} was never accepted"
    return kills


def stored(server: Standalone) -> dict[str, tuple[float, float, int]]:
    """Numbers by event id, straight from the database file. The primary key makes each id one row."""
    with sqlite3.connect(f"file:{server.state / 'gateway.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT event_id, failure_probability, anomaly_score, prediction FROM assessments")
        return {event_id: (probability, score, int(prediction)) for event_id, probability, score, prediction in rows}


def count(server: Standalone, table: str) -> int:
    with sqlite3.connect(f"file:{server.state / 'gateway.sqlite3'}?mode=ro", uri=True) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def checksum(server: Standalone) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{server.state / 'gateway.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute("SELECT * FROM assessments ORDER BY event_id").fetchall()


def predicted(server: Standalone, source: Path) -> list[tuple[float, float, int]]:
    """What /api/predict/batch says of every row of the file, in its order."""
    names = {
        "Product ID": "udi", "Air temperature [K]": "air_temperature", "Process temperature [K]": "process_temperature",
        "Rotational speed [rpm]": "rotational_speed", "Torque [Nm]": "torque", "Tool wear [min]": "tool_wear",
    }  # fmt: skip
    lines = source.read_text().splitlines()
    readings = [_reading({names.get(k, k): v for k, v in row.items()}) for row in csv.DictReader(lines)]
    answers: list[tuple[float, float, int]] = []
    for start in range(0, len(readings), 1_000):
        body = readings[start : start + 1_000]
        results = httpx.post(f"{server.url}/api/predict/batch", json=body, timeout=30).json()["results"]
        assessments = [result["assessment"] for result in results]
        answers += [(a["failure_probability"], a["anomaly_score"], a["prediction"]) for a in assessments]
    return answers


def _reading(row: dict[str, str]) -> dict[str, Any]:
    return {"udi": row["udi"], **{name: float(row[name]) for name in SIGNALS}}


def test_five_kills_in_the_middle_lose_and_double_nothing(server: Standalone, source: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    server.start()
    chunks = csv_chunks(source)
    assert post_all_with_kills(server, chunks, seed) == KILLS
    poll_until(lambda: count(server, "assessments") >= ROWS, 120, "every reading is stored")
    assert count(server, "assessments") == ROWS
    assert count(server, "machines") == ROWS
    assert count(server, "dead_letters") == 0
    assert sorted(stored(server).values()) == sorted(predicted(server, source))

    before = checksum(server)
    assert all(post(server, chunk) for chunk in chunks)
    poll_until(lambda: duplicates(server) >= ROWS, 120, "the second upload has reached the store")
    assert checksum(server) == before
    assert count(server, "dead_letters") == 0


def duplicates(server: Standalone) -> float:
    """How many repeated readings the store has absorbed since the last start."""
    text = httpx.get(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=10).text
    return sum(
        float(line.split()[-1])
        for line in text.splitlines()
        if line.startswith("pm_gateway_assessments_duplicate_total")
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly_within_five_seconds(state: Path, how: signal.Signals) -> None:
    server = Standalone(state, fleet=50)
    try:
        server.start()
        with httpx.stream("GET", f"{server.url}/gateway/stream", timeout=10) as stream:
            next(stream.iter_lines())
            assert server.stop(how) < 5
        assert "Traceback" not in server.output.read_text()
    finally:
        server.end()
