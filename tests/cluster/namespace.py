"""kubectl, helm and the ingress as a person uses them, in one namespace."""

import json
import secrets
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.cluster.images import ARE_GIVEN, build, load, reference

CHART = Path(__file__).resolve().parents[2] / "charts/predictive-maintenance"
PORTS = {"nginx": 80, "traefik": 8000}
_LEVELS = ("enforce", "warn")


class Cluster:
    """A running cluster, reached with the environment of its kubeconfig."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which kubectl and helm reach it."""
        return self._environment

    def run(self, *command: str | Path, timeout_s: float = 180, text: str | None = None) -> str:
        """What a command prints, given `text` to read. Raises AssertionError with what it complains about."""
        done = self.attempt(*command, timeout_s=timeout_s, text=text)
        assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr[-2_000:]}{done.stdout[-1_000:]}"
        return done.stdout

    def attempt(
        self, *command: str | Path, timeout_s: float = 180, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command and how it ended."""
        return subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=timeout_s, input=text
        )

    def node(self) -> dict[str, Any]:
        """The first node, as the API server shows it."""
        nodes: list[dict[str, Any]] = json.loads(self.run("kubectl", "get", "nodes", "-o", "json"))["items"]
        return nodes[0]

    def address(self) -> str:
        """Address of the node, on whose port 80 the nginx ingress listens, and Traefik on 8000."""
        found = [a["address"] for a in self.node()["status"]["addresses"] if a["type"] == "InternalIP"]
        return str(found[0])

    def bring(self, *names: str) -> None:
        """See to it that images of this checkout are in the node."""
        if ARE_GIVEN:
            return
        present = {name for image in self.node()["status"]["images"] for name in image.get("names") or ()}
        for name in names:
            build(name)
            if reference(name) not in present:
                load(name)


class Namespace:
    """One namespace and the releases in it."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        """`name` becomes the namespace's, with something at its end that no other has."""
        self.cluster = cluster
        self.name = f"{name[:45].rstrip('-')}-{secrets.token_hex(3)}"

    def create(self) -> None:
        """Make it, empty and restricted."""
        self.cluster.run("kubectl", "create", "namespace", self.name)
        levels = [f"pod-security.kubernetes.io/{level}=restricted" for level in _LEVELS]
        self.cluster.run("kubectl", "label", "namespace", self.name, *levels)

    def delete(self) -> None:
        """Remove it with all that is in it."""
        self.cluster.run("kubectl", "delete", "namespace", self.name, "--wait", "--timeout=120s")

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """kubectl in this namespace."""
        return self.cluster.run("kubectl", "-n", self.name, *arguments, text=text, timeout_s=300)

    def helm(self, *arguments: str | Path) -> str:
        """helm in this namespace."""
        return self.cluster.run("helm", "-n", self.name, *arguments, timeout_s=600)

    def secret(self, name: str, **values: str) -> None:
        """Make a secret."""
        literals = [f"--from-literal={key.replace('_', '.')}={value}" for key, value in values.items()]
        self.kubectl("create", "secret", "generic", name, *literals)

    def objects(self, kinds: str) -> list[dict[str, Any]]:
        """The objects of these kinds, such as `pods,services`."""
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", kinds, "-o", "json"))["items"]
        return found

    def through_ingress(self, host: str, ingress: str = "nginx") -> httpx.Client:
        """A client of `host` through an ingress controller of the node."""
        address = f"http://{self.cluster.address()}:{PORTS[ingress]}"
        return httpx.Client(base_url=address, headers={"host": host}, timeout=10)


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
