"""Every fault of the suite, on real servers: nothing that was accepted is lost, doubled or misjudged.

`python -m tests.faults --help` plays single faults, or all of them at full length.
"""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig import Rig
from tests.faults.scene import Fault, Result, first, play
from tests.faults.suite import FAULTS, RIGS, new_folder, rig_of
from tools.missing import ToolMissing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
# One installation after the other: the order of the tests is that of their installations.
_ORDERED = [fault for installation in RIGS for fault in FAULTS if fault.installation == installation]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where histories and logs are; it stays when something failed."""
    folder = new_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def rig(request: pytest.FixtureRequest, folder: Path) -> Iterator[Rig]:
    """A running installation, shared by the faults that need this kind."""
    try:
        with rig_of(request.param, folder) as rig:
            yield rig
    except ToolMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(f"skipped for lack of a server: {missing}")


@pytest.mark.parametrize(
    ("rig", "fault"), [pytest.param(f.installation, f, id=f.name) for f in _ORDERED], indirect=["rig"]
)
def test_every_accepted_reading_is_kept_once(rig: Rig, fault: Fault, folder: Path, results: list[Result]) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    result = play(rig, fault, folder, seed=seed)
    results.append(result)
    assert result.verdict in ("pass", "caught"), (
        f"{result.proof.words}; {result.broken}; {first(result.account.findings)}"
    )
