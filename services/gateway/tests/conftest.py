"""What the gateway's tests share: assessments made by hand, records, a store on every database there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from chassis.assessment import Assessment, ModelRef, Reason, Thresholds, encode
from chassis.dead_letter import DeadLetter
from chassis.embedded_log import EmbeddedLog
from chassis.event_log import Headers, Record
from chassis.telemetry import Telemetry
from chassis.topics import ASSESSMENTS, DEAD_LETTERS
from gateway.app import create_app
from gateway.settings import GatewaySettings
from gateway.store import Store
from gateway.store.assessments import Judged
from gateway.store.migration import migrate
from services.gateway.tests.running import Gateway
from tools.postgres.database import Database

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_TYPICAL = Assessment(
    anomaly=False,
    failure_probability=0.02,
    prediction=0,
    status="assessed",
    machine_id="M14860",
    equipment="milling",
    product_type="M",
    event_id="e1",
    observed_at=NOW,
    received_at=NOW,
    signals={"air_temperature": 298.1, "torque": 42.8},
    anomaly_score=0.41,
    baseline=0.034,
    modes={"HDF": 0.0, "OSF": 0.01},
    rules=[],
    reasons=[Reason("torque", 42.8, "Nm", 0.004), Reason("wear", 0.0, "min", -0.018)],
    outside=[],
    thresholds=Thresholds(0.5, 0.6),
    model=ModelRef("milling", "1", "sha256:00"),
    assumptions=[],
)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make() -> Callable[..., Assessment]:
    """An assessment, typical but for what is named; `ago` is how many seconds before now it was observed."""

    def make(event_id: str = "e1", ago: float = 0, **fields: Any) -> Assessment:
        at = NOW - timedelta(seconds=ago)
        return msgspec.structs.replace(
            _TYPICAL, **{"event_id": event_id, "observed_at": at, "received_at": at} | fields
        )

    return make


@pytest.fixture
def judge(make: Callable[..., Assessment]) -> Callable[..., Judged]:
    """An assessment as the worker hands it to the store."""

    def judge(event_id: str = "e1", ago: float = 0, **fields: Any) -> Judged:
        assessment = make(event_id, ago, **fields)
        return Judged(assessment, encode(assessment), 0, 0)

    return judge


@pytest.fixture
def bury() -> Callable[..., DeadLetter]:
    """A dead letter of a reading of M14860 that was sent in degrees Celsius."""

    def bury(origin: str = "pm.readings/0/7", ago: float = 0, **fields: Any) -> DeadLetter:
        typical: dict[str, Any] = {
            "id": origin,
            "origin": origin,
            "code": "wrong_unit_suspected",
            "detail": "air_temperature 29.0 looks like degrees Celsius",
            "service": "inference",
            "refused_at": NOW - timedelta(seconds=ago),
            "key": b"M14860",
            "value": b'{"air_temperature": 29.0}',
            "headers": (("content-type", b"application/json"),),
        }
        return DeadLetter(**typical | fields)

    return bury


@pytest.fixture
def record() -> Callable[..., Record]:
    """A record on the topic of assessments, or of dead letters when headers say so."""

    def record(value: bytes, key: bytes | None = b"M14860", offset: int = 0, headers: Headers = ()) -> Record:
        topic = DEAD_LETTERS if any(name.startswith("pm-") for name, _ in headers) else ASSESSMENTS
        return Record(topic, 0, offset, key, value, headers, NOW)

    return record


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once in each kind of database there is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/gateway.sqlite3"
        return
    server: Database = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A migrated, empty store."""
    store = Store(store_url)
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def postgres_store(database_url: str) -> Iterator[Store]:
    """A migrated, empty store in PostgreSQL."""
    store = Store(database_url)
    migrate(store)
    yield store
    store.close()


@contextmanager
def running(url: str, tmp_path: Path, **changed: Any) -> Iterator[Gateway]:
    """A gateway on this database, whose clock stands at `NOW`; `changed` are settings."""
    settings = GatewaySettings(database_url=url, timeline_max_rows=300, **changed)
    log, registry = EmbeddedLog(tmp_path / "log.sqlite3", durable=False), CollectorRegistry()
    telemetry = Telemetry("gateway")

    def fail(status: int) -> None:
        raise AssertionError(f"the gateway ended itself with status {status}")

    app = create_app(settings, log, telemetry=telemetry, registry=registry, clock=lambda: NOW, end=fail)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Gateway(client, log, registry, settings)
    log.close()
    telemetry.close()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway on a file, whose clock stands at `now`."""
    with running(f"sqlite:///{tmp_path}/gateway.sqlite3", tmp_path) as gateway:
        yield gateway


@pytest.fixture
def stored_gateway(store_url: str, store: Store, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway on the database of `store`, once on each kind of database there is."""
    assert store.engine.url.database is not None
    with running(store_url, tmp_path) as gateway:
        yield gateway
