"""One Docker engine and one installation by Compose, shared by the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.compose.engine import OURS, Engine, KitEngine, OwnEngine, Project
from tools.lacking import skip_or_fail


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """The kit's engine where there is one, else this machine's Docker. Without either: skips, fails with CI=true."""
    for kind in (KitEngine, OwnEngine):
        if kind.exists():
            with kind() as engine:
                yield engine
            return
    skip_or_fail("no Docker engine: start Docker, or let CLUSTER_KIT name a kit that has an engine beside it")


@pytest.fixture(scope="package")
def project(engine: Engine) -> Iterator[Project]:
    """Everything of compose.yaml running."""
    engine.provide(*OURS)
    engine.provide_public()
    project = Project("pm-test", engine)
    try:
        project.up()
        yield project
    finally:
        project.down()
