"""Replicas: those that somebody set stay, those of an autoscaler follow the load, and each of them has work."""

from collections.abc import Callable

import pytest

from tests.cluster.asking import Asking
from tests.cluster.namespace import PORTS, eventually
from tests.cluster.platform import HOST, NAME, Platform
from tests.example import EXAMPLE

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]
Seen = Callable[[str, str], None]
SERVE = "inference-serve"
ASKED = 600
_HPA_WITHIN_S = 240


def test_scaled_replicas_share_the_load_and_outlive_an_upgrade(platform: Platform, seen: Seen) -> None:
    assert platform.replicas(SERVE) == 1
    platform.scale(SERVE, 3)
    before = _answers(platform)
    assert len(before) == 3
    with platform.client() as client:
        for _ in range(ASKED):
            client.post("/api/predict", json=EXAMPLE).raise_for_status()
    after = _answers(platform)
    shares = sorted((after[pod] - before[pod]) / ASKED for pod in before)
    assert sum(shares) == pytest.approx(1), "every answer comes from one of the three"
    assert shares[0] > 0.15, shares
    platform.upgrade("logs.level=WARNING")
    platform.rolled_out(SERVE)
    assert platform.replicas(SERVE) == 3
    assert len(platform.pods(SERVE)) == 3
    seen(
        "kubectl scale 1 to 3",
        f"shares of {ASKED} answers: {', '.join(f'{s:.0%}' for s in shares)}; 3 after an upgrade",
    )
    platform.upgrade()
    platform.scale(SERVE, 1)


def test_autoscaler_follows_the_load(platform: Platform, seen: Seen) -> None:
    hpa = ("inference.serve.scaling.mode=hpa", "inference.serve.scaling.min=1", "inference.serve.scaling.max=3")
    platform.upgrade(*hpa)
    try:
        eventually("the autoscaler reads the CPU", lambda: _utilization(platform) is not None, _HPA_WITHIN_S)
        address = platform.namespace.cluster.address()
        with Asking(address, HOST, [PORTS["nginx"]], workers=8, rate=None) as asking:
            eventually("more replicas", lambda: platform.replicas(SERVE) > 1, _HPA_WITHIN_S)
            busy = _utilization(platform)
            platform.namespace.kubectl("rollout", "status", f"deployment/{NAME}-{SERVE}", "--timeout=240s")
        assert asking.failures == []
        said = (
            f"{platform.replicas(SERVE)} replicas at {busy} % of the requested CPU, {asking.asked} questions, 0 failed"
        )
        seen("autoscaler under load", said)
    finally:
        platform.upgrade()
        platform.scale(SERVE, 1)


def _answers(platform: Platform) -> dict[str, float]:
    pods = [pod["metadata"]["name"] for pod in platform.pods(SERVE) if "deletionTimestamp" not in pod["metadata"]]
    return {pod: platform.metric(pod, 9001, "pm_inference_http_requests_total") for pod in pods}


def _utilization(platform: Platform) -> int | None:
    """Per cent of the requested CPU that the replicas use, as the autoscaler sees it."""
    (found,) = platform.namespace.objects("hpa")
    for metric in found["status"].get("currentMetrics") or ():
        value = metric.get("containerResource", {}).get("current", {}).get("averageUtilization")
        if value is not None:
            return int(value)
    return None
