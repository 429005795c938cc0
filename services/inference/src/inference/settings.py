"""Settings of inference (prefix `INFERENCE_`)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from chassis.settings import config


class InferenceSettings(BaseSettings):
    """Both roles read the same settings; each uses what it needs."""

    model_config = config("INFERENCE_")

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for all."""
    port: int = Field(8001, ge=0, le=65535)
    """Port of the HTTP role."""
    metrics_port: int = Field(9001, ge=0, le=65535)
    """Port of `/metrics`."""
    prefix: str = Field("/api", pattern="^(/[a-z0-9-]+)+$")
    """External path of the HTTP role; no proxy rewrites it."""
    equipment: str = "milling"
    """Equipment profile: a name that ships with the platform, or the path of a YAML file."""
    artifact: Path = Path("models/artifacts/milling")
    """Directory of the model artifact; verified before anything in it is loaded."""
    candidates: Path | None = None
    """Directory of further artifacts, each in a directory of its own, that replays may ask for."""
    replay_share: float = Field(0.5, gt=0, le=1)
    """Share of its time for which the replay station of the stream role works; the rest is left to live readings."""
    max_readings: int = Field(1_000, ge=1)
    """Readings a batch request may hold."""
    max_body_bytes: int = Field(2**20, ge=1_024)
    """Bytes a request body may have."""
    batch: int = Field(500, ge=1)
    """Records the stream role scores at once."""
    watchdog_s: float = Field(120, gt=0)
    """Seconds with lag but without progress after which the stream role ends itself."""
