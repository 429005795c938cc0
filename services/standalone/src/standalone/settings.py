"""Settings of the standalone process (prefix `STANDALONE_`). The services inside keep theirs."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from chassis.settings import config


class StandaloneSettings(BaseSettings):
    """One process, one port, one folder."""

    model_config = config("STANDALONE_")

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for all."""
    port: int = Field(8080, ge=0, le=65535)
    """Port of the pages and of all three APIs."""
    metrics_port: int = Field(9090, ge=0, le=65535)
    """Port of `/metrics`."""
    fleet: int = Field(50, ge=0, le=5_000)
    """Simulated machines that report once a second; 0 for none."""
    state: Path = Path("var")
    """Folder of everything that must survive: the log and the database."""
    web: Path = Path("web/dist")
    """The built web application."""
