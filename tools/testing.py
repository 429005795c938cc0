"""Pytest fixtures on real servers, for every test tree. A server starts when the first test asks for it.

A laptop without Java, Maven or PostgreSQL skips those tests, and the end of the run says what to install; with CI=true
they fail instead.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Protocol

import pytest

from tools.kafka.cluster import KafkaCluster
from tools.lacking import NOT_TESTED, skip_or_fail
from tools.missing import ToolMissing
from tools.postgres.database import Database
from tools.postgres.server import PostgresServer


class StartKafka(Protocol):
    """Starts a cluster that the test's module keeps until its end; see KafkaCluster."""

    def __call__(
        self,
        brokers: int = 1,
        secure: bool = False,
        *,
        proxy_ports: Mapping[str, Sequence[int]] | None = None,
        load: bool = False,
    ) -> KafkaCluster: ...


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """One broker that the whole run shares: nobody kills or freezes it, and topics have names of their own."""
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(KafkaCluster(tmp_path_factory.mktemp("kafka")))
        except ToolMissing as missing:
            skip_or_fail(missing)
        yield cluster


@pytest.fixture(scope="module")
def start_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartKafka]:
    """Clusters of the module's own, to be harmed at will."""
    with ExitStack() as stack:

        def start(
            brokers: int = 1,
            secure: bool = False,
            *,
            proxy_ports: Mapping[str, Sequence[int]] | None = None,
            load: bool = False,
        ) -> KafkaCluster:
            folder = tmp_path_factory.mktemp("kafka")
            try:
                cluster = KafkaCluster(folder, brokers, secure, proxy_ports=proxy_ports, load=load)
                return stack.enter_context(cluster)
            except ToolMissing as missing:
                skip_or_fail(missing)

        yield start


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The server that the whole run shares, or that of DATABASE_URL: nobody kills it; see `new_database`."""
    if url := os.environ.get("DATABASE_URL"):
        yield Database(url)
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(PostgresServer(tmp_path_factory.mktemp("postgres")))
        except ToolMissing as missing:
            skip_or_fail(missing)
        yield server.database


@pytest.fixture
def database_url(postgres: Database) -> Iterator[str]:
    """URL of an empty PostgreSQL database for one test."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="module")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server of the module's own, to be killed and frozen at will; DATABASE_URL does not matter."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(PostgresServer(tmp_path_factory.mktemp("postgres")))
        except ToolMissing as missing:
            skip_or_fail(missing)
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each missing tool what was not tested, and why."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple) and NOT_TESTED in report.longrepr[2]:
            sentence = report.longrepr[2].partition(NOT_TESTED)[2]
            reasons[sentence] = reasons.get(sentence, 0) + 1
    for sentence, tests in reasons.items():
        terminalreporter.write_line(f"{NOT_TESTED}{sentence} ({tests} tests)", yellow=True)
