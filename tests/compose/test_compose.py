"""compose.yaml as a person runs it: pages, the example's answer, a stored row, and every service killed under load."""

import random
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml

from tests.cluster.images import ROOT
from tests.compose.engine import Project
from tests.example import EXAMPLE
from tests.faults.checker import KINDS
from tests.faults.history import History
from tests.faults.load import Load, Pace
from tests.faults.readings import readings
from tests.faults.remote_rig import RemoteRig
from tests.server import poll_until

pytestmark = [pytest.mark.compose, pytest.mark.timeout(2_400)]
SERVICES = ("edge", "web", "serve", "stream", "ingest", "gateway", "kafka", "database")


@pytest.fixture
def client(project: Project) -> httpx.Client:
    return httpx.Client(base_url=project.url, timeout=10)


def test_page_and_the_examples_answer_come_from_one_port(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert client.get("/machines/M14860").text == page.text
    assert client.get("/assets/gone.js").status_code == 404
    answer = client.post("/api/predict", json=EXAMPLE, headers={"prefer": "return=minimal"})
    assert answer.json() == {"anomaly": False, "failure_probability": 0.0, "prediction": 0}
    for service in ("api", "ingest", "gateway"):
        assert client.get(f"/{service}/openapi.json").status_code == 200


def test_reading_flows_to_the_stored_row(client: httpx.Client) -> None:
    reading = {**EXAMPLE, "udi": "M90001"}
    answer = client.post("/ingest/readings", json=reading)
    assert answer.status_code == 202, answer.text
    poll_until(lambda: client.get("/gateway/machines/M90001").status_code == 200, 60, "the machine of the reading")
    machine = client.get("/gateway/machines/M90001").json()
    assert machine["last_assessment"]["signals"]["torque"] == 42.8


def test_live_stream_is_not_held_back(project: Project) -> None:
    with httpx.stream("GET", f"{project.url}/gateway/stream", timeout=30) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert next(stream.iter_lines())


def test_only_the_edge_is_published_and_every_container_is_held_tight(project: Project) -> None:
    for service in SERVICES:
        found = project.inspect(service)
        host = found["HostConfig"]
        assert host["RestartPolicy"]["Name"] == "unless-stopped", service
        assert host["CapDrop"] == ["ALL"], service
        assert "no-new-privileges:true" in host["SecurityOpt"], service
        assert host["Memory"] > 0, service
        assert host["ReadonlyRootfs"] == (service != "kafka"), service
        assert found["State"]["Health"]["Status"] == "healthy", service
    plain = yaml.safe_load((ROOT / "compose.yaml").read_text())
    ports = {name: service["ports"] for name, service in plain["services"].items() if "ports" in service}
    assert ports == {"edge": ["${PM_ADDRESS:-0.0.0.0}:${PM_PORT:-80}:8080"]}
    assert plain["networks"]["back"]["internal"] is True


def test_second_up_changes_nothing(project: Project) -> None:
    before = {service: project.inspect(service)["Id"] for service in SERVICES}
    project.up()
    assert {service: project.inspect(service)["Id"] for service in SERVICES} == before


def test_ledger_stays_clean_while_each_service_is_killed(project: Project, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    ways = [(service, by_compose) for by_compose in (True, False) for service in SERVICES]
    chance.shuffle(ways)
    print(f"seed {seed}, order {ways}")
    run = f"compose{seed}"
    remote = RemoteRig(tmp_path, kafka_port=project.kafka_port, database_url=project.database_url())
    with remote as rig, closing(History(tmp_path / "history.jsonl")) as history:
        marks = rig.mark()
        count = 2_000
        load = Load(
            project.url,
            history,
            list(readings(run, count, seed=seed)),
            Pace(workers=4, batch=20, rate=150, later_rate=100),
            more=lambda portion: list(readings(run, count, seed=seed, after=(portion + 1) * count // 200)),
        )
        load.start()
        for service, by_compose in ways:
            _let_load_through(load)
            _harm(project, service, by_compose=by_compose)
        load.release()
        load.join(300)
        rig.settle(within_s=180)
        account = rig.account(history, marks, {})
    print(f"accepted {account.accepted}, refused {account.refused}, stored {account.stored}, dead {account.dead}")
    assert account.accepted > 1_500
    assert {kind: account.count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 0), account.findings[:5]
    assert account.dead == 0


def _let_load_through(load: Load) -> None:
    goal = load.settled + 100
    poll_until(lambda: load.settled >= goal, 180, "the load goes on")


def _harm(project: Project, service: str, *, by_compose: bool) -> None:
    """Kill a service and have it back: by `docker compose kill` and `up`, or as a crash that the engine must notice."""
    if by_compose:
        project.compose("kill", service)
        project.up(service)
        return
    before = project.inspect(service)["State"]["StartedAt"]
    project.crash(service)
    poll_until(
        lambda: (
            (now := project.inspect(service)["State"])["StartedAt"] != before
            and now.get("Health", {}).get("Status") == "healthy"
        ),
        180,
        f"{service} back and healthy after a crash",
    )


def test_data_outlives_the_containers(project: Project, client: httpx.Client) -> None:
    client.post("/ingest/readings", json={**EXAMPLE, "udi": "M90002"}).raise_for_status()
    poll_until(lambda: client.get("/gateway/machines/M90002").status_code == 200, 60, "the machine of the reading")
    project.compose("down", "--timeout", "20")
    project.up()
    assert client.get("/gateway/machines/M90002").status_code == 200


def test_example_settings_are_the_defaults() -> None:
    said = (ROOT / ".env.example").read_text()
    example = dict(line.split("=", 1) for line in said.splitlines() if line and not line.startswith("#"))
    text = (ROOT / "compose.yaml").read_text()
    for name, value in example.items():
        assert f"${{{name}:-{value}}}" in text or (value == "" and f"${{{name}:+" in text), name
