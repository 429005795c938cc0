"""Prints the table of the faults that a run has played."""

import pytest

from tests.faults.scene import Result
from tests.faults.table import line, table

RESULTS = pytest.StashKey[list[Result]]()


@pytest.fixture(scope="session")
def results(pytestconfig: pytest.Config) -> list[Result]:
    """The rows of the table; a test adds its own."""
    return pytestconfig.stash.setdefault(RESULTS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, whatever passed or failed."""
    if played := terminalreporter.config.stash.get(RESULTS, []):
        terminalreporter.section("faults")
        terminalreporter.write_line(table(played))
        terminalreporter.write_line(line(played))
