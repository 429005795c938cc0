"""A gateway over HTTP while its PostgreSQL is not migrated yet, and while it says nothing."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from chassis.assessment import Assessment
from chassis.embedded_log import EmbeddedLog
from chassis.telemetry import Telemetry
from gateway.app import create_app, utc_now
from gateway.settings import GatewaySettings
from gateway.store import Store
from gateway.store.migration import migrate
from services.gateway.tests.running import Gateway
from tools.postgres.server import PostgresServer

pytestmark = pytest.mark.postgres
Make = Callable[..., Assessment]


def test_a_gateway_stays_ready_and_answers_503_while_its_database_is_frozen(
    postgres_server: PostgresServer, url: str, tmp_path: Path, make: Make
) -> None:
    log, telemetry = EmbeddedLog(tmp_path / "log.sqlite3", durable=False), Telemetry("gateway")
    settings = GatewaySettings(database_url=url, database_statement_timeout_s=1, database_pool_wait_s=0.2)
    app = create_app(settings, log, telemetry=telemetry, registry=CollectorRegistry(), end=fail)
    with TestClient(app, raise_server_exceptions=False) as client:
        gateway = Gateway(client, log, CollectorRegistry(), settings)
        until(lambda: client.get("/readyz"), 503, "run `pm-gateway migrate`")
        store = Store(url)
        migrate(store)
        store.close()
        until(lambda: client.get("/readyz"), 200)
        now = utc_now()
        gateway.assess(make("a", observed_at=now, received_at=now))
        gateway.until("/machines", lambda page: page["total"] == 1)
        postgres_server.freeze()
        answer = client.get("/gateway/machines")
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert answer.headers["retry-after"] == "1"
        gateway.assess(make("b", observed_at=now, received_at=now))
        assert [client.get(path).status_code for path in ("/livez", "/readyz")] == [200, 200]
        postgres_server.thaw()
        until(lambda: client.get("/gateway/machines"), 200)
        gateway.until("/machines/M14860", lambda machine: machine["stored_readings"] == 2)
        assert gateway.get("/dead-letters")["dead_letters"] == []
    log.close()
    telemetry.close()


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database on the server that may be harmed."""
    yield postgres_server.database.new_database()
    postgres_server.thaw()


def until(ask: Callable[[], httpx2.Response], status: int, words: str = "") -> httpx2.Response:
    """The answer as soon as it has this status and these words; fails after twenty seconds."""
    deadline = time.monotonic() + 20
    while (answer := ask()).status_code != status or words not in answer.text:
        assert time.monotonic() < deadline, answer.text
    return answer


def fail(status: int) -> None:
    raise AssertionError(f"the gateway ended itself with status {status}")
