"""Scoring with the compiled forests against scikit-learn, batch by batch: ratio, parity and CPU time in one run.

scikit-learn is used as well as it can be: numpy in, one pass of the failure forest, `score_samples`, one thread.
Both take turns, so that a noisy machine hits both alike; medians are compared.
Usage: python benchmarks/scoring.py [--artifact DIR] [--rounds N]
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from models.artifact import Estimators, load, unpickle
from models.compiled import Scores
from models.dataset import simulated
from models.features import Floats, features
from models.profile import Profile, load_profile
from models.verification import verify

# batch size: (calls of ours per round, calls of scikit-learn per round, highest share of its time)
BATCHES = {1: (400, 10, 1 / 100), 32: (100, 5, 1 / 20), 1_000: (10, 4, 1 / 2)}
PARITY_ROWS = 20_000
TOLERANCE = 1e-6
SEED = 4_711


@dataclass(frozen=True)
class Timing:
    """Seconds per call, wall and CPU."""

    wall: float
    cpu: float


def main() -> int:
    """Measure and print one table; the exit code is 1 when an answer differs or a bar is missed."""
    options = _options()
    profile = load_profile("milling")
    compiled = load(options.artifact, profile).compiled
    reference = unpickle(verify(options.artifact, profile), options.artifact)
    rows = simulated(profile, PARITY_ROWS, SEED)
    matrix = features(rows.values, rows.type_index, profile)
    worst = _worst_difference(compiled.score(matrix), _sklearn(reference, matrix, profile))
    print(f"parity on {PARITY_ROWS:,} rows (seed {SEED}): largest difference {worst:.1e}, allowed {TOLERANCE:.0e}")
    print(f"{'batch':>6} {'scikit-learn':>14} {'compiled':>12} {'ratio':>7} {'CPU ratio':>10}   µs per row")
    passed = worst <= TOLERANCE
    for batch, (our_calls, their_calls, bar) in BATCHES.items():
        part = matrix[:batch]
        theirs, ours = [], []
        for _ in range(options.rounds):
            theirs.append(_time(partial(_sklearn, reference, part, profile), their_calls))
            ours.append(_time(partial(compiled.score, part), our_calls))
        passed = _report(batch, theirs, ours, bar) and passed
    return 0 if passed else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", type=Path, default=Path("models/artifacts/milling"))
    parser.add_argument("--rounds", type=int, default=9)
    return parser.parse_args()


def _sklearn(reference: Estimators, matrix: Floats, profile: Profile) -> tuple[Floats, Floats, Floats]:
    """Failure probability (n,), mode probabilities (n, M), anomaly score (n,)."""
    scaled = reference.scaler.transform(matrix)
    outputs = reference.failure_model.predict_proba(scaled)
    score = -reference.anomaly_model.score_samples(scaled[:, list(profile.anomaly_columns)])
    return outputs[0][:, 1], np.column_stack([output[:, 1] for output in outputs[1:]]), score


def _worst_difference(ours: Scores, theirs: tuple[Floats, Floats, Floats]) -> float:
    pairs = zip((ours.failure_probability, ours.modes, ours.anomaly_score), theirs, strict=True)
    return max(float(np.abs(mine - other).max()) for mine, other in pairs)


def _time(call: Callable[[], object], calls: int) -> Timing:
    call()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        call()
    return Timing((time.perf_counter() - wall) / calls, (time.process_time() - cpu) / calls)


def _report(batch: int, theirs: list[Timing], ours: list[Timing], bar: float) -> bool:
    slow, fast = (statistics.median(timing.wall for timing in part) for part in (theirs, ours))
    slow_cpu, fast_cpu = (statistics.median(timing.cpu for timing in part) for part in (theirs, ours))
    passed = fast <= slow * bar
    print(
        f"{batch:>6} {slow / batch * 1e6:>14.1f} {fast / batch * 1e6:>12.1f} {slow / fast:>6.1f}x "
        f"{slow_cpu / fast_cpu:>9.1f}x   bar: {1 / bar:.0f}x {'pass' if passed else 'FAIL'}"
    )
    return passed


if __name__ == "__main__":
    raise SystemExit(main())
