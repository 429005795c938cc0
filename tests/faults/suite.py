"""The suite: which faults there are, and how they share installations."""

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.faults import harm_broker, harm_database, harm_input, harm_network, harm_overload, harm_services
from tests.faults.rig import Rig
from tests.faults.scene import Fault, Installation, Result, play

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


def chosen(words: Sequence[str]) -> list[Fault]:
    """The faults whose names hold one of the words; all without words. Raises ValueError when there is none."""
    found = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
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
    """Play the faults, each on the installation it needs, one installation after the other."""
    seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
    results = []
    for installation in RIGS:
        here = [fault for fault in faults if fault.installation == installation]
        if not here:
            continue
        with rig_of(installation, folder) as rig:
            for number, fault in enumerate(here):
                results.append(proved(rig, fault, folder, events=events, full=full, seed=seed + number))
                tell(results[-1])
    return results


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
    """The installation of that name, not started yet, with everything it writes in `folder`."""
    brokers, commands = RIGS[installation]
    return Rig(folder / installation.replace(" ", "-"), brokers=brokers, commands=commands)


def new_folder() -> Path:
    """A folder that the database's own user may enter too."""
    folder = Path(tempfile.mkdtemp(prefix="pm-faults-"))
    folder.chmod(0o755)
    return folder
