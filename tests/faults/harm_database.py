"""Faults of the database: killed, slow, locked, full, and silent at the worst moment."""

from sqlalchemy import create_engine, text

from tests.faults.scene import Fault, Late, Proof, Scene
from tests.faults.stalls import resident_bytes
from tests.faults.topics import READERS

_GROWTH_LIMIT = 64 * 2**20
_, _GROUP = READERS


def database_killed(scene: Scene) -> Proof:
    """The database dies for a minute: the gateway waits in its group, buries nothing, and goes on by itself."""
    rig = scene.rig
    scene.at(0.3)
    members = set(rig.administration.owners(_GROUP))
    away_s = scene.seconds(60, ci=12)
    rig.database.kill()
    scene.last(away_s)
    still = set(rig.administration.owners(_GROUP))
    status = rig.plant.gateway.probe("/livez")
    rig.database.start()
    assert rig.plant.gateway.is_running, "the gateway ended"
    assert status in (200, None), f"/livez says {status} without a database"
    if status is None or still != members:
        raise Late("the gateway did not answer /livez within 2 s" if status is None else "the gateway left its group")
    return Proof(scene.load.is_running or rig.lag() > 0, f"{away_s:.0f} s without a database, same member of the group")


def database_slow(scene: Scene) -> Proof:
    """Every answer of the database takes half a second each way: lag grows, memory does not."""
    rig = scene.rig
    scene.at(0.3)
    before = resident_bytes(rig.plant.gateway.pid)
    rig.links["database"].latency_s = 0.5
    slow_s = scene.seconds(15, ci=8)
    scene.last(slow_s)
    lag = rig.lag()
    grown = resident_bytes(rig.plant.gateway.pid) - before
    rig.links["database"].heal()
    assert grown <= _GROWTH_LIMIT, f"the gateway grew by {grown / 2**20:.0f} MiB"
    return Proof(lag > 0, f"1 s per round trip for {slow_s:.0f} s, lag {lag}, +{max(0, grown) / 2**20:.0f} MiB")


def table_locked(scene: Scene) -> Proof:
    """Somebody locks the table for half a minute: the gateway's statements time out and come again."""
    rig = scene.rig
    scene.at(0.3)
    engine = create_engine(rig.database.url)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE assessments IN ACCESS EXCLUSIVE MODE"))
        begun, ended = scene.last(scene.seconds(30, ci=10))
        lag = rig.lag()
    engine.dispose()
    assert rig.plant.gateway.is_running, "the gateway ended"
    return Proof(lag > 0, f"locked for {ended - begun:.0f} s, lag {lag}")


def ambiguous_commit(scene: Scene) -> Proof:
    """The database commits, and its answer is lost: the gateway cannot know, and must neither lose nor double."""
    link = scene.rig.links["database"]
    scene.at(0.2)
    link.lose_reply_after(b"COMMIT", 5)
    scene.until(lambda: link.lost_replies >= 5, 60, "five answers to COMMIT are lost")
    return Proof(True, f"{link.lost_replies} answers to COMMIT lost")


def disk_full(scene: Scene) -> Proof:
    """The database's disk is full: the gateway waits and buries nothing, and goes on when there is space again."""
    rig = scene.rig
    assert rig.disk is not None, "only root, also by sudo, may mount the small disk that this fault fills"
    disk = rig.disk
    scene.at(0.3)
    ballast = 0

    def is_out_of_space() -> bool:
        # Again and again: a checkpoint gives back up to 64 MiB of old log, in which the database goes on for minutes.
        nonlocal ballast
        ballast = disk.fill()
        return "No space left on device" in rig.database.log_text()

    scene.until(is_out_of_space, 60, "the database runs out of space")
    scene.last(scene.seconds(30, ci=10))
    lag = rig.lag()
    assert rig.plant.gateway.is_running, "the gateway ended"
    disk.free()
    if not rig.database.is_running:
        rig.database.start()  # as its supervisor does: without space for its log it ends itself
    return Proof(lag > 0, f"{ballast / 2**20:.0f} MiB of ballast, no space left on device, lag {lag}")


FAULTS = (
    Fault("database killed", database_killed),
    Fault("database slow", database_slow),
    Fault("table locked", table_locked),
    Fault("ambiguous commit", ambiguous_commit),
    Fault("database disk full", disk_full),
)
