"""The cluster of these tests: the one KUBECONFIG names, or the kit's own, started when it is not up."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.images import ARE_GIVEN, KIT, kit, set_up
from tests.cluster.namespace import Cluster, Namespace
from tests.cluster.platform import Platform
from tools.lacking import skip_or_fail

_SEEN: list[tuple[str, str]] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each check saw, as a table."""
    if _SEEN:
        terminalreporter.section("seen on the cluster")
        width = max(len(what) for what, _ in _SEEN)
        for what, words in _SEEN:
            terminalreporter.write_line(f"{what.ljust(width)}  {words}")


@pytest.fixture(scope="session")
def seen() -> Callable[[str, str], None]:
    """Adds a line to the table at the end: what was checked, and what was seen."""
    return lambda what, words: _SEEN.append((what, words))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster, as it was before when the tests end. Skips on a laptop without one, fails with CI=true."""
    if not (KIT.is_file() or (ARE_GIVEN and "KUBECONFIG" in os.environ)):
        skip_or_fail("no cluster: set CLUSTER_KIT to the kit, or KUBECONFIG, PM_REGISTRY and PM_TAG")
    if not ARE_GIVEN:
        set_up()
    if "KUBECONFIG" in os.environ:
        missing = [name for name in ("kubectl", "helm") if shutil.which(name) is None]
        assert not missing, f"{' and '.join(missing)} must be in PATH beside KUBECONFIG"
        yield Cluster(dict(os.environ))
        return
    was_up = bool(re.search(r"^kube-apiserver +running", kit("status"), re.MULTILINE))
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
    own = Namespace(cluster, "pm-" + request.node.name.replace("_", "-")[5:45])
    own.create()
    try:
        yield own
    finally:
        own.delete()


@pytest.fixture(scope="session")
def platform(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform with a Kafka (TLS, SCRAM, ACLs) and a PostgreSQL, shared by all tests that leave it whole."""
    folder: Path = tmp_path_factory.mktemp("platform")
    namespace = Namespace(cluster, "pm-platform")
    namespace.create()
    try:
        with Platform(namespace, folder) as platform:
            platform.install()
            yield platform
    finally:
        namespace.delete()
