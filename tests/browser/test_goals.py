"""The dashboard's goals that do not depend on the speed of the machine: measured in Chromium, printed as a table."""

import pytest

from tests.browser.chromium import run_script

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_000)]


@pytest.mark.parametrize("part", ["built", "served", "states", "freshness", "people", "looks"])
def test_the_pages_meet_their_goals(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    output = run_script("goals.mjs", "", 900, part)
    with capsys.disabled():
        print(f"\n{output[output.index('|') :]}")
    assert " 0 failed" in output
