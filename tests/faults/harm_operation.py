"""What operation does to an installation: all addresses of the brokers change, retention takes what nobody has read."""

import re
import time
from collections.abc import Mapping
from contextlib import ExitStack

from tests.faults.checker import ASSESSMENTS, READINGS
from tests.faults.harm_broker import accepting_again
from tests.faults.harm_input import until_empty
from tests.faults.harm_services import stopped
from tests.faults.proxy import Proxy
from tests.faults.rig import GATEWAY_GROUP, PROXIED, STREAM_GROUP
from tests.faults.scene import Fault, Proof, Scene

_BACK_WITHIN_S = 120.0
_UNREAD = 600
_MISSED = re.compile(r"^pm_gateway_station_missed_records_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)


def addresses_change(scene: Scene) -> Proof:
    """Every broker comes back under another address, three times; only the first contact stays where it was.

    A client of kafka-python knows only the addresses it was told last, and none of them is there any more.
    """
    scene.at(0.2)
    ports = scene.rig.cluster.brokers[0].ports.proxied
    contact = {name: scene.rig.links[name].port for name in PROXIED}
    slowest_s = restarts = 0.0
    with ExitStack() as stack:
        before: dict[str, Proxy] = {}
        for number in range(3):
            fresh = {name: stack.enter_context(Proxy(ports[name])) for name in PROXIED} if number < 2 else {}
            scene.rig.cluster.brokers[0].kill()
            for proxy in before.values():
                proxy.down()
            scene.rig.cluster.brokers[0].advertise({name: proxy.port for name, proxy in fresh.items()} or contact)
            scene.rig.cluster.brokers[0].start()
            took_s, ended = _all_go_on(scene)
            slowest_s, restarts = max(slowest_s, took_s), restarts + ended
            before = fresh
    return Proof(True, f"3 changes of all addresses, all go on within {slowest_s:.0f} s, {restarts:.0f} restarts")


def _all_go_on(scene: Scene) -> tuple[float, int]:
    """Wait until readings are accepted and stored again; the seconds, and how many services ended themselves for it."""
    begun, ended = time.monotonic(), 0
    stored = scene.rig.tables.count_of(scene.run)
    sent = sum(scene.rig.topics.ends([READINGS]).values())

    def goes_on() -> bool:
        nonlocal ended
        for service in scene.rig.plant.services:
            if not service.is_running:
                ended += 1
                service.start(ready_within_s=None)
        fresh = scene.rig.tables.count_of(scene.run) - stored
        return sum(scene.rig.topics.ends([READINGS]).values()) > sent and fresh > 0 and scene.rig.lag() < _UNREAD

    scene.until(goes_on, _BACK_WITHIN_S, "everything goes on at the new addresses")
    accepting_again(scene)
    return time.monotonic() - begun, ended


def retention_overran(scene: Scene) -> Proof:
    """Retention takes assessments that the gateway has not read: it says how many, and a replay brings them back."""
    rig = scene.rig
    gateway = rig.plant.gateway
    scene.at(0.2)
    assert stopped(gateway) == 0
    committed = _of_assessments(rig.administration.committed(GATEWAY_GROUP))
    scene.until(lambda: _unread(scene, committed) >= _UNREAD, 60, f"{_UNREAD} assessments that nobody has read")
    ends = rig.topics.ends([ASSESSMENTS])
    reached = {place: committed.get(place, 0) for place in ends}
    before = {place: reached[place] + (end - reached[place]) // 2 for place, end in ends.items()}
    gone = sum(before.values()) - sum(reached.values())
    rig.drop_records(scene.marks, before)
    gateway.start()
    scene.until(lambda: _missed(gateway.metrics()) >= gone, 60, "the gateway says what it missed")
    scene.finish()
    missed = _missed(gateway.metrics())
    assert missed == gone, f"{gone} records were taken, {missed:.0f} reported"
    for stream in rig.plant.streams:
        stopped(stream)
    until_empty(scene, STREAM_GROUP)
    scene.rewind_to_mark(STREAM_GROUP, (READINGS,))
    for stream in rig.plant.streams:
        stream.start()
    return Proof(gone > 0, f"{gone} unread records taken, {missed:.0f} reported, brought back from the readings")


def _of_assessments(offsets: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    return {place: offset for place, offset in offsets.items() if place[0] == ASSESSMENTS}


def _unread(scene: Scene, committed: Mapping[tuple[str, int], int]) -> int:
    return sum(end - committed.get(place, 0) for place, end in scene.rig.topics.ends([ASSESSMENTS]).items())


def _missed(metrics: str) -> float:
    return sum(map(float, _MISSED.findall(metrics)))


FAULTS = (
    Fault("all addresses change", addresses_change, only_full=True),
    Fault("retention overran", retention_overran, only_full=True),
)
