"""The suite: which faults there are, and how they share installations."""

import logging
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults import (
    harm_broker,
    harm_database,
    harm_host,
    harm_input,
    harm_network,
    harm_operation,
    harm_overload,
    harm_services,
)
from tests.faults.checker import Account
from tests.faults.rig import Rig
from tests.faults.scene import Fault, Installation, Proof, Result, first_line, play
from tools.missing import ToolMissing

log = logging.getLogger(__name__)

CONTROLS = (
    Fault("control: stream", harm_services.stream_killed, installation="mutants"),
    Fault("control: gateway", harm_services.gateway_killed_storing, installation="mutants"),
)
FAULTS: tuple[Fault, ...] = (
    harm_input.REWOUND,  # first: it reads everything again that was ever sent
    *harm_services.FAULTS,
    *harm_broker.ONE_BROKER,
    *harm_database.FAULTS,
    *harm_network.FAULTS,
    *harm_input.FAULTS,
    *harm_host.FAULTS,
    *harm_operation.FAULTS,
    *harm_overload.FAULTS,
    *harm_broker.THREE_BROKERS,
    *CONTROLS,
)


_TRIES = 3
_NEXT_SEED = 10**6
_MUTANT = ["-m", "tests.faults.mutants"]
# Brokers, and commands that replace those of services.
RIGS: dict[Installation, tuple[int, dict[str, list[str]]]] = {
    "one broker": (1, {}),
    "mutants": (1, {"stream": [*_MUTANT, "stream"], "gateway": [*_MUTANT, "gateway"]}),
    "three brokers": (3, {}),
}


def chosen(words: Sequence[str], *, full: bool = False) -> list[Fault]:
    """The faults whose names hold one of the words; without words all, or those of the short suite.

    Raises ValueError when there is none.
    """
    if not words:
        return [fault for fault in FAULTS if full or not fault.only_full]
    found = [fault for fault in FAULTS if any(word in fault.name for word in words)]
    if not found:
        raise ValueError(f"no fault is called {' or '.join(words)}; known are {', '.join(f.name for f in FAULTS)}")
    return found


def run(
    faults: Sequence[Fault],
    folder: Path,
    *,
    events: int | None = None,
    full: bool = False,
    seed: int | None = None,
    tell: Callable[[Result], object] = lambda _: None,
) -> list[Result]:
    """Play the faults, each on the installation it needs, one installation after the other. Raises ToolMissing."""
    seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
    results = []
    with Running(folder) as running:
        for number, fault in enumerate(ordered(faults)):
            results.append(running.play(fault, events=events, full=full, seed=seed + number))
            tell(results[-1])
    return results


def ordered(faults: Sequence[Fault]) -> list[Fault]:
    """The faults, those of one installation after the other."""
    return [fault for installation in RIGS for fault in faults if fault.installation == installation]


class Running:
    """The installation that runs: shared by the faults that need this kind, replaced for the first of another kind.

    A context manager.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._kind: Installation | None = None
        self._rig: Rig | None = None

    def play(self, fault: Fault, *, events: int | None = None, full: bool = False, seed: int) -> Result:
        """The row of a fault; an installation that cannot even be asked any more fails, and the next gets a new one.

        Raises ToolMissing.
        """
        started = time.monotonic()
        try:
            return proved(self._of(fault.installation), fault, self._folder, events=events, full=full, seed=seed)
        except ToolMissing:
            raise
        except Exception as error:
            log.exception("%s was left in the middle", fault.name)
            self.end()
            nothing, words = Account(0, 0, 0, 0, 0), f"{type(error).__name__}: {first_line(error)}"
            return Result(fault.name, nothing, Proof(False, ""), time.monotonic() - started, words)

    def _of(self, kind: Installation) -> Rig:
        if self._rig is None or kind != self._kind:
            self.end()
            self._rig, self._kind = self._stack.enter_context(rig_of(kind, self._folder)), kind
        return self._rig

    def end(self) -> None:
        """End what runs; the next fault starts anew."""
        self._rig = None
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def proved(rig: Rig, fault: Fault, folder: Path, *, events: int | None = None, full: bool = False, seed: int) -> Result:
    """Play a fault until it proves something, three times at most: one that did not bite says nothing about a promise.

    What broke a promise is never played again.
    """
    for tries in range(1, _TRIES + 1):
        result = play(rig, fault, folder, events=events, full=full, seed=seed + tries * _NEXT_SEED)
        if result.verdict != "inconclusive":
            break
    return replace(result, tries=tries)


def rig_of(installation: Installation, folder: Path) -> Rig:
    """The installation of that name, not started yet, with everything it writes in a new folder in `folder`."""
    brokers, commands = RIGS[installation]
    home = Path(tempfile.mkdtemp(prefix=f"{installation.replace(' ', '-')}-", dir=folder))
    home.chmod(0o755)
    return Rig(home, brokers=brokers, commands=commands)


def new_folder() -> Path:
    """A folder that the database's own user may enter too."""
    folder = Path(tempfile.mkdtemp(prefix="pm-faults-"))
    folder.chmod(0o755)
    return folder
