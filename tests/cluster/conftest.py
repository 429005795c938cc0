"""The cluster of these tests: the one KUBECONFIG names, or the kit's own, started when it is not up."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.cluster.images import KIT, kit
from tests.cluster.namespace import Cluster, Namespace


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster with our images in it. Skips on a laptop without one, fails with CI=true."""
    if "KUBECONFIG" in os.environ and shutil.which("kubectl") and shutil.which("helm"):
        yield Cluster(dict(os.environ))
        return
    if not KIT.is_file():
        sentence = "no cluster: set KUBECONFIG (with the images loaded), or CLUSTER_KIT to the kit"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)
    was_up = "kube-apiserver          running" in kit("status")
    if not was_up:
        kit("up")
    lines = [line.removeprefix("export ") for line in kit("env").splitlines()]
    variables = dict(line.split("=", 1) for line in lines)
    variables["PATH"] = variables["PATH"].replace("$PATH", os.environ["PATH"])
    try:
        yield Cluster({**os.environ, **variables})
    finally:
        if not was_up:
            kit("down")


@pytest.fixture
def namespace(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """A namespace of the test's own that enforces the restricted Pod Security level; removed afterwards."""
    name = "pm-" + request.node.name.replace("_", "-")[5:45].rstrip("-")
    own = Namespace(cluster, name)
    own.create()
    try:
        yield own
    except subprocess.CalledProcessError as error:
        pytest.fail(f"{error.cmd}: {error.stderr}")
    finally:
        own.delete()
