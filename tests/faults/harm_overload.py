"""Too much: ten times what the way to the brokers carries, sent in open loop whatever the answers are."""

import time
from dataclasses import dataclass

from tests.faults.load import Load, Pace
from tests.faults.readings import readings
from tests.faults.scene import Fault, Late, Proof, Scene

_TIMES = 10
_BATCH = 50
# Narrow enough that the generator, which shares the processors, can offer ten times as much.
_LINK_BYTES_PER_S = 300_000.0
_GOODPUT = 0.8
# One second on processors of its own (seen alone on 2 cores: 1.0 s); beside other work 3.6 s were seen.
_ACCEPTED_P99_S = 5.0


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of a flood: accepted per second, attempts by answer, the slowest percent of the accepted."""

    per_s: float
    offered_per_s: float
    refused: int
    statuses: set[int | None]
    accepted_p99_s: float


def overload(scene: Scene) -> Proof:
    """As much is accepted as without the flood, what is refused says so with 429 or 503, and is not kept."""
    scene.finish()
    link = scene.rig.links["ingest"]
    link.bytes_per_s = _LINK_BYTES_PER_S
    try:
        calm = _flood(scene, "calm", scene.seconds(20, ci=8), rate=None, workers=8)
        flood = _flood(scene, "flood", scene.seconds(60, ci=15), rate=_TIMES * calm.per_s, workers=64)
    finally:
        link.heal()
    assert flood.statuses <= {202, 429, 503}, f"answers {flood.statuses}"
    goodput = flood.per_s / calm.per_s
    words = f"{flood.offered_per_s:.0f}/s offered, {flood.per_s:.0f} of {calm.per_s:.0f}/s accepted"
    if goodput < _GOODPUT:
        raise Late(f"goodput {goodput:.0%}: {words}")
    if flood.accepted_p99_s > _ACCEPTED_P99_S:
        raise Late(f"p99 of the accepted {flood.accepted_p99_s:.1f} s")
    offered = flood.offered_per_s / calm.per_s
    return Proof(offered >= _TIMES / 2, f"{words} (p99 {flood.accepted_p99_s:.1f} s), {flood.refused} refused")


def _flood(scene: Scene, name: str, seconds: float, *, rate: float | None, workers: int) -> Flow:
    """Send for `seconds` without repeating what is refused."""
    count = int((rate or 5_000) * seconds)
    sending = list(readings(f"{scene.run}-{name}", count, seed=1, machines=640))
    pace = Pace(workers=workers, batch=_BATCH, rate=rate, persist=False)
    load = Load(scene.rig.plant.ingest.url, scene.history, sending, pace)
    begun = time.time()
    load.start()
    _, ended = scene.last(seconds)
    load.stop()
    attempts = scene.attempts((begun, ended), whose=f"{scene.run}-{name}")
    load.join(60)
    accepted = sorted(a.t_ack - a.t_send for a in attempts if a.outcome == "accepted" and a.t_ack)
    return Flow(
        per_s=len(accepted) / seconds,
        offered_per_s=len(attempts) / seconds,
        refused=sum(a.outcome == "refused" and a.status in (429, 503) for a in attempts),
        statuses={a.status for a in attempts if a.status != 422},
        accepted_p99_s=accepted[len(accepted) * 99 // 100] if accepted else 0.0,
    )


FAULTS = (Fault("overload 10x", overload, events=500, full_events=500),)
