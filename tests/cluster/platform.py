"""The release of the platform that the tests share: single-node values, a Kafka that only it may use, a PostgreSQL."""

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import yaml

from tests.chart.conftest import need
from tests.chart.definitions import custom
from tests.cluster import broker
from tests.cluster.forward import Forward
from tests.cluster.images import NAMES, REGISTRY, TAG
from tests.cluster.namespace import CHART, Namespace, eventually
from tools.ports import free_port

RELEASE = "plant"
NAME = f"{RELEASE}-predictive-maintenance"
HOST = "plant.test"
OURS = "deployments,statefulsets,replicasets,pods,services,ingresses,pvc,networkpolicies,jobs,pdb,hpa,serviceaccounts"
_SERVICES = ("inference", "ingest", "gateway", "web")


class Platform:
    """Kafka, the platform, and ways to look into both. A context manager; `install` puts the release in."""

    def __init__(self, namespace: Namespace, folder: Path) -> None:
        self.namespace = namespace
        self._folder = folder
        self._stack = ExitStack()
        self._password = secrets.token_hex(24)
        self.installed_within_s = 0.0

    def __enter__(self) -> Self:
        with self._stack:
            self.namespace.cluster.bring(*(name for name in NAMES if name != "pm-standalone"))
            self._stack.enter_context(definitions(self.namespace))
            values = broker.KAFKA_CHART / "values-single-node.yaml"
            self.namespace.helm("install", "kafka", broker.KAFKA_CHART, "-f", values)
            port = free_port()
            broker.start(self.namespace, self._folder, port)
            self.kafka = self._stack.enter_context(Forward(self.namespace, "kafka", port, local=port))
            broker.reconcile(self.namespace, self.kafka)
            self.namespace.secret("platform-database", password=self._password)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def install(self) -> None:
        """Install the release and wait, as the documents say; then open the way to its database."""
        started = time.monotonic()
        self.upgrade()
        self.installed_within_s = time.monotonic() - started
        self._database = self._stack.enter_context(Forward(self.namespace, f"{NAME}-database", 5432))

    def upgrade(self, *settings: str, preset: str = "nginx-f5", wait: bool = True) -> str:
        """`helm upgrade --install` with the values of this platform and `settings` (NAME=VALUE); what Helm prints."""
        files: list[str | Path] = [CHART / "values-single-node.yaml", CHART / f"values-{preset}.yaml", self._values()]
        words: list[str | Path] = [word for file in files for word in ("-f", file)]
        words += [word for setting in settings for word in ("--set", setting)]
        waiting = ["--wait", "--timeout", "5m"] if wait else []
        return self.namespace.helm("upgrade", "--install", RELEASE, CHART, *waiting, *words)

    def _values(self) -> Path:
        users = {"ingest": "ingest", "inferenceStream": "inference-stream", "gateway": "gateway"}
        stand_in = {"registry": REGISTRY, "repository": "postgres-stand-in", "tag": TAG}
        own: dict[str, Any] = {
            "kafka": {
                "mode": "external",
                "bootstrapServers": broker.BOOTSTRAP,
                "caSecret": {"name": "kafka-ca"},
                "users": {user: {"existingSecret": f"kafka-{name}"} for user, name in users.items()},
            },
            "database": {"trial": {"image": stand_in}},
            "ingress": {"host": HOST},
            **{name: {"image": {"registry": REGISTRY, "tag": TAG}} for name in _SERVICES},
        }
        own["ingest"]["edge"] = True
        # The requests of CPU for three replicas and those that replace them would not fit a node with two cores.
        for role in ("serve", "stream"):
            own["inference"][role] = {"resources": {"requests": {"cpu": "100m"}}}
        file = self._folder / "values.yaml"
        file.write_text(yaml.safe_dump(own))
        return file

    def client(self, ingress: str = "nginx") -> httpx.Client:
        """A client of the platform through an ingress controller."""
        return self.namespace.through_ingress(HOST, ingress)

    def database_url(self) -> str:
        """SQLAlchemy's address of the release's database, from here."""
        return f"postgresql+psycopg://gateway:{self._password}@127.0.0.1:{self._database.port}/gateway"

    def scale(self, component: str, replicas: int) -> None:
        """`kubectl scale`, and wait until they serve."""
        self.namespace.kubectl("scale", f"deployment/{NAME}-{component}", f"--replicas={replicas}")
        self.rolled_out(component)

    def rolled_out(self, *components: str) -> None:
        """Wait until Deployments have what they ask for, and nothing of before is left."""
        for component in components:
            self.namespace.kubectl("rollout", "status", f"deployment/{NAME}-{component}", "--timeout=240s")
        for component in components:
            eventually(
                f"{component} has no pod that ends",
                lambda component=component: not any("deletionTimestamp" in p["metadata"] for p in self.pods(component)),  # type: ignore[misc]
                90,
            )

    def pods(self, component: str = "") -> list[dict[str, Any]]:
        """The release's pods that run or are to run, of one component or all."""
        found = self.namespace.objects("pods")
        return [
            pod
            for pod in found
            if pod["metadata"]["labels"].get("app.kubernetes.io/instance") == RELEASE
            and component in ("", pod["metadata"]["labels"]["app.kubernetes.io/component"])
            and pod["status"]["phase"] in ("Pending", "Running")
        ]

    def replicas(self, component: str) -> int:
        """How many replicas a Deployment asks for."""
        return int(self.namespace.kubectl("get", f"deployment/{NAME}-{component}", "-o", "jsonpath={.spec.replicas}"))

    def restarts(self) -> dict[str, int]:
        """How often the containers of each pod were started again."""
        return {
            pod["metadata"]["name"]: sum(each["restartCount"] for each in pod["status"].get("containerStatuses", ()))
            for pod in self.pods()
        }

    def metric(self, pod: str, port: int, name: str) -> float:
        """The sum of a metric over its labels, as a pod reports it."""
        path = f"/api/v1/namespaces/{self.namespace.name}/pods/{pod}:{port}/proxy/metrics"
        lines = self.namespace.cluster.run("kubectl", "get", "--raw", path).splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name}{{", f"{name} ")))


@contextmanager
def definitions(namespace: Namespace) -> Iterator[None]:
    """The definitions of the charts' custom resources in the cluster; those that were not there go again."""
    need("strimzi", "definitions")
    cluster = namespace.cluster
    present = set(cluster.run("kubectl", "get", "customresourcedefinitions", "-o", "name").split())
    names = {file: yaml.safe_load(file.read_text())["metadata"]["name"] for file in custom().values()}
    missing = [f for f, name in names.items() if f"customresourcedefinition.apiextensions.k8s.io/{name}" not in present]
    arguments = [word for file in missing for word in ("-f", str(file))]
    wait = ("kubectl", "wait", "--for=condition=Established", "--timeout=30s", *arguments)
    try:
        if missing:
            cluster.run("kubectl", "apply", "--server-side", *arguments)
            # The command fails, instead of waiting, for a definition that nobody has looked at yet.
            eventually("the definitions", lambda: cluster.attempt(*wait).returncode == 0)
        yield
    finally:
        if missing:
            cluster.run("kubectl", "delete", "--wait=false", *arguments)
