"""What goes wrong on a cluster: a model that must not serve, a broker and a database that are killed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from models.manifest import decode, encode, seal
from tests.cluster.asking import Asking
from tests.cluster.images import ARE_GIVEN, derive
from tests.cluster.ledger import sending
from tests.cluster.namespace import PORTS, eventually
from tests.cluster.platform import HOST, NAME, Platform
from tools.lacking import skip_or_fail
from tools.services.plant import ARTIFACT

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]
Seen = Callable[[str, str], None]
_NEVER_READY_FOR_S = 20.0


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory, platform: Platform) -> str:
    """Tag of an inference image with two artifacts that must be refused: /damaged and /mismatched."""
    if ARE_GIVEN:
        skip_or_fail("the spoilt image is built and loaded with the kit: set CLUSTER_KIT, and no PM_REGISTRY")
    folder: Path = tmp_path_factory.mktemp("spoilt")
    for name in ("damaged", "mismatched"):
        shutil.copytree(ARTIFACT, folder / name)
    model = folder / "damaged/failure_model.joblib"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    file = folder / "mismatched/manifest.json"
    written = decode(file.read_bytes())
    older = replace(written, libraries={**written.libraries, "scikit-learn": "0.1.0"})
    file.write_bytes(encode(seal(older)))
    return derive("spoilt", "pm-inference", folder)


@pytest.mark.parametrize(("artifact", "words"), [("damaged", "failure_model.joblib"), ("mismatched", "scikit-learn")])
def test_pod_with_a_wrong_model_never_serves(
    platform: Platform, spoilt: str, seen: Seen, artifact: str, words: str
) -> None:
    old = {pod["metadata"]["uid"] for pod in platform.pods("inference-serve")}
    try:
        with Asking(platform.namespace.cluster.address(), HOST, [PORTS["nginx"]], rate=20) as asking:
            platform.upgrade(f"inference.image.tag={spoilt}", f"model.path=/{artifact}", wait=False)
            eventually("the new pod runs", lambda: len(_running(platform, old)) == 1, 120)
            (pod,) = _running(platform, old)
            eventually("its log says why", lambda: "model refused" in platform.namespace.kubectl("logs", pod), 60)
            (line,) = [s for s in platform.namespace.kubectl("logs", pod).splitlines() if "model refused" in s]
            asked = asking.asked
            eventually("more questions", lambda: asking.asked > asked + 20 * _NEVER_READY_FOR_S, 120)
            assert not _ready(platform, pod)
            assert old <= {p["metadata"]["uid"] for p in platform.pods("inference-serve")}
        assert words in json.loads(line)["reason"]
        assert asking.failures == []
        assert platform.restarts()[pod] == 0
        seen(
            f"{artifact} model",
            f"never ready, {asking.asked} questions answered by the old pod; {json.loads(line)['reason'][:110]}",
        )
    finally:
        platform.upgrade()
        platform.rolled_out("inference-serve", "inference-stream")


@pytest.mark.parametrize("victim", ["kafka-0", f"{NAME}-database-0"])
def test_ledger_is_clean_after_a_server_was_killed(platform: Platform, tmp_path: Path, seen: Seen, victim: str) -> None:
    before = platform.restarts()
    with sending(platform, tmp_path, count=1_000) as readings:
        for share in (200, 600):
            readings.at_least(share)
            platform.namespace.kubectl("delete", "pod", victim, "--grace-period=0", "--force", "--wait=false")
            platform.namespace.kubectl(
                "rollout", "status", f"statefulset/{victim.removesuffix('-0')}", "--timeout=180s"
            )
        platform.rolled_out("gateway", "ingest", "inference-stream")
    said = readings.said()
    after = platform.restarts()
    assert {pod: after[pod] for pod in before if pod in after and pod != victim} == {
        pod: count for pod, count in before.items() if pod != victim
    }, "an outage of a server restarts nothing"
    seen(f"{victim.removesuffix('-0')} killed twice", f"{said}; 0 restarts of the platform's pods")


def _running(platform: Platform, old: set[str]) -> list[str]:
    return [
        pod["metadata"]["name"]
        for pod in platform.pods("inference-serve")
        if pod["metadata"]["uid"] not in old and pod["status"]["phase"] == "Running"
    ]


def _ready(platform: Platform, name: str) -> bool:
    (pod,) = [pod for pod in platform.pods("inference-serve") if pod["metadata"]["name"] == name]
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"]["conditions"])
