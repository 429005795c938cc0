"""A day of a simulated fleet with failures, through Kafka and the services, and then again: equal, and through a model
that is worse.

The day is told faster than it went by: event time is what counts. Readings come shuffled as far as the reordering
window allows, and every twentieth comes twice.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
import numpy as np
import psycopg
import pytest

from models.building import build
from models.dataset import Dataset, simulated
from models.fleet import Fleet
from models.profile import Profile, load_profile
from tests.server import poll_until, web_build
from tools.postgres.database import Database
from tools.postgres.server import PostgresServer
from tools.services.plant import Plant
from tools.testing import StartKafka

pytestmark = [pytest.mark.day, pytest.mark.timeout(2_400)]
MACHINES = 50
SEED = 2_026
# A busy machine may be told a shorter day; by itself it is a whole one.
DAY = timedelta(hours=float(os.environ.get("REPLAYED_DAY_HOURS", "24")))
# Half a minute between readings is no gap yet. Now and then it is three seconds: so that readings of one machine can
# change places inside the reordering window of five seconds.
PACE_S = (30, 30, 30, 30, 30, 30, 30, 30, 30, 3)
PART = 500
MODES = ("HDF", "PWF", "OSF", "TWF")
TOLD_WITHIN_S = 1_200.0
REPLAYED_WITHIN_S = 900.0


@dataclass(frozen=True, slots=True)
class Day:
    """The platform after the day: its gateway, what a replay of the day asks for, and how many alarms were right."""

    gateway: httpx.Client
    request: dict[str, Any]
    right: int

    def replayed(self, **fields: Any) -> dict[str, Any]:
        """A replay, when it is done."""
        asked = self.gateway.post("/replays", json=self.request | {"actor": "ann"} | fields)
        assert asked.status_code == 202, asked.text
        path = f"/replays/{asked.json()['replay_id']}"

        def done() -> dict[str, Any] | None:
            found: dict[str, Any] = self.gateway.get(path).json()
            assert found["state"] in ("queued", "running", "done"), found
            return found if found["state"] == "done" else None

        return poll_until(done, REPLAYED_WITHIN_S, f"{path} is done")


class Laps:
    """Says how long each part took: a whole day takes a while."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        print(f"{now - self._since:6.1f} s  {what}", flush=True)
        self._since = now


@pytest.fixture(scope="module")
def day(
    start_kafka: StartKafka, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Day]:
    print(f"seed {SEED}")
    folder = tmp_path_factory.mktemp("day")
    lap = Laps()
    worse(load_profile("milling"), folder / "candidates" / "worse")
    lap("training")
    settings = {
        "INFERENCE_CANDIDATES": str(folder / "candidates"),
        "INFERENCE_REPLAY_SHARE": "0.9",
        "GATEWAY_REPLAY_SHARE": "0.9",
    }
    url, log = postgres_server.database.new_database(), start_kafka().client_environment()
    with (
        Plant(folder, log, url, streams=1, settings=settings, web=web_build()) as plant,
        httpx.Client(base_url=f"{plant.url}/gateway", timeout=60) as gateway,
    ):
        lap("start")
        end = datetime.now(UTC) - timedelta(minutes=1)
        bodies = arrivals(end, Random(SEED))
        half, taken, right = len(bodies) // 2, set[str](), 0
        for part in (bodies[:half], bodies[half:]):
            taken |= told(plant, part)
            lap(f"told {len(taken)}")
            let_through(url, len(taken))
            lap("let through")
            right += work_off(gateway)
            lap("worked off")
        yield Day(gateway, {"from": (end - DAY).isoformat(), "to": (end + DAY).isoformat()}, right)


def worse(profile: Profile, directory: Path) -> None:
    """A model that has learned nothing: labels and signals were shuffled, so that nothing belongs together.

    The signals too, because an anomaly alarm warns of a failure as well: with the labels alone it would be cheaper.
    """
    rows = simulated(profile, 1_500, SEED)
    chance = np.random.default_rng(SEED)
    order = chance.permutation(len(rows))
    values = chance.permuted(rows.values, axis=0)
    labels = Dataset(rows.source, rows.seed, values, rows.type_index, rows.failure[order], rows.modes[order])
    build(labels, profile, SEED, datetime.now(UTC), directory, lambda _: None)


