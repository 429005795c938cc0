"""A real Chromium on the real server: the fleet changes live, a machine explains itself, the form judges a reading."""

from pathlib import Path

import pytest

from tests.browser.chromium import chromium, run_script
from tests.server import Standalone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_a_visitor_sees_the_fleet_live_finds_the_cause_and_checks_a_reading(tmp_path: Path) -> None:
    chromium()
    server = Standalone(tmp_path / "state", fleet=50)
    try:
        server.start()
        output = run_script("journey.mjs", server.url, 360)
    finally:
        server.end()
    assert " 0 failed" in output
