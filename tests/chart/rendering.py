"""Renders a chart with Helm into plain objects, once for each set of values."""

import functools
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from charts.tools.kit import path_of

CHARTS = Path(__file__).resolve().parents[2] / "charts"
PLATFORM = CHARTS / "predictive-maintenance"
KAFKA = CHARTS / "kafka"
Object = dict[str, Any]


class Refused(Exception):
    """Helm refused the values; the text is what a person reads."""


@dataclass(frozen=True)
class Case:
    """One way to install a chart: values files beside it, and values on the command line as JSON."""

    chart: Path
    files: tuple[str, ...] = ()
    values: str = "{}"
    release: str = "plant"
    namespace: str = "factory"

    @property
    def name(self) -> str:
        """How a test report calls it."""
        return "+".join([self.chart.name, *(file.removeprefix("values-").removesuffix(".yaml") for file in self.files)])


def case(chart: Path, *files: str, release: str = "plant", **values: Any) -> Case:
    """A case from keyword values."""
    return Case(chart, files, json.dumps(values), release)


DATABASE = {"url": "postgresql+psycopg://gateway@postgres:5432/gateway", "existingSecret": "platform-database"}
HOST = {"host": "plant.example.org"}
CASES = [
    case(PLATFORM, database=DATABASE),
    case(PLATFORM, "values-embedded.yaml", ingress={"enabled": True, **HOST}),
    case(PLATFORM, "values-single-node.yaml", "values-traefik.yaml", ingress=HOST, ingest={"edge": True}),
    case(PLATFORM, "values-production.yaml", "values-nginx-f5.yaml", ingress=HOST, database=DATABASE),
    case(PLATFORM, "values-production.yaml", "values-gateway-api.yaml", ingress=HOST, database=DATABASE),
    case(PLATFORM, "values-single-node.yaml", "values-nginx-legacy.yaml", ingress=HOST),
    case(
        PLATFORM,
        "values-external-kafka.yaml",
        kafka={"bootstrapServers": "kafka-1:9093,kafka-2:9093", "topics": {"create": True}},
        database=DATABASE,
        inference={"stream": {"scaling": {"mode": "keda", "min": 1, "max": 6}}},
        telemetry={"endpoint": "http://collector:4318"},
        model={"volume": {"persistentVolumeClaim": {"claimName": "model"}}, "digest": "sha256:" + "0" * 64},
    ),
    case(KAFKA, "values-single-node.yaml"),
    case(KAFKA, "values-production.yaml"),
]
PLATFORM_CASES = [c for c in CASES if c.chart == PLATFORM]


@functools.cache
def text(what: Case, helm: str = "helm", options: Sequence[str] = ()) -> str:
    """The rendered chart as YAML. Raises Refused with Helm's own words."""
    command: list[str | Path] = [path_of(helm), "template", what.release, what.chart, "-n", what.namespace]
    for file in what.files:
        command += ["-f", what.chart / file]
    done = subprocess.run(
        [*command, "-f", "-", *options], input=what.values, capture_output=True, text=True, timeout=50
    )
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout


def objects(what: Case, helm: str = "helm") -> list[Object]:
    """The objects of a rendered chart."""
    return [o for o in yaml.safe_load_all(text(what, helm)) if o]


def of_kind(found: Sequence[Object], *kinds: str) -> list[Object]:
    """The objects of these kinds."""
    return [o for o in found if o["kind"] in kinds]


def named(found: Sequence[Object], kind: str, suffix: str) -> Object:
    """The one object of a kind whose name ends with `suffix`."""
    (one,) = [o for o in of_kind(found, kind) if o["metadata"]["name"].endswith(suffix)]
    return one


def pod_of(o: Object) -> Object | None:
    """The pod (metadata and spec) that an object makes, if it makes one."""
    if o["kind"] == "Pod":
        return o
    template = o.get("spec", {}).get("template")
    return template if o["kind"] in ("Deployment", "StatefulSet", "Job") else None


def pods(found: Sequence[Object]) -> dict[str, Object]:
    """Kind and name to pod, for every object that makes one."""
    return {f"{o['kind']}/{o['metadata']['name']}": pod for o in found if (pod := pod_of(o)) is not None}


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `change` laid over it, as Helm does."""
    result = dict(base)
    for key, value in change.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else value
    return result
