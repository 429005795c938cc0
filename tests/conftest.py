"""Fixtures of the tests that look at the whole product."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server import Standalone


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A running server without a fleet, shared by the tests of one module."""
    server = Standalone(tmp_path_factory.mktemp("state"))
    try:
        server.start()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def client(server: Standalone) -> Iterator[httpx.Client]:
    """An HTTP client of the running server."""
    with httpx.Client(base_url=server.url, timeout=10) as client:
        yield client


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A folder for a server's state."""
    return tmp_path / "state"
