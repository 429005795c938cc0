"""Settings of ingest (prefix `INGEST_`)."""

from pydantic import Field
from pydantic_settings import BaseSettings

from chassis.settings import config


class IngestSettings(BaseSettings):
    """What the HTTP door and the simulated fleet need."""

    model_config = config("INGEST_")

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for all."""
    port: int = Field(8002, ge=0, le=65535)
    """Port of the HTTP door."""
    metrics_port: int = Field(9002, ge=0, le=65535)
    """Port of `/metrics`."""
    prefix: str = Field("/ingest", pattern="^(/[a-z0-9-]+)+$")
    """External path of the service; no proxy rewrites it."""
    equipment: str = "milling"
    """Equipment profile of readings that name none: a name that ships with the platform, or the path of a YAML file."""
    max_readings: int = Field(1_000, ge=1)
    """Readings a request may hold. Keep it at or below the log's `window_events`, else a full request never fits."""
    max_body_bytes: int = Field(2**20, ge=1_024)
    """Bytes a request body may have."""
    ack_timeout_s: float = Field(5, gt=0)
    """Seconds a request waits for the log's acknowledgement before it answers 503."""
    past_s: float = Field(7 * 86_400, ge=0)
    """Oldest event time that is taken, in seconds before the time of receipt."""
    future_s: float = Field(600, ge=0)
    """Furthest event time that is taken, in seconds after the time of receipt."""
    fleet: int = Field(0, ge=0, le=10_000)
    """Simulated machines that send one reading each second; 0 for none."""
    fleet_seed: int = Field(1, ge=0)
    """Seed of the simulated fleet: the same seed gives the same machines and faults."""
