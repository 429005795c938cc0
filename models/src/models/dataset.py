"""Labelled rows for training and evaluation: from the simulator, or from a CSV file (see `models.csv_table`)."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.equipment import Profile
from models.features import Floats
from models.simulator import simulate_rows


class DatasetError(ValueError):
    """A file cannot be used; the message is one sentence that says what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """n labelled rows in production order. Mode columns are labels, never inputs; ids are not kept at all."""

    source: str
    """Where the rows come from, for people."""
    seed: int | None
    """Seed of the simulator, None for measured rows."""
    values: Floats
    """(n, S) signals in profile order and units."""
    type_index: NDArray[np.intp]
    """(n,) positions in `Profile.types`."""
    failure: NDArray[np.bool_]
    """(n,) the label as given."""
    modes: NDArray[np.bool_]
    """(n, M) all failure modes in profile order."""

    def __len__(self) -> int:
        return len(self.failure)

    def digest(self) -> str:
        """`sha256:` and hex digest of the numbers and labels: the same for the same rows, however they were written."""
        digest = hashlib.sha256()
        for part in (self.values, self.type_index.astype(np.int64), self.failure, self.modes):
            digest.update(np.ascontiguousarray(part).tobytes())
        return f"sha256:{digest.hexdigest()}"


def simulated(profile: Profile, rows: int, seed: int) -> Dataset:
    """`rows` rows of the simulated process, the same for the same profile and seed."""
    table = simulate_rows(profile, rows, seed)
    return Dataset(f"simulation of {profile.name}", seed, table.values, table.type_index, table.failure, table.modes)
