from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.building import build
from models.crossval import fit
from models.dataset import Dataset, simulated
from models.profile import Profile, load_profile
from models.training import TrainedModel

SEED = 4  # its rows hold failures of every mode


@dataclass(frozen=True)
class Trained:
    """A model trained on a few thousand simulated rows, and the rows."""

    rows: Dataset
    model: TrainedModel


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile("milling")


@pytest.fixture(scope="session")
def trained(profile: Profile) -> Trained:
    # Two temperature walks: one series of the simulated process may never come near the heat limit.
    rows = simulated(profile, 20_000, SEED)
    return Trained(rows, fit(rows, profile, SEED))


@pytest.fixture(scope="session")
def small_artifact(profile: Profile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Directory of a packed artifact trained on a few thousand simulated rows. Read only: copy it to damage it."""
    directory = tmp_path_factory.mktemp("artifacts") / "milling"
    rows = simulated(profile, 6_000, SEED)
    build(rows, profile, SEED, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), directory, lambda _: None)
    return directory
