"""The implementations under the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.log.lab import Lab


@pytest.fixture(params=["embedded"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    """A lab around an empty log of each implementation."""
    addresses = {"embedded": f"embedded:{tmp_path / 'log.sqlite3'}"}
    lab = Lab(addresses[request.param])
    try:
        yield lab
    finally:
        lab.close()
