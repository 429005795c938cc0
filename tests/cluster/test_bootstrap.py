"""The part of the bootstrap that works on a cluster: `platform`, `verify`, again without change, and away again."""

import json
from pathlib import Path

import pytest

from tests.cluster.images import REGISTRY, TAG
from tests.cluster.namespace import Cluster, Namespace

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]
SCRIPT = Path(__file__).resolve().parents[2] / "deploy/k3s/bootstrap.sh"
HOST = "bootstrap.test"


@pytest.fixture
def release(cluster: Cluster, namespace: Namespace, tmp_path: Path) -> tuple[str, ...]:
    """Options of an embedded release in the test's namespace, with the image of this checkout in the node."""
    cluster.bring("pm-standalone")
    options = ["--profile", "embedded", "--registry", REGISTRY, "--tag", TAG, "--namespace", namespace.name]
    return (*options, "--host", HOST, "--ingress", "nginx", "--root", str(tmp_path))


def test_platform_is_installed_verified_and_left_alone_by_a_second_run(
    cluster: Cluster, namespace: Namespace, release: tuple[str, ...]
) -> None:
    first = cluster.run(SCRIPT, "platform", *release, timeout_s=600)
    assert "became an assessment" in first
    assert f"It works: http://{HOST}/" in first
    before = _generations(namespace)
    second = cluster.run(SCRIPT, "platform", *release, timeout_s=600)
    assert "wrote" not in second
    assert _generations(namespace) == before
    assert "became an assessment" in cluster.run(SCRIPT, "verify", *release, timeout_s=300)


def _generations(namespace: Namespace) -> dict[str, int]:
    """How often each object's specification was changed, by kind and name."""
    found = json.loads(namespace.kubectl("get", "statefulsets,services,ingresses,networkpolicies", "-o", "json"))
    return {f"{o['kind']}/{o['metadata']['name']}": o["metadata"].get("generation", 1) for o in found["items"]}
