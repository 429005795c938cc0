"""Pods replaced under continuous load: by an upgrade, a rollback, a drain. Nobody is told that something went on."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.asking import Asking
from tests.cluster.ledger import Sending, sending
from tests.cluster.namespace import PORTS, eventually
from tests.cluster.platform import HOST, NAME, RELEASE, Platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]
Seen = Callable[[str, str], None]
DEPLOYMENTS = ("inference-serve", "inference-stream", "ingest", "gateway", "web")
LEAST = 2_000
_WITHIN_S = 300


@pytest.fixture(scope="module")
def platform(platform: Platform) -> Iterator[Platform]:
    """The release with two replicas of everything, behind both controllers; Traefik repeats nothing that failed."""
    for deployment in DEPLOYMENTS:
        platform.namespace.kubectl("scale", f"deployment/{NAME}-{deployment}", "--replicas=2")
    platform.rolled_out(*DEPLOYMENTS)
    (ingress,) = platform.namespace.objects("ingresses")
    second = {
        "apiVersion": ingress["apiVersion"],
        "kind": "Ingress",
        "metadata": {"name": "second"},
        "spec": {**ingress["spec"], "ingressClassName": "traefik"},
    }
    platform.namespace.kubectl("apply", "-f", "-", text=json.dumps(second))
    with platform.client("traefik") as client:
        eventually("the page through Traefik", lambda: client.get("/").status_code == 200)
    yield platform
    platform.namespace.kubectl("delete", "ingress", "second")
    for deployment in DEPLOYMENTS:
        platform.scale(deployment, 1)


@contextmanager
def load(platform: Platform, folder: Path) -> Iterator[tuple[Asking, Sending]]:
    """Questions through both controllers and readings through one, at least LEAST of each, while the block runs."""
    address = platform.namespace.cluster.address()
    with sending(platform, folder, count=LEAST) as readings, Asking(address, HOST, tuple(PORTS.values())) as asking:
        readings.at_least(100)
        yield asking, readings
        eventually(f"{LEAST} questions", lambda: asking.asked >= LEAST, _WITHIN_S)


@pytest.mark.parametrize("how", ["rolling update", "rollback"])
def test_nothing_is_lost_while_every_pod_is_replaced(platform: Platform, tmp_path: Path, seen: Seen, how: str) -> None:
    before = {pod["metadata"]["uid"] for pod in platform.pods() if _is_ours(pod)}
    with load(platform, tmp_path) as (asking, readings):
        if how == "rollback":
            platform.namespace.helm("rollback", RELEASE, "--wait")
        else:
            platform.upgrade("logs.level=DEBUG", "web.pod.annotations.rolled=again")
        platform.rolled_out(*DEPLOYMENTS)
    after = {pod["metadata"]["uid"] for pod in platform.pods() if _is_ours(pod)}
    assert before.isdisjoint(after)
    assert asking.failures == []
    seen(how, f"{len(after)} pods replaced; {asking.asked} questions, 0 failed; {readings.said()}")


def test_nothing_is_lost_in_a_drain(platform: Platform, tmp_path: Path, seen: Seen) -> None:
    """Every pod is evicted as `kubectl drain` does it: at once, and again after a while where the budget says no."""
    left = {pod["metadata"]["name"] for pod in platform.pods() if _is_ours(pod)}
    count, refused = len(left), 0
    assert count == 2 * len(DEPLOYMENTS)
    with load(platform, tmp_path) as (asking, readings):
        end = time.monotonic() + _WITHIN_S
        while left:
            for pod in sorted(left):
                told = _evict(platform, pod)
                if told is None:
                    left.remove(pod)
                else:
                    assert "disruption budget" in told, told
                    refused += 1
            assert time.monotonic() < end, f"not evicted: {left}"
            time.sleep(1)
        platform.rolled_out(*DEPLOYMENTS)
    assert refused >= len(DEPLOYMENTS), "the budget must hold the second pod of each back"
    assert asking.failures == []
    said = f"{count} pods evicted, {refused} evictions refused by a budget; {asking.asked} questions, 0 failed"
    seen("drain", f"{said}; {readings.said()}")


def test_control_without_a_pause_before_the_stop_fails(platform: Platform, seen: Seen) -> None:
    """The check above can fail: without the pause, connections meet a pod that no longer listens."""
    platform.upgrade("termination.preStopSeconds=0")
    platform.rolled_out(*DEPLOYMENTS)
    address = platform.namespace.cluster.address()
    with Asking(address, HOST, tuple(PORTS.values()), workers=8, rate=100) as asking:
        for _ in range(3):
            platform.namespace.kubectl("rollout", "restart", f"deployment/{NAME}-inference-serve")
            platform.rolled_out("inference-serve")
            if asking.failures:
                break
    assert asking.failures, f"{asking.asked} questions, and none failed"
    seen(
        "control without preStop",
        f"{len(asking.failures)} of {asking.asked} questions failed: {asking.failures[0].what}",
    )
    platform.upgrade()
    platform.rolled_out(*DEPLOYMENTS)


def _is_ours(pod: dict[str, object]) -> bool:
    metadata = pod["metadata"]
    assert isinstance(metadata, dict)
    return metadata["labels"]["app.kubernetes.io/component"] in DEPLOYMENTS and "deletionTimestamp" not in metadata


def _evict(platform: Platform, pod: str) -> str | None:
    """None when the pod goes, else why not."""
    name = platform.namespace.name
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": name}}
    path = f"/api/v1/namespaces/{name}/pods/{pod}/eviction"
    told = platform.namespace.cluster.attempt("kubectl", "create", "--raw", path, "-f", "-", text=json.dumps(eviction))
    return None if told.returncode == 0 or "not found" in told.stderr else told.stderr
