"""Faults of the host: packets that get lost, no memory left, a clock that jumps, a worker that hangs, another model.

Most need root, and tools that not every machine has; they are played in the whole suite only.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

import httpx

from chassis.watchdog import STUCK_STATUS
from tests.faults import packets
from tests.faults.checker import ASSESSMENTS
from tests.faults.harm_broker import accepting_again
from tests.faults.harm_input import POISON, buried
from tests.faults.harm_services import stopped
from tests.faults.memory import MemoryGroup
from tests.faults.rig import SESSION_S
from tests.faults.scene import Fault, Late, Proof, Scene
from tests.faults.topics import READERS
from tools.services.service import Service

_CUT_S = 30.0
_LOSS = 0.3
_BACK_WITHIN_S = 15.0
_RESTART_WITHIN_S = 10.0
_STUCK_WITHIN_S = 60.0
_WATCHDOG_S = 30.0
_SWAPS = 8
_JUMPS = ("+2h", "-2h", "+0")
_LIBRARIES, _FAKETIME = Path("/usr/lib"), "*/faketime/libfaketimeMT.so.1"
_STREAM_GROUP, _ = READERS
_AGE = re.compile(r"^(pm_\w*(?:seconds|age)\w*)(?:\{[^}]*\})? (-[0-9.e+-]+)$", re.MULTILINE)


def packets_harmed(link: str, what: Sequence[str], *ends: str) -> Callable[[Scene], Proof]:
    """For half a minute the kernel drops or refuses the packets of one service's connections, both ways or one way."""

    def harm(scene: Scene) -> Proof:
        assert packets.is_possible(), "only root may change what the kernel does with packets"
        scene.at(0.3)
        with packets.harmed([scene.rig.links[link].port], what, ends=ends or ("dport", "sport")) as met:
            scene.last(_CUT_S)
            count = met.count()
        back_s = accepting_again(scene)
        if link == "ingest" and back_s > _BACK_WITHIN_S:
            raise Late(f"the door accepted again only after {back_s:.0f} s")
        return Proof(count > 0, f"{_CUT_S:.0f} s, {count} packets, accepting {back_s:.0f} s later")

    return harm


def packets_lost(scene: Scene) -> Proof:
    """Three in ten packets between all services, the broker and the database are lost."""
    assert packets.is_possible(), "only root may change what the kernel does with packets"
    scene.at(0.3)
    ports = [link.port for link in scene.rig.links.values()]
    with packets.harmed(ports, packets.lossy(_LOSS)) as met:
        begun, ended = scene.last(_CUT_S)
        count = met.count()
    said = scene.outcomes((begun, ended))
    return Proof(count > 100, f"{_CUT_S:.0f} s, {count} packets lost, {said['accepted']} readings accepted meanwhile")


def out_of_memory(scene: Scene) -> Proof:
    """The kernel ends a stream worker, and then the gateway, for lack of memory; the supervisor starts them again."""
    assert MemoryGroup.is_possible(), "only root may limit memory, with cgroups of version 1"
    rig, back = scene.rig, []
    for share, victim in ((0.2, rig.plant.streams[0]), (0.5, rig.plant.gateway)):
        scene.at(share)
        with MemoryGroup() as group:
            victim.kill()
            victim.start(ready_within_s=None)
            group.take(victim.pid)
            victim.await_ready()
            scene.last(1)
            group.exhaust()
            scene.until(partial(_is_gone, victim), 60, f"{victim.name} runs out of memory")
            assert (victim.status, group.kills()) == (-9, 1), f"{victim.name} ended with {victim.status}"
        begun = time.monotonic()
        victim.start()
        back.append(time.monotonic() - begun)
        if back[-1] > _RESTART_WITHIN_S:
            raise Late(f"{victim.name} was ready only after {back[-1]:.0f} s")
    return Proof(True, f"killed by the kernel for lack of memory: 2, ready again after {max(back):.0f} s")


def _is_gone(service: Service) -> bool:
    return not service.is_running


def worker_stuck(scene: Scene) -> Proof:
    """The scoring of one worker never ends: its watchdog ends the process, and others take its partitions."""
    worker, file = scene.rig.plant.streams[1], scene.rig.directory / "stuck"
    scene.at(0.2)
    arguments = ["-m", "tests.faults.stuck", str(file)]
    with worker.changed(arguments=arguments, settings={"INFERENCE_WATCHDOG_S": f"{_WATCHDOG_S:g}"}):
        worker.start()
        scene.until(lambda: _members(scene) == 2, SESSION_S + 25, "it owns partitions")
        file.touch()
        begun = time.monotonic()
        scene.until(lambda: not worker.is_running, _STUCK_WITHIN_S, "the watchdog ends the worker that hangs")
        took_s, status = time.monotonic() - begun, worker.status
        assert status == STUCK_STATUS, f"it ended with {status}"
        scene.until(lambda: _members(scene) == 1, SESSION_S + 5, "the partitions moved")
    file.unlink()
    worker.start()
    return Proof(True, f"ended by its watchdog after {took_s:.0f} s (limit {_WATCHDOG_S:.0f} s), the partitions moved")


