"""Every fault of the suite, on real servers: nothing that was accepted is lost, doubled or misjudged.

`python -m tests.faults --help` plays single faults, or all of them at full length.
"""

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.rig import Rig
from tests.faults.scene import Fault, Installation, Result, first
from tests.faults.suite import FAULTS, RIGS, new_folder, proved, rig_of
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


class Running:
    """The installation that runs: shared by the faults that need this kind, replaced for the first of another kind."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._kind: Installation | None = None
        self._rig: Rig | None = None

    def of(self, kind: Installation) -> Rig:
        """A running installation of this kind. Raises ToolMissing."""
        if self._rig is None or kind != self._kind:
            self.end()
            self._rig, self._kind = self._stack.enter_context(rig_of(kind, self._folder)), kind
        return self._rig

    def end(self) -> None:
        self._rig = None
        self._stack.close()


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    yield running
    running.end()


@pytest.fixture
def rig(running: Running, fault: Fault) -> Rig:
    """The running installation that the fault needs."""
    try:
        return running.of(fault.installation)
    except ToolMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(f"skipped for lack of a server: {missing}")


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault.name) for fault in _ORDERED])
def test_every_accepted_reading_is_kept_once(rig: Rig, fault: Fault, folder: Path, results: list[Result]) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    result = proved(rig, fault, folder, seed=seed)
    results.append(result)
    assert result.verdict in ("pass", "caught"), (
        f"{result.proof.words}; {result.broken}; {first(result.account.findings)}"
    )
