"""The implementations under the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.log.lab import Lab
from tools.kafka.cluster import KafkaCluster
from tools.testing import StartKafka

# The time limit counts the start of the broker (half a minute on a busy host) and, once, ten sequences of calls.
KAFKA = [pytest.mark.kafka, pytest.mark.timeout(600)]


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=KAFKA)])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    """A lab around an empty log of each implementation."""
    if request.param == "kafka":
        cluster: KafkaCluster = request.getfixturevalue("broker")
        lab = Lab(f"kafka:{cluster.bootstrap}", cluster)
    else:
        lab = Lab(f"embedded:{tmp_path / 'log.sqlite3'}")
    try:
        yield lab
    finally:
        lab.close()


@pytest.fixture(scope="module")
def broker(start_kafka: StartKafka) -> KafkaCluster:
    """A broker that the tests of a module share, and may freeze."""
    return start_kafka()


@pytest.fixture
def topic(lab: Lab) -> str:
    """A topic of the test alone."""
    return lab.topic()
