"""The readings of a run: simulated production of a fleet, each with an id of its own, a few of them for refusal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from models.profile import load_profile
from models.simulator import simulate_rows
from tests.faults.payload import Fact, reading_fact

_KELVIN = 273.15
_REFUSED_EVERY = 500
_SOON_S = 0.01


@dataclass(frozen=True, slots=True)
class Sent:
    """One reading as the generator sends it: its JSON and what the ledger knows it by."""

    fact: Fact
    machine: str
    seq: int
    body: bytes


def readings(
    run: str, count: int, *, machines: int = 200, seed: int, spread_s: float | None = None, after: int = 0
) -> Iterator[Sent]:
    """`count` readings of `machines` machines in turn, up to now, over `spread_s` seconds (default: one second apart).

    Ids begin with `run` and a dot. One in 500 has its temperatures in °C, so that the door has to refuse it. `after`
    gives further readings of a run that has had that many turns of all its machines already.
    """
    profile = load_profile("milling")
    rows = simulate_rows(profile, count, seed + after)
    turns = -(-count // machines)
    newest = datetime.now(UTC)
    step_s = _SOON_S if after else 1.0 if spread_s is None else spread_s / turns
    for number, (values, kind) in enumerate(zip(rows.values.tolist(), rows.type_index.tolist(), strict=True)):
        turn, machine = divmod(number, machines)
        seq = after + turn
        reading = {
            "machine_id": f"{run}-{machine:04}",
            "product_type": profile.types[kind],
            "observed_at": (newest - timedelta(seconds=(turns - turn) * step_s, milliseconds=machine)).isoformat(),
            "event_id": f"{run}.{machine}.{seq}",
            **dict(zip(profile.signal_names, values, strict=True)),
        }
        if number % _REFUSED_EVERY == _REFUSED_EVERY - 1:
            for name in ("air_temperature", "process_temperature"):
                reading[name] = round(reading[name] - _KELVIN, 2)
        yield Sent(reading_fact(reading), f"{run}-{machine:04}", seq, msgspec.json.encode(reading))
