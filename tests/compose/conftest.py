"""One installation by Compose, shared by the tests of this folder."""

import os
from collections.abc import Iterator

import pytest

from tests.compose.engine import ENGINE, Project, build_all, environment


@pytest.fixture(scope="package")
def project() -> Iterator[Project]:
    """Everything of compose.yaml running. Skips on a laptop without the kit, fails with CI=true."""
    if not ENGINE.is_file():
        sentence = f"no Docker engine for tests: CLUSTER_KIT must name a kit that has {ENGINE.name} beside it"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)
    variables = environment()
    build_all()
    project = Project(variables, "pm-test")
    try:
        project.up()
        yield project
    finally:
        project.down()
