"""The last of these tests: the release goes, and leaves nothing."""

from collections.abc import Callable

import pytest

from tests.cluster.namespace import eventually
from tests.cluster.platform import OURS, RELEASE, Platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1_800)]


def test_uninstall_leaves_nothing(platform: Platform, seen: Callable[[str, str], None]) -> None:
    platform.namespace.helm("uninstall", RELEASE, "--wait")

    def left() -> list[str]:
        return [
            f"{o['kind']}/{o['metadata']['name']}"
            for o in platform.namespace.objects(f"{OURS},configmaps,secrets")
            if o["metadata"]["name"].startswith(RELEASE)
            or o["metadata"].get("labels", {}).get("app.kubernetes.io/instance") == RELEASE
        ]

    eventually("everything is gone", lambda: left() == [], 90)
    seen("helm uninstall", "nothing of the release is left, its volume neither")
