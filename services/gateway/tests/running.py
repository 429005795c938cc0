"""A running gateway on an embedded log, as the tests of its doors use it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from chassis.assessment import Assessment, encode
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Event
from chassis.topics import ASSESSMENTS
from gateway.settings import GatewaySettings


@dataclass
class Gateway:
    """What its doors answer, and a way to publish to it."""

    client: TestClient
    log: EmbeddedLog
    registry: CollectorRegistry
    settings: GatewaySettings

    def publish(self, *events: Event) -> None:
        """Returns when the log has acknowledged every event."""
        producer = self.log.producer()
        for future in producer.publish(events):
            future.result(10)
        producer.close(1)

    def assess(self, *assessments: Assessment) -> None:
        self.publish(*(Event(ASSESSMENTS, a.machine_id.encode(), encode(a)) for a in assessments))

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"/gateway{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, path: str, holds: Callable[[Any], bool], **query: Any) -> Any:
        """The answer of `path` as soon as `holds`; fails after ten seconds."""
        deadline = time.monotonic() + 10
        while not holds(answer := self.get(path, **query)):
            assert time.monotonic() < deadline, f"{path} still answers {answer}"
        return answer
