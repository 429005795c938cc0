"""Faults of our own processes: killed, stopped, frozen, and joined by others all the time."""

import time
from contextlib import suppress

import kafka
from kafka.coordinator.assignors.range import RangePartitionAssignor
from sqlalchemy import create_engine, text

from tests.faults.checker import ASSESSMENTS, READINGS
from tests.faults.rig import SESSION_S
from tests.faults.scene import Fault, Late, Proof, Scene
from tests.faults.topics import READERS
from tools.services.service import Service

STOP_WITHIN_S = 25.0
_STREAM_GROUP, _GATEWAY_GROUP = READERS
_KILLS = 6
_LOOKS = 50
_ON_THE_WAY_S = 0.05  # what they have already sent arrives
_CUTS = 6


def stream_killed(scene: Scene) -> Proof:
    """Both stream workers are killed three times, the first time between their two steps if they are met there."""
    streams, kills, between = scene.rig.plant.streams, 0, 0
    for number in range(1, _KILLS // 2 + 1):
        scene.at(number * 0.2)
        met = 0 if between else _frozen_between_steps(scene)
        for stream in scene.chance.sample(streams, len(streams)):
            scene.last(0 if met else scene.chance.uniform(0, 0.5))
            stream.kill()
            kills += 1
        between = between or met
        for stream in streams:
            stream.start(ready_within_s=None)
        for stream in streams:
            stream.await_ready()
    return Proof(kills >= _KILLS, f"{kills} SIGKILLs, {between} records between publishing and committing")


def _frozen_between_steps(scene: Scene) -> int:
    """Freeze the stream workers at a moment when one has taken one of its two steps and not the other.

    How many records are between them; 0, and all go on, when no random moment is one: publishing and committing take
    some milliseconds, and kills at random moments alone can miss them twenty times on end.
    """
    streams = scene.rig.plant.streams
    for _ in range(_LOOKS):
        scene.last(scene.chance.uniform(0, 0.2))
        for stream in streams:
            stream.freeze()
        scene.last(_ON_THE_WAY_S)
        if between := abs(scene.rig.published_uncommitted()):
            return between
        for stream in streams:
            stream.thaw()
    return 0


def stream_stopped(scene: Scene) -> Proof:
    """All stream workers get SIGTERM under load: they end in order, and nothing they published is uncommitted."""
    streams = scene.rig.plant.streams
    scene.at(0.4)
    for stream in streams:
        stream.terminate()
    statuses = [stream.wait(STOP_WITHIN_S) for stream in streams]
    waiting, again = scene.rig.lag(), scene.rig.published_uncommitted()
    for stream in streams:
        stream.start(ready_within_s=None)
    for stream in streams:
        stream.await_ready()
    assert statuses == [0, 0], f"SIGTERM ended in {statuses}"
    assert again == 0, f"{again} outputs were published and not committed"
    return Proof(waiting > 0, f"SIGTERM to both with {waiting} records waiting, exit 0, none comes again")


def stream_frozen(scene: Scene) -> Proof:
    """A stream worker is frozen for longer than its session: others take over, what it does late is absorbed."""
    frozen = scene.rig.plant.streams[0]
    scene.at(0.2)
    frozen.freeze()
    begun = time.monotonic()
    scene.until(lambda: len(scene.rig.administration.owners(_STREAM_GROUP)) == 1, SESSION_S + 5, "the partitions moved")
    moved_s = time.monotonic() - begun
    scene.last(scene.seconds(60 - moved_s, ci=1))
    frozen_s = time.monotonic() - begun
    frozen.thaw()
    return Proof(True, f"partitions moved within {moved_s:.0f} s, thawed under load after {frozen_s:.0f} s")


def gateway_killed(scene: Scene) -> Proof:
    """The gateway is killed between storing a batch and committing it: the batch comes again and changes nothing.

    Its way to the broker is cut just before, so that it has stored what it cannot commit any more.
    """
    gateway, link, absorbed = scene.rig.plant.gateway, scene.rig.links["gateway"], 0
    for share in (0.2, 0.4, 0.6):
        scene.at(share)
        absorbed += _cut_before_a_commit(scene)
        gateway.kill()
        link.reset()
        link.heal()
        gateway.start()
    return Proof(absorbed > 0, f"3 SIGKILLs, {absorbed} stored rows came again")


def _cut_before_a_commit(scene: Scene) -> int:
    """Cut the gateway's way to the broker while it stores; how many rows it has stored and cannot commit.

    A cut that meets it between two batches leaves it none to store: the way is healed and cut at another moment.
    """
    link = scene.rig.links["gateway"]
    for _ in range(_CUTS):
        scene.last(scene.chance.uniform(0, 1))
        link.cut("up")
        with suppress(Late):
            return scene.until(lambda: uncommitted(scene), 5, "rows are stored and not committed")
        link.heal()
    raise Late(f"{_CUTS} cuts, and never a row that was stored and not committed")


def gateway_killed_storing(scene: Scene) -> Proof:
    """The gateway is killed while it waits for the database with a batch in hand: only its commit could lose that."""
    rig, waiting = scene.rig, 0
    for share in (0.2, 0.5):
        scene.at(share)
        engine = create_engine(rig.database.url)
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE assessments IN ACCESS EXCLUSIVE MODE"))
            locked_at = sum(rig.topics.ends([ASSESSMENTS]).values())
            scene.last(3)
            waiting += sum(rig.topics.ends([ASSESSMENTS]).values()) - locked_at
            rig.plant.gateway.kill()
        engine.dispose()
        rig.plant.gateway.start()
    return Proof(waiting > 0, f"2 SIGKILLs with {waiting} assessments not stored yet")


def gateway_stopped(scene: Scene) -> Proof:
    """SIGTERM of the gateway under load: it ends in order and leaves nothing stored that it has not committed."""
    scene.at(0.4)
    status = stopped(scene.rig.plant.gateway)
    again = uncommitted(scene)
    scene.rig.plant.gateway.start()
    assert again == 0, f"{again} rows were stored but not committed"
    assert status == 0, f"SIGTERM ended in {status}"
    return Proof(scene.load.is_running, "SIGTERM under load, exit 0, 0 rows come again")


def ingest_killed(scene: Scene) -> Proof:
    """Ingest is killed while requests are open: devices do not know, and repeat with the same id."""
    ingest, kills = scene.rig.plant.ingest, 0
    for share in (0.2, 0.4, 0.6):
        scene.at(share)
        scene.last(scene.chance.uniform(0, 0.5))
        ingest.kill()
        kills += 1
        ingest.start()
    unanswered = sum(attempt.outcome == "unknown" for attempt in scene.history)
    return Proof(unanswered > 0, f"{kills} SIGKILLs, {unanswered} readings without an answer were repeated")


def rebalance_storm(scene: Scene) -> Proof:
    """Twenty members join the stream workers' group and leave it again, one after the other."""
    scene.at(0.1)
    held = 0
    for _ in range(20):
        member = kafka.KafkaConsumer(
            READINGS,
            bootstrap_servers=scene.rig.cluster.bootstrap,
            group_id=_STREAM_GROUP,
            enable_auto_commit=False,
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=int(SESSION_S * 1_000),
            heartbeat_interval_ms=1_000,
        )
        deadline = time.monotonic() + 3
        while not member.assignment() and time.monotonic() < deadline:
            member.poll(timeout_ms=100, max_records=1)
        held += bool(member.assignment())
        member.close()
    return Proof(held >= 10, f"20 joins and leaves, {held} of them held partitions")


def stopped(service: Service) -> int:
    """SIGTERM; the exit status. Raises ChildError when it takes longer than 25 s."""
    service.terminate()
    return service.wait(STOP_WITHIN_S)


def uncommitted(scene: Scene) -> int:
    """Rows that are stored though the gateway has not committed the records they came from: they come again."""
    committed = scene.rig.administration.committed(_GATEWAY_GROUP)
    places = scene.rig.tables.places()
    return sum(place.offset >= committed.get((place.topic, place.partition), 0) for place in places)


FAULTS = (
    Fault("stream SIGKILL", stream_killed, events=4_000, full_events=20_000, redelivers=True),
    Fault("stream SIGTERM", stream_stopped),
    Fault("stream frozen", stream_frozen),
    Fault("gateway SIGKILL", gateway_killed, events=2_000, full_events=20_000),
    Fault("gateway SIGKILL storing", gateway_killed_storing),
    Fault("gateway SIGTERM", gateway_stopped),
    Fault("ingest SIGKILL", ingest_killed),
    Fault("rebalance storm", rebalance_storm),
)
