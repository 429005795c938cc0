"""What a test does that cannot run here: one rule for all of them."""

import os
from typing import NoReturn

import pytest

NOT_TESTED = "not tested for lack of a tool: "


def skip_or_fail(lacking: object) -> NoReturn:
    """End the running test because something is not here: it skips on a laptop, and fails with CI=true.

    `lacking` says what, and how to get it; the end of the run repeats it with the number of tests.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(str(lacking), pytrace=False)
    pytest.skip(f"{NOT_TESTED}{lacking}")