def arrivals(end: datetime, random: Random) -> list[bytes]:
    """The readings of the day up to `end`, in order of arrival, one JSON object each."""
    fleet = Fleet(load_profile("milling"), MACHINES, SEED)
    at, step = end - DAY, 0
    found: list[tuple[float, bytes]] = []
    while at < end:
        for raw in fleet.step(at):
            body = msgspec.json.encode(raw | {"event_id": f"{raw['machine_id']}-{step}"})
            found.append((at.timestamp() + random.uniform(0, 4.5), body))
            if random.random() < 0.05:
                found.append((at.timestamp() + random.uniform(0, 30), body))
        at, step = at + timedelta(seconds=PACE_S[step % len(PACE_S)]), step + 1
    return [body for _, body in sorted(found, key=lambda pair: pair[0])]


def told(plant: Plant, bodies: list[bytes]) -> set[str]:
    """Hand all of it to ingest; the event ids that were accepted. What is sent in °C is refused at the door."""
    accepted: set[str] = set()
    headers = {"content-type": "application/x-ndjson"}
    with httpx.Client(base_url=plant.ingest.url, timeout=60) as device:

        def taken(part: bytes) -> dict[str, Any] | None:
            answer = device.post("/ingest/readings", content=part, headers=headers)
            assert answer.status_code in (202, 429, 503), answer.text
            return dict(answer.json()) if answer.status_code == 202 else None

        for start in range(0, len(bodies), PART):
            answer = poll_until(partial(taken, b"\n".join(bodies[start : start + PART])), 120, "a part is taken")
            accepted |= {each["event_id"] for each in answer["results"] if each["status"] == 202}
    return accepted


def let_through(url: str, count: int) -> None:
    """Returns when `count` readings are stored, and those that waited for earlier ones have been let through."""

    def one(query: str) -> int:
        with psycopg.connect(Database(url).connection_string) as connection:
            found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0

    poll_until(lambda: one("SELECT count(*) FROM event_ids") == count, TOLD_WITHIN_S, f"{count} readings are stored")
    waits = "SELECT count(*) FROM alarm_lines WHERE due_at IS NOT NULL"
    poll_until(lambda: one(waits) == 0, 60, "no reading waits for an earlier one")
    assert one("SELECT count(*) FROM late_readings") == 0


def work_off(gateway: httpx.Client) -> int:
    """Acknowledge what is there, and give a verdict: alarms of a failure mode were right. How many were."""
    right = 0
    while alarms := unacknowledged(gateway):
        for alarm in alarms:
            path, real = f"/alarms/{alarm['alarm_id']}", alarm["mode"] in MODES
            right += real
            # The simulator's machines fail when their alarm is raised, not hours later.
            said = {"finding": "confirmed" if real else "false", "failed_at": alarm["raised_at"], "actor": "ann"}
            assert gateway.post(f"{path}/verdict", json=said).status_code == 200
            tag = {"if-match": gateway.get(path).headers["etag"]}
            acked = gateway.post(f"{path}/ack", json={"actor": "ann", "note": "seen"}, headers=tag)
            assert acked.status_code == 200, acked.text
    return right


def unacknowledged(gateway: httpx.Client) -> list[dict[str, Any]]:
    found = gateway.get("/alarms", params={"limit": 200}).json()["alarms"]
    return [alarm for alarm in found if alarm["state"] != "acknowledged"]


def test_the_day_replayed_equals_the_day_that_was_live(day: Day) -> None:
    found = day.replayed()
    result = found["result"]
    print(f"{found['readings']:,} readings, {result['transitions']} transitions, {result['log_hash']}")
    assert result["equals_live"], result
    assert result["log_hash"] == result["live_log_hash"]
    assert result["transitions"] > 2 * day.right > 20


def test_the_live_model_scores_the_day_again_and_it_equals_live(day: Day) -> None:
    (live,) = [model for model in day.gateway.get("/models").json()["models"] if model["is_live"]]
    found = day.replayed(model=live["version"])
    assert (found["model"], found["scored"]) == (live["digest"], found["published"])
    assert found["result"]["equals_live"], found["result"]


def test_a_worse_model_loses_alarms_that_were_right_and_costs_more(day: Day) -> None:
    (other,) = [model for model in day.gateway.get("/models").json()["models"] if not model["is_live"]]
    found = day.replayed(model=other["digest"])
    diff = day.gateway.get(f"/replays/{found['replay_id']}/diff").json()
    difference = diff["difference"]
    print(f"{day.right} were right; {difference['lost_confirmed']} of them lost; {difference['dearer']:+,.0f}")
    print(f"bill before {difference['old_bill']}, with the worse model {difference['new_bill']}")
    assert 0 < difference["lost_confirmed"] <= day.right
    assert difference["dearer"] > 0
    assert difference["new_bill"]["missed"] > difference["old_bill"]["missed"]
    assert {mode["mode"] for mode in diff["modes"] if mode["lost_confirmed"]} <= set(MODES)
