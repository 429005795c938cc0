"""Faults of the network: cut in both directions and in one, and reset, between each service and what it depends on."""

from collections.abc import Callable

from tests.faults.scene import Fault, Proof, Scene

_FULL_S = 30.0
_UNACKNOWLEDGED_CI_S = 12.0  # longer than what a producer may leave without an answer
_CI_S = 8.0  # longer than a session


def cut(link: str, *directions: str, ci_s: float = _CI_S) -> Callable[[Scene], Proof]:
    """Nothing passes for a while; what was under way arrives afterwards."""

    def harm(scene: Scene) -> Proof:
        proxy = scene.rig.links[link]
        scene.at(0.3)
        held = proxy.held
        proxy.cut(*directions)
        cut_s = scene.seconds(_FULL_S, ci=ci_s)
        scene.last(cut_s)
        proxy.heal()
        held = proxy.held - held
        return Proof(held > 0, f"{cut_s:.0f} s, {held} chunks held")

    return harm


def reset(scene: Scene) -> Proof:
    """Every connection of every service is reset, ten times."""
    links = scene.rig.links.values()
    before = sum(link.resets for link in links)
    for number in range(10):
        scene.at(0.1 + number * 0.06)
        for link in links:
            link.reset()
    resets = sum(link.resets for link in links) - before
    return Proof(resets >= 30, f"{resets} connections reset")


def slow(scene: Scene) -> Proof:
    """The way to the brokers takes 100 ms each way and carries 200 kB/s for a while."""
    links = [link for name, link in scene.rig.links.items() if name != "database"]
    scene.at(0.2)
    for link in links:
        link.latency_s, link.bytes_per_s = 0.1, 200_000.0
    slow_s = scene.seconds(_FULL_S, ci=_CI_S)
    scene.last(slow_s)
    behind = scene.rig.lag()
    for link in links:
        link.heal()
    return Proof(behind > 0, f"{slow_s:.0f} s at 100 ms and 200 kB/s, lag {behind}")


FAULTS = (
    Fault("ingest cut from Kafka", cut("ingest", ci_s=_UNACKNOWLEDGED_CI_S)),
    Fault("stream cut from Kafka", cut("stream", ci_s=_UNACKNOWLEDGED_CI_S)),
    Fault("gateway cut from Kafka", cut("gateway")),
    Fault("gateway cut from db", cut("database")),
    Fault("Kafka's replies lost", cut("ingest", "down", ci_s=_UNACKNOWLEDGED_CI_S)),
    Fault("stream's replies lost", cut("stream", "down")),
    Fault("connections reset", reset),
    Fault("slow network", slow),
)
