"""The embedded mode on a real cluster: one command, a prediction within a minute, data that outlives its pod."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.images import REGISTRY, TAG
from tests.cluster.namespace import CHART, Cluster, Namespace, eventually

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]
HOST = "embedded.test"
IDLE_S = 60
READING = {
    "machine_id": "L47340",
    "air_temperature": 298.4,
    "process_temperature": 308.2,
    "rotational_speed": 1282,
    "torque": 60.7,
    "tool_wear": 216,
}


@pytest.fixture(scope="module")
def image(cluster: Cluster) -> str:
    """The standalone image of this checkout, in the node."""
    cluster.bring("pm-standalone")
    return f"standalone.image.registry={REGISTRY},standalone.image.tag={TAG}"


def test_embedded_release_answers_within_a_minute_and_keeps_its_data(
    namespace: Namespace, image: str, seen: Callable[[str, str], None]
) -> None:
    ingress = f"ingress.enabled=true,ingress.className=nginx,ingress.host={HOST}"
    started = time.monotonic()
    namespace.helm("install", "plant", CHART, "-f", CHART / "values-embedded.yaml", "--set", f"{image},{ingress}")
    with namespace.through_ingress(HOST) as client:
        eventually("the first prediction", lambda: client.post("/api/predict", json=READING).status_code == 200)
        took_s = time.monotonic() - started
        assert took_s <= 60
        assert client.get("/").headers["content-type"].startswith("text/html")
        assert client.get("/assets/gone.js").status_code == 404
        answer = client.post("/ingest/readings", json=READING)
        assert answer.status_code == 202, answer.text
        eventually("the machine", lambda: client.get("/gateway/machines/L47340").status_code == 200)
        namespace.helm("test", "plant")
        before = namespace.objects("pods")[0]["metadata"]["uid"]
        namespace.kubectl("delete", "pod", "plant-predictive-maintenance-standalone-0", "--wait")
        eventually("the machine after a restart", lambda: client.get("/gateway/machines/L47340").status_code == 200)
    (pod,) = namespace.objects("pods")
    assert pod["metadata"]["uid"] != before
    assert pod["status"]["containerStatuses"][0]["restartCount"] == 0
    idle_mib = _idle_memory_mib(namespace)
    assert idle_mib <= 1024
    namespace.helm("uninstall", "plant", "--wait")
    ours = "deployments,statefulsets,pods,services,ingresses,pvc,networkpolicies,jobs"
    assert [o["metadata"]["name"] for o in namespace.objects(ours)] == []
    seen("embedded", f"first prediction {took_s:.1f} s after helm install; data kept over a new pod; nothing left")
    seen("embedded, nothing to do", f"{idle_mib:.0f} MiB")


def _idle_memory_mib(namespace: Namespace) -> float:
    """The working set of the namespace's only pod, as `kubectl top` says it, a minute after it was first known."""
    path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{namespace.name}/pods"

    def told() -> list[Any]:
        return [pod["containers"] for pod in json.loads(namespace.kubectl("get", "--raw", path))["items"]]

    eventually("the pod's memory is known", lambda: told() != [], 120)
    known = time.monotonic()
    eventually("a minute at rest", lambda: time.monotonic() - known > IDLE_S, IDLE_S + 10)
    ((container,),) = told()
    quantity = container["usage"]["memory"]
    assert quantity.endswith("Ki"), quantity
    return int(quantity.removesuffix("Ki")) / 1024