def _members(scene: Scene) -> int:
    return sum(owned > 0 for owned in scene.rig.administration.owners(_STREAM_GROUP).values())


def clock_jumps(*names: str) -> Callable[[Scene], Proof]:
    """The wall clock of some services jumps two hours ahead, two hours back, and right again, while they work."""

    def harm(scene: Scene) -> Proof:
        libraries = list(_LIBRARIES.glob(_FAKETIME))
        assert libraries, "the package faketime is not installed"
        clock = scene.rig.directory / "clock"
        clock.write_text("+0\n")
        settings = {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        services = [service for service in scene.rig.plant.services if service.name in names]
        with ExitStack() as stack:
            for service in services:
                stack.enter_context(service.changed(settings=settings))
            for service in services:
                service.start()
            hours = set[int]()
            for jump in _JUMPS:
                stored = scene.rig.tables.count_of(scene.run)
                clock.write_text(f"{jump}\n")
                scene.last(5)
                scene.until(partial(_has_stored_more, scene, stored), 30, f"storing goes on after {jump}")
                ended = [service.name for service in services if not service.is_running]
                assert not ended, f"after a jump of {jump} it ended: {', '.join(ended)}"
                hours |= {_hours_off(service) for service in services}
                wrong = [found for service in services for found in _AGE.findall(service.metrics())]
                assert not wrong, f"after a jump of {jump} a time is negative: {wrong[:3]}"
        for service in services:
            service.start()
        return Proof({-2, 2} <= hours, f"clocks of {', '.join(names)} off by {sorted(hours)} h, never stopped")

    return harm


def _has_stored_more(scene: Scene, before: int) -> bool:
    return scene.rig.tables.count_of(scene.run) > before


def _hours_off(service: Service) -> int:
    """By how many hours the clock of a service is wrong, by the date that it gives its answers."""
    date = parsedate_to_datetime(httpx.get(f"{service.url}/livez", timeout=5).headers["date"])
    return round((date - datetime.now(UTC)).total_seconds() / 3_600)


def model_swapped(scene: Scene) -> Proof:
    """The workers are restarted one after the other, with another model and back again, under load.

    The recomputation knows both models: a row with the numbers of one and the name of the other is WRONG.
    """
    rig = scene.rig
    other, first = rig.directory / "other-artifact", rig.directory / "first-artifact"
    seed = scene.chance.randrange(1, 10**6)
    command = [sys.executable, "-m", "models", "train", "--out", str(other), "--seed", str(seed), "--rows", "5000"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    rig.recomputation.know(other)
    shutil.copytree(rig.artifact, first)
    for number in range(_SWAPS + 2):
        worker, model = rig.plant.streams[number % 2], other if number % 4 < 2 and number < _SWAPS else first
        status = stopped(worker)
        assert status == 0, f"SIGTERM ended in {status}"
        shutil.copytree(model, rig.artifact, dirs_exist_ok=True)
        worker.start()
    scene.finish()
    rows = rig.tables.count_by_model(scene.run)
    words = " and ".join(f"{count} rows of {version}" for version, count in sorted(rows.items()))
    return Proof(len(rows) == 2, f"{_SWAPS} restarts with another model, {words}")


def foreign_assessments(scene: Scene) -> Proof:
    """Somebody writes rubbish to the topic of assessments: each record becomes one dead letter, none is stored."""
    scene.at(0.3)
    scene.poison([POISON[number % len(POISON)] for number in range(5 * len(POISON))], ASSESSMENTS)
    return buried(scene, 5 * len(POISON))


FAULTS = (
    Fault("foreign assessments", foreign_assessments, buries=True),
    Fault("ingest's packets dropped", packets_harmed("ingest", packets.DROP), only_full=True),
    Fault("stream's packets dropped", packets_harmed("stream", packets.DROP), only_full=True),
    Fault("gateway's packets dropped", packets_harmed("gateway", packets.DROP), only_full=True),
    Fault("database's packets dropped", packets_harmed("database", packets.DROP), only_full=True),
    Fault("ingest's replies dropped", packets_harmed("ingest", packets.DROP, "sport"), only_full=True),
    Fault("stream's replies dropped", packets_harmed("stream", packets.DROP, "sport"), only_full=True),
    Fault("ingest's packets refused", packets_harmed("ingest", packets.REJECT, "dport"), only_full=True),
    Fault("database's packets refused", packets_harmed("database", packets.REJECT, "dport"), only_full=True),
    Fault("packet loss 30 %", packets_lost, only_full=True),
    Fault("out of memory", out_of_memory, only_full=True),
    Fault("worker stuck", worker_stuck, only_full=True),
    Fault("clocks of stations jump", clock_jumps("stream-1", "gateway"), only_full=True),
    Fault("model swapped", model_swapped, only_full=True),
)
