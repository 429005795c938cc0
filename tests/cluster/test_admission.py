"""A real API server takes every rendered object, by its rules and without a warning, in a `restricted` namespace."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml

from tests.chart.conftest import need
from tests.chart.rendering import CASES, Case, objects
from tests.cluster.namespace import Namespace
from tests.cluster.platform import definitions

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]


def test_api_server_takes_every_object_without_a_warning(
    namespace: Namespace, seen: Callable[[str, str], None]
) -> None:
    need("helm4")
    with definitions(namespace):
        counts = [_taken(namespace, what) for what in CASES]
    seen("server-side dry run", f"{sum(counts)} objects of {len(counts)} sets of values taken without a warning")


def test_a_pod_that_may_be_root_is_refused(namespace: Namespace) -> None:
    """The check above can fail: the namespace warns of a pod template that does not meet `restricted`."""
    deployment = next(o for o in objects(replace(CASES[0], namespace=namespace.name)) if o["kind"] == "Deployment")
    loose = yaml.safe_load(yaml.safe_dump(deployment))
    del loose["spec"]["template"]["spec"]["securityContext"]
    with pytest.raises(AssertionError, match="runAsNonRoot"):
        _apply(namespace, [loose])


def _taken(namespace: Namespace, what: Case) -> int:
    found = objects(replace(what, namespace=namespace.name))
    _apply(namespace, found)
    return len(found)


def _apply(namespace: Namespace, found: list[dict[str, object]]) -> None:
    namespace.kubectl("apply", "--dry-run=server", "--warnings-as-errors", "-f", "-", text=yaml.safe_dump_all(found))
