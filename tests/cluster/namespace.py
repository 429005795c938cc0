"""kubectl, helm and the ingress as a person uses them, in one namespace."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

CHART = Path(__file__).resolve().parents[2] / "charts/predictive-maintenance"
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"


class Cluster:
    """A running cluster, reached with the environment of its kubeconfig."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def run(self, *command: str | Path, timeout_s: float = 180) -> str:
        """What a command prints. Raises AssertionError with what it complains about."""
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=timeout_s)
        assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr[-2_000:]}{done.stdout[-1_000:]}"
        return done.stdout

    def address(self) -> str:
        """Address of the node, on whose port 80 the nginx ingress listens."""
        nodes = json.loads(self.run("kubectl", "get", "nodes", "-o", "json"))["items"]
        found = [a["address"] for a in nodes[0]["status"]["addresses"] if a["type"] == "InternalIP"]
        return str(found[0])


class Namespace:
    """One namespace and the releases in it."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster = cluster
        self.name = name

    def create(self) -> None:
        """Make it, empty and restricted."""
        self.cluster.run("kubectl", "create", "namespace", self.name)
        self.cluster.run("kubectl", "label", "namespace", self.name, RESTRICTED)

    def delete(self) -> None:
        """Remove it with all that is in it."""
        self.cluster.run("kubectl", "delete", "namespace", self.name, "--wait", "--timeout=120s")

    def kubectl(self, *arguments: str) -> str:
        """kubectl in this namespace."""
        return self.cluster.run("kubectl", "-n", self.name, *arguments)

    def helm(self, *arguments: str | Path) -> str:
        """helm in this namespace."""
        return self.cluster.run("helm", "-n", self.name, *arguments, timeout_s=300)

    def objects(self, kinds: str) -> list[dict[str, Any]]:
        """The objects of these kinds, such as `pods,services`."""
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", kinds, "-o", "json"))["items"]
        return found

    def through_ingress(self, host: str, port: int = 80) -> httpx.Client:
        """A client of `host` through the ingress on a port of the node."""
        return httpx.Client(base_url=f"http://{self.cluster.address()}:{port}", headers={"host": host}, timeout=10)


def eventually(what: str, claim: Callable[[], bool], within_s: float = 60) -> None:
    """Ask again until `claim` holds. Raises AssertionError when it never does; a refused connection means not yet."""
    end = time.monotonic() + within_s
    while True:
        try:
            if claim():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < end, f"not within {within_s:g} s: {what}"
        time.sleep(0.2)
