"""The suite: which faults there are, and how they share installations."""

import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults import harm_broker, harm_database, harm_input, harm_network, harm_overload, harm_services
from tests.faults.rig import Rig
from tests.faults.scene import Fault, Result, play

FAULTS: tuple[Fault, ...] = (
    *harm_services.FAULTS,
    *harm_broker.ONE_BROKER,
    *harm_database.FAULTS,
    *harm_network.FAULTS,
    *harm_input.FAULTS,
    *harm_overload.FAULTS,
    harm_input.LAST,
    *harm_broker.THREE_BROKERS,
)


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
    """Play the faults, those with one broker on one installation and those with three on another."""
    seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
    results = []
    for three in (False, True):
        here = [fault for fault in faults if fault.three is three]
        if not here:
            continue
        with Rig(folder / ("three" if three else "one"), brokers=3 if three else 1) as rig:
            for number, fault in enumerate(here):
                results.append(play(rig, fault, folder, events=events, full=full, seed=seed + number))
                tell(results[-1])
    return results


def new_folder() -> Path:
    """A folder that the database's own user may enter too."""
    folder = Path(tempfile.mkdtemp(prefix="pm-faults-"))
    folder.chmod(0o755)
    return folder
