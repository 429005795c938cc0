"""Faults of the brokers: killed, frozen, without a leader, without a quorum of copies."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.checker import DEAD_LETTERS, READINGS
from tests.faults.history import Attempt
from tests.faults.scene import Fault, Late, Proof, Scene
from tests.faults.stalls import Stalls
from tests.faults.topics import READERS

_GROWTH_LIMIT = 64 * 2**20
_REFUSAL_P99_S = 1.5
_STALL_LIMIT_S = 0.25
_BACK_WITHIN_S = 30.0
_CHASES = 5


def broker_killed(scene: Scene) -> Proof:
    """The only broker is killed and started again on the same files; the doors refuse in between."""
    broker = scene.rig.cluster.brokers[0]
    scene.at(0.3)
    with _ingest_unharmed(scene) as stalls:
        broker.kill()
        away = scene.last(8)  # a request that was open waits 5 s for its acknowledgement, and only then another is sent
    broker.start()
    back_s = accepting_again(scene)
    refused = _only_refused(scene, away)
    words = f"SIGKILL, {refused} attempts refused, loop {stalls.longest_s * 1e3:.0f} ms, accepting after {back_s:.0f} s"
    return Proof(refused > 0, words)


def broker_frozen(scene: Scene) -> Proof:
    """The broker is frozen for a minute: ingest refuses quickly, does not grow, and its loop goes on."""
    broker = scene.rig.cluster.brokers[0]
    scene.at(0.2)
    broker.freeze()
    try:
        with _ingest_unharmed(scene) as stalls:
            away = scene.last(scene.seconds(60, ci=15))
    finally:
        broker.thaw()
    accepting_again(scene)
    attempts = scene.attempts(away)
    assert {a.status for a in attempts} <= {202, 422, 503, None}, f"answers { ({a.status for a in attempts}) }"
    refusals = sorted(a.t_ack - a.t_send for a in attempts if a.outcome == "refused" and a.t_ack)
    p99_s = refusals[len(refusals) * 99 // 100] if refusals else 0.0
    if p99_s > _REFUSAL_P99_S:
        raise Late(f"the p99 of a refusal is {p99_s:.2f} s")
    unknown = sum(a.outcome == "unknown" for a in attempts)
    words = f"{away[1] - away[0]:.0f} s, {len(refusals)} refused (p99 {p99_s:.2f} s), {unknown} unknown"
    return Proof(bool(refusals), f"{words}, +{stalls.grown / 2**20:.0f} MiB, loop {stalls.longest_s * 1e3:.0f} ms")


@contextmanager
def _ingest_unharmed(scene: Scene) -> Iterator[Stalls]:
    """A time in which ingest must not grow by more than 64 MiB nor leave its event loop alone for 250 ms."""
    ingest = scene.rig.plant.ingest
    with Stalls(ingest.url, ingest.pid) as stalls:
        yield stalls
    assert not stalls.wrong, f"/livez of ingest: {stalls.wrong[:3]}"
    assert stalls.grown <= _GROWTH_LIMIT, f"ingest grew by {stalls.grown / 2**20:.0f} MiB"
    if stalls.answers < 10:
        raise Late(f"only {stalls.answers} looks at the event loop")
    if stalls.longest_s > _STALL_LIMIT_S:
        raise Late(f"the event loop stood still for {stalls.longest_s:.2f} s")


def leader_lost(scene: Scene) -> Proof:
    """The leader of a partition is killed five times, a new one must be found, and the old one comes back."""
    changes = []
    for number in range(1, _CHASES + 1):
        scene.at(number * 0.12)
        leader = scene.rig.administration.leader(READINGS, 0)
        broker = scene.rig.cluster.brokers[leader - 1]
        broker.kill()
        changes.append(f"{leader}→{_next_leader(scene, leader)}")
        accepting_again(scene)
        broker.start()
        scene.until(lambda: _in_sync(scene) == 3, 60, "all copies are in sync again")
    return Proof(len(changes) == _CHASES, f"leaders {' '.join(changes)}")


def two_brokers_down(scene: Scene) -> Proof:
    """Two of three brokers are killed: with one copy left every write must be refused."""
    brokers = scene.rig.cluster.brokers
    scene.at(0.3)
    leader = scene.rig.administration.leader(READINGS, 0)
    down = [next(broker for broker in brokers if broker.node != leader), brokers[leader - 1]]
    for broker in down:
        broker.kill()
    scene.last(4)  # what was acknowledged before the second kill may still be under way to the generator
    away = scene.last(10)
    refused = _only_refused(scene, away)
    for broker in down:
        broker.start(ready_within_s=None)
    for broker in down:
        broker.await_ready()
    scene.until(lambda: _in_sync(scene) == 3, 60, "all copies are in sync again")
    accepting_again(scene)
    return Proof(refused > 0, f"{refused} writes in 10 s, none accepted, all 503")


def dead_letters_unwritable(scene: Scene) -> Proof:
    """Dead letters need three copies while one broker is away: nothing may be committed past a poison record."""
    rig = scene.rig
    scene.at(0.2)
    rig.administration.set_topic(DEAD_LETTERS, min_insync_replicas=3)
    leader = rig.administration.leader(READINGS, 0)
    broker = next(broker for broker in rig.cluster.brokers if broker.node != leader)
    broker.kill()
    [place] = scene.poison([b"\xffnot a reading"])
    scene.last(10)
    [group] = [name for name, topics in READERS.items() if READINGS in topics]
    reached = rig.administration.committed(group).get((READINGS, place.partition), 0)
    assert reached <= place.offset, f"{group} committed {reached}, past the poison at {place.offset}"
    assert not any(letter.origin == str(place) for letter in rig.tables.letters({})), "the dead letter was written"
    broker.start()
    rig.administration.set_topic(DEAD_LETTERS, min_insync_replicas=2)
    return Proof(True, f"offset held at {reached}, the poison lies at {place.offset}, for 10 s")


def _only_refused(scene: Scene, away: tuple[float, float]) -> int:
    """How many attempts were answered meanwhile; none may be accepted, and each answer must be a 503."""
    attempts = scene.attempts(away)
    wrong = [a for a in attempts if not _is_refusal(a)]
    assert not wrong, f"{len(wrong)} of {len(attempts)} attempts were not refused with 503: {wrong[:1]}"
    return len(attempts)


def _is_refusal(attempt: Attempt) -> bool:
    return attempt.outcome != "accepted" and attempt.status in (503, 422)


def accepting_again(scene: Scene) -> float:
    """Wait until something that is sent from now on is accepted; the seconds it took."""
    begun, since = time.monotonic(), time.time()
    scene.until(lambda: scene.history.accepted_until > since, _BACK_WITHIN_S, "the door accepts again")
    return time.monotonic() - begun


def _next_leader(scene: Scene, old: int) -> int:
    def changed() -> int | None:
        leader = scene.rig.administration.leader(READINGS, 0)
        return leader if leader not in (-1, old) else None

    return scene.until(changed, _BACK_WITHIN_S, "another broker leads")


def _in_sync(scene: Scene) -> int:
    return scene.rig.administration.in_sync(READINGS)


ONE_BROKER = (Fault("broker SIGKILL", broker_killed, full_events=20_000), Fault("broker frozen", broker_frozen))
THREE_BROKERS = (
    Fault("leader lost 5x", leader_lost, installation="three brokers"),
    Fault("2 of 3 brokers down", two_brokers_down, installation="three brokers"),
    Fault("dead letters unwritable", dead_letters_unwritable, buries=True, installation="three brokers"),
)
