"""What the tests of ingest share: the milling profile, and the application on a log made by hand."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from chassis.telemetry import Telemetry
from ingest.acceptance import Acceptance
from ingest.app import create_app
from ingest.settings import IngestSettings
from models.profile import Profile, load_profile
from services.ingest.tests.fakes import FakeLog, FakeProducer
from services.ingest.tests.samples import NOW


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile("milling")


@pytest.fixture(scope="session")
def acceptance(profile: Profile) -> Acceptance:
    return Acceptance({profile.name: profile}, profile.name, past_s=7 * 86_400, future_s=600)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def fake_log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def producer(fake_log: FakeLog) -> FakeProducer:
    return fake_log.fake


@pytest.fixture
def app(fake_log: FakeLog, registry: CollectorRegistry) -> FastAPI:
    settings = IngestSettings(max_readings=5, max_body_bytes=4_096, ack_timeout_s=0.2)
    return create_app(settings, fake_log, telemetry=Telemetry("ingest"), registry=registry, clock=lambda: NOW)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
