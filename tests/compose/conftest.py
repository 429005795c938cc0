"""One Docker engine and one installation by Compose, shared by the tests of this folder."""

import os
from collections.abc import Iterator

import pytest

from tests.compose.engine import OURS, Engine, KitEngine, OwnEngine, Project


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """The kit's engine where there is one, else this machine's Docker. Without either: skips, fails with CI=true."""
    for kind in (KitEngine, OwnEngine):
        if kind.exists():
            with kind() as engine:
                yield engine
            return
    sentence = "no Docker engine: start Docker, or let CLUSTER_KIT name a kit that has an engine beside it"
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)


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
