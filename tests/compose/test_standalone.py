"""The smallest variant, `docker run -p 8080:8080`, and the archive with which a host needs no network."""

import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from charts.tools.running import BIN

from tests.chart.conftest import need
from tests.cluster.images import TAG, reference
from tests.compose.engine import Engine, docker
from tests.deploy.bootstrap import ARCH, Host
from tests.example import EXAMPLE
from tests.server import poll_until
from tools.ports import free_port

pytestmark = [pytest.mark.compose, pytest.mark.timeout(1_200)]
NAME = "pm-test-standalone"
IMAGES = "/var/lib/rancher/k3s/agent/images"


@pytest.fixture(scope="module")
def image(engine: Engine) -> str:
    """The image of the whole platform in one process."""
    engine.provide("pm-standalone")
    return reference("pm-standalone")


@pytest.fixture
def client(engine: Engine, image: str) -> Iterator[httpx.Client]:
    """A client of the container, as the README starts it."""
    port = free_port()
    docker(engine, "run", "-d", "--name", NAME, "-p", f"127.0.0.1:{port}:8080", "-v", f"{NAME}:/data", image)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            _await_ready(client)
            yield client
    finally:
        docker(engine, "rm", "--force", NAME)
        docker(engine, "volume", "rm", NAME)


def _await_ready(client: httpx.Client) -> None:
    def ready() -> bool:
        try:
            return client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    poll_until(ready, 180, "the container is ready")


def test_one_container_answers_and_keeps_a_reading_over_a_kill(engine: Engine, client: httpx.Client) -> None:
    assert client.get("/").status_code == 200
    answer = client.post("/api/predict", json=EXAMPLE, headers={"prefer": "return=minimal"})
    assert answer.json() == {"anomaly": False, "failure_probability": 0.0, "prediction": 0}
    assert client.post("/ingest/readings", json=EXAMPLE).status_code == 202
    docker(engine, "kill", NAME)
    docker(engine, "start", NAME)
    _await_ready(client)
    machine = "/gateway/machines/M14860"
    poll_until(lambda: client.get(machine).status_code == 200, 60, "the reading of before is stored")
    assert docker(engine, "exec", NAME, "id", "-u").strip() == "10001"


def test_bundle_takes_the_place_of_the_network(engine: Engine, image: str, tmp_path: Path) -> None:
    need("helm4")
    host, archive = Host(tmp_path), tmp_path / "pm-bundle.tar"
    options = (
        "--profile",
        "embedded",
        "--registry",
        image.rpartition("/")[0],
        "--tag",
        TAG,
        "--host",
        "pm.example.org",
    )
    programs = {**engine.environment, "PATH": f"{BIN}:{os.environ['PATH']}"}
    assert f"wrote {archive}" in host.run("bundle", str(archive), *options, more=programs)
    assert host.files() == {}, "making a bundle changes nothing on the host"

    shutil.rmtree(host.downloads)
    said = host.run("install", *options, "--bundle", str(archive))
    assert "every checksum agrees" in said
    placed = {path for path in host.files() if path.startswith(IMAGES)}
    ours = f"{IMAGES}/pm.local-pm-standalone-{TAG}.tar"
    assert placed == {ours, f"{IMAGES}/k3s-airgap-images-{ARCH}.tar.zst"}
    with tarfile.open(host.root / ours.lstrip("/")) as saved:
        manifest = saved.extractfile("manifest.json")
        assert manifest is not None
        assert [entry["RepoTags"] for entry in json.loads(manifest.read())] == [[image]]
    with tarfile.open(archive) as bundle:
        names = set(bundle.getnames())
    assert "./values/predictive-maintenance/values-embedded.yaml" in names
    assert {Path(name).name.rpartition("-")[0] for name in names if name.startswith("./charts/")} >= {
        "kafka",
        "predictive-maintenance",
    }
