"""Every fault of the suite, on real servers: nothing that was accepted is lost, doubled or misjudged.

`python -m tests.faults --help` plays single faults, or all of them at full length.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.scene import Fault, Result, first
from tests.faults.suite import Running, chosen, new_folder, ordered
from tools.lacking import skip_or_fail
from tools.missing import ToolMissing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_800)]


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Where histories and logs are; it stays when something failed."""
    folder, failed = new_folder(), request.session.testsfailed
    yield folder
    if request.session.testsfailed == failed:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    with Running(folder) as running:
        yield running


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault.name) for fault in ordered(chosen([]))])
def test_every_accepted_reading_is_kept_once(
    running: Running, folder: Path, fault: Fault, results: list[Result]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}, histories and logs in {folder}")
    try:
        result = running.play(fault, seed=seed)
    except ToolMissing as missing:
        skip_or_fail(missing)
    results.append(result)
    assert result.verdict in ("pass", "caught"), (
        f"{result.proof.words}; {result.broken}; {first(result.account.findings)}"
    )
