"""One `helm install` beside a Kafka with TLS, SCRAM and ACLs: page, judgement and live stream from outside."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.cluster.forward import Forward
from tests.cluster.namespace import eventually
from tests.cluster.platform import NAME, RELEASE, Platform
from tests.example import EXAMPLE

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]
Seen = Callable[[str, str], None]
PROXY_IDLE_S = 91
MINIMAL = {"anomaly": False, "failure_probability": 0.0, "prediction": 0}


@pytest.fixture(scope="module", autouse=True)
def unused(platform: Platform) -> Iterator[tuple[http.client.HTTPConnection, float]]:
    """A connection to ingest that answered once, and when that was (monotonic seconds)."""
    with Forward(platform.namespace, f"{NAME}-ingest", 80) as forward:
        connection = http.client.HTTPConnection("127.0.0.1", forward.port, timeout=10)
        assert _alive(connection)
        yield connection, time.monotonic()
        connection.close()


def _alive(connection: http.client.HTTPConnection) -> bool:
    connection.request("GET", "/livez")
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


@pytest.fixture(params=["nginx", "traefik"])
def ingress(request: pytest.FixtureRequest, platform: Platform) -> Iterator[str]:
    """The release behind an ingress controller, by the preset made for it; behind Nginx again afterwards."""
    name = str(request.param)
    before = {pod["metadata"]["uid"] for pod in platform.pods()}
    platform.upgrade(preset="nginx-f5" if name == "nginx" else name)
    assert {pod["metadata"]["uid"] for pod in platform.pods()} == before, "another ingress is no reason to roll a pod"
    with platform.client(name) as client:
        eventually(f"the page through {name}", lambda: client.get("/").status_code == 200)
    yield name
    platform.upgrade()


def test_page_judgement_and_stream_come_through_the_ingress(platform: Platform, ingress: str, seen: Seen) -> None:
    machine = f"M9{'01' if ingress == 'nginx' else '02'}"
    with platform.client(ingress) as client:
        page = client.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert client.get(f"/machines/{machine}").text == page.text
        assert client.get("/assets/gone.js").status_code == 404
        answer = client.post("/api/predict", json=EXAMPLE, headers={"prefer": "return=minimal"})
        assert answer.json() == MINIMAL
        assert client.get("/api/gone").headers["content-type"] == "application/problem+json"
        for service in ("api", "ingest", "gateway"):
            assert client.get(f"/{service}/openapi.json").status_code == 200
        shown = _streamed(platform, ingress, machine)
        assert machine in shown
        path = f"/gateway/machines/{machine}"
        eventually("the stored assessment", lambda: client.get(path).status_code == 200)
        assert client.get(path).json()["last_assessment"]["signals"]["torque"] == 42.8
    seen(f"through {ingress}", f"page, /api/predict {json.dumps(MINIMAL)}, a posted reading on the stream")


def _streamed(platform: Platform, ingress: str, machine: str) -> str:
    """Post a reading while the gateway's stream is open; the event that shows it."""
    opened = threading.Event()

    def post() -> None:
        opened.wait(30)
        with platform.client(ingress) as client:
            client.post("/ingest/readings", json={**EXAMPLE, "udi": machine}).raise_for_status()

    poster = threading.Thread(target=post)
    poster.start()
    try:
        with platform.client(ingress) as client, client.stream("GET", "/gateway/stream", timeout=30) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            for line in stream.iter_lines():
                opened.set()
                if line.startswith("data:") and machine in line:
                    return line
    finally:
        poster.join(30)
    raise AssertionError("the stream ended")


def test_a_body_beyond_the_limit_is_refused_by_the_first_that_has_one(platform: Platform, ingress: str) -> None:
    """A service takes 1 MiB, its Nginx 2 MiB by the preset; Traefik has no limit and passes everything on."""
    by_the_ingress = {"nginx": "text/html", "traefik": "application/problem+json"}[ingress]
    with platform.client(ingress) as client:
        for mebibytes, kind in ((1.5, "application/problem+json"), (3, by_the_ingress)):
            body = b" " * int(mebibytes * 2**20)
            answer = client.post("/api/predict", content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 413
            assert answer.headers["content-type"] == kind


def test_a_model_computes_with_one_thread(platform: Platform) -> None:
    """Libraries take the size of their pools from the environment: one per core of the node would starve a pod."""
    libraries = "import json, numpy, scipy.linalg, sklearn.ensemble, threadpoolctl;"
    asked = f"{libraries} print(json.dumps([pool['num_threads'] for pool in threadpoolctl.threadpool_info()]))"
    told = platform.namespace.kubectl("exec", f"deployment/{NAME}-inference-serve", "--", "python", "-c", asked)
    sizes = json.loads(told)
    assert len(sizes) >= 2, "a pool for linear algebra and one of OpenMP"
    assert set(sizes) == {1}


def test_helm_test_passes(platform: Platform, seen: Seen) -> None:
    told = platform.namespace.helm("test", RELEASE)
    assert "Succeeded" in told, told
    seen("helm test", f"Succeeded; helm install --wait took {platform.installed_within_s:.0f} s")


def test_nothing_was_started_twice_and_nothing_was_refused(platform: Platform) -> None:
    """Whoever is there before Kafka's users or the database waits; it does not crash."""
    restarts = platform.restarts()
    assert restarts == dict.fromkeys(restarts, 0)
    warnings = platform.namespace.objects("events")
    refused = [e["message"] for e in warnings if e["reason"] in ("FailedCreate", "Rejected")]
    assert refused == []


MAKE_A_TOPIC = """
from kafka import KafkaAdminClient
from chassis.open_log import connection
from chassis.settings import LogSettings, load
admin = connection(load(LogSettings)).open(KafkaAdminClient, 10)
admin.create_topics({"mine": {"num_partitions": 1, "replication_factor": 1}})
"""


@pytest.mark.parametrize("user", ["ingest", "inference-stream", "gateway"])
def test_no_service_may_more_than_its_user_says(platform: Platform, user: str) -> None:
    """Kafka refuses what charts/kafka does not allow, such as a topic of one's own."""
    command = ("kubectl", "-n", platform.namespace.name, "exec", f"deployment/{NAME}-{user}", "--")
    told = platform.namespace.cluster.attempt(*command, "python", "-c", MAKE_A_TOPIC)
    assert told.returncode != 0, told.stdout
    assert "AuthorizationFailed" in told.stderr, told.stderr


def test_service_keeps_an_unused_connection_longer_than_any_proxy(
    unused: tuple[http.client.HTTPConnection, float], seen: Seen
) -> None:
    """Traefik keeps one for 90 s; a service that closed it earlier would lose the request that comes just then."""
    connection, since = unused
    eventually("Traefik's idle time", lambda: time.monotonic() - since > PROXY_IDLE_S, PROXY_IDLE_S + 5)
    assert connection.sock is not None
    assert _alive(connection)
    seen("unused connection", f"answers after {time.monotonic() - since:.0f} s")
