"""The tools of the chart tests, installed once into a cache (`python -m charts.tools.kit` does it beforehand)."""

import pytest
from charts.tools.kit import install

from tools.lacking import skip_or_fail


def need(*parts: str) -> None:
    """Install parts of the kit; what cannot be had skips on a laptop and fails with CI=true."""
    if failed := install(list(parts)):
        skip_or_fail(f"chart tools that cannot be installed here: {failed}")


@pytest.fixture(scope="session", autouse=True)
def renderer() -> None:
    """Helm and the schemas, without which nothing here can be tested."""
    need("helm4", "helm3", "kubernetes", "strimzi", "definitions")


@pytest.fixture
def hadolint() -> None:
    """The linter of Dockerfiles."""
    need("hadolint")


@pytest.fixture
def promtool() -> None:
    """The checker of Prometheus rules."""
    need("promtool")


@pytest.fixture
def scanners() -> None:
    """checkov and kube-score; the latter is compiled the first time."""
    need("checkov", "kube-score")
