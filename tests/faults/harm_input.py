"""Faults of what comes in: rubbish, repetitions, disorder, too much, a group moved back, a model that is damaged."""

import random
from collections.abc import Sequence

from tests.faults.readings import Sent
from tests.faults.scene import Fault, Proof, Scene
from tests.faults.topics import READERS

# What no decoder may take: not JSON, not a reading, numbers that are none, texts a database cannot keep.
_GOOD = (
    b'{"machine_id":"X-1","event_id":"e","product_type":"M","observed_at":"2026-01-01T00:00:00Z","air_temperature":298.1,'
    b'"process_temperature":308.6,"rotational_speed":1551,"torque":42.8,"tool_wear":0}'
)
POISON: tuple[bytes, ...] = (
    b"",
    b"\xff\xfe\x00",
    b"\x00",
    b"null",
    b"{}",
    b"[]",
    b"[" * 20_000,
    b'{"machine_id":"X-1"}',
    _GOOD.replace(b"298.1", b"25.0"),
    _GOOD.replace(b"298.1", b"NaN"),
    _GOOD.replace(b"298.1", b"1e400"),
    _GOOD.replace(b"298.1", b'"298.1"'),
    _GOOD.replace(b"42.8", b"-5"),
    _GOOD.replace(b"X-1", b"X\\u0000"),
    _GOOD.replace(b"X-1", b"x" * 100_000),
    _GOOD.replace(b'"M"', b'"Q"'),
    _GOOD.replace(b"2026-01-01T00:00:00Z", b"yesterday"),
    _GOOD[:-1] + b',"surprise":1}',
    _GOOD[:-1] + b',"torque":42.8}',
    _GOOD[:-1],
)
_STREAM, _GATEWAY = READERS


def poison(scene: Scene) -> Proof:
    """One record of rubbish per 1,000 readings."""
    scene.at(0.2)
    count = max(len(POISON), scene.load.total // 1_000)
    for number in range(count):
        scene.poison([POISON[number % len(POISON)]])
    return buried(scene, count)


def poison_burst(scene: Scene) -> Proof:
    """Thousands of records of rubbish at once; the good readings of the others go on."""
    scene.at(0.2)
    count = int(scene.seconds(10_000, ci=2_000))
    scene.poison([POISON[number % len(POISON)] for number in range(count)])
    return buried(scene, count)


def buried(scene: Scene, count: int) -> Proof:
    pids = [service.pid for service in scene.rig.plant.services]
    scene.finish()
    assert all(service.is_running for service in scene.rig.plant.services), "a service ended"
    assert pids == [service.pid for service in scene.rig.plant.services]
    return Proof(True, f"{count} records of rubbish, no restart")


def threefold(sending: list[Sent], chance: random.Random) -> list[Sent]:
    """Every reading three times, shuffled."""
    copies = sending * 3
    chance.shuffle(copies)
    return copies


def repeated(scene: Scene) -> Proof:
    """Every reading is sent three times in any order: one row each."""
    scene.finish()
    stored = scene.rig.tables.count_of(scene.run)
    accepted = scene.history.counts()["accepted"]
    assert stored == accepted, f"{stored} rows for {accepted} readings"
    return Proof(True, f"{scene.load.total} sent for {stored} rows")


def shuffled(sending: list[Sent], chance: random.Random) -> list[Sent]:
    """Once each, in any order."""
    return chance.sample(sending, len(sending))


def disordered(scene: Scene) -> Proof:
    """Readings of a week arrive in any order: each machine's last word is its newest by event time all the same."""
    scene.finish()
    machines, wrong = scene.rig.tables.newest(scene.run)
    assert not wrong, f"{len(wrong)} of {machines} machines do not show their newest reading: {wrong[:3]}"
    return Proof(machines > 0, f"{machines} machines show their newest reading")


def rewound(scene: Scene) -> Proof:
    """Both groups are moved back to the beginning of everything: what people see does not change by a byte."""
    rig = scene.rig
    scene.finish()
    before, already = rig.tables.checksum(), rig.tables.count()
    for services, group in ((rig.plant.streams, _STREAM), ([rig.plant.gateway], _GATEWAY)):
        for service in services:
            service.stop(25)
        until_empty(scene, group)
        scene.rewind(group, READERS[group])
        for service in services:
            service.start()
        rig.settle()
    assert rig.tables.checksum() == before, "the tables have changed"
    return Proof(already > 0, f"both groups at the beginning again, {already} rows, same checksum")


def until_empty(scene: Scene, group: str) -> None:
    scene.until(lambda: scene.rig.administration.state(group) == "Empty", 30, f"{group} has no member")


def model_damaged(scene: Scene) -> Proof:
    """A byte of the model changes while it runs: who runs goes on, who starts refuses it and says so."""
    rig = scene.rig
    file = rig.artifact / "failure_model.joblib"
    good = file.read_bytes()
    scene.at(0.3)
    middle = len(good) // 2
    file.write_bytes(good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :])
    victim = rig.plant.streams[0]
    try:
        victim.kill()
        victim.start(ready_within_s=None)
        scene.until(lambda: victim.probe("/readyz") == 503, 60, "the worker says that it is not ready")
        scene.last(3)
        assert victim.is_running, "the worker ended instead of saying why"
        assert "model refused" in victim.log_text(), "the log does not say why"
        assert rig.plant.serve.probe("/readyz") == 200, "who had loaded the good model went away"
    finally:
        file.write_bytes(good)
    victim.kill()
    victim.start()
    return Proof(True, "1 bit flipped: not ready, reason logged, the others went on")


FAULTS: Sequence[Fault] = (
    Fault("poison 1 per 1000", poison, buries=True),
    Fault("poison burst", poison_burst, buries=True),
    Fault("each 3x shuffled", repeated, arrange=threefold, full_events=3_000, rate=3_000),
    Fault("late, out of order", disordered, arrange=shuffled, rate=3_000, spread_s=6 * 86_400.0),
    Fault("model damaged", model_damaged),
)
REWOUND = Fault("groups rewound", rewound, full_events=2_000, redelivers=True)
