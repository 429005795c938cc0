"""Writes the OpenAPI documents of the three services into a folder: `python -m standalone.openapi FOLDER`."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

import gateway.app
import ingest.app
from chassis.embedded_log import EmbeddedLog
from chassis.telemetry import Telemetry
from gateway.settings import GatewaySettings
from inference.app import Inference
from inference.settings import InferenceSettings
from ingest.settings import IngestSettings


def documents() -> dict[str, dict[str, Any]]:
    """The OpenAPI document of each service by its name, as a fresh installation serves it."""
    registry = CollectorRegistry()
    with tempfile.TemporaryDirectory() as folder:
        log = EmbeddedLog(Path(folder) / "log.sqlite3")
        database = GatewaySettings(database_url=f"sqlite:///{Path(folder) / 'gateway.sqlite3'}")
        apps = {
            # No artifact is needed to say what the routes are.
            "inference": Inference(
                InferenceSettings(artifact=Path(folder)), Telemetry("inference"), registry
            ).http_app(),
            "ingest": ingest.app.create_app(IngestSettings(), log, telemetry=Telemetry("ingest"), registry=registry),
            "gateway": gateway.app.create_app(database, log, telemetry=Telemetry("gateway"), registry=registry),
        }
        written = {name: app.openapi() for name, app in apps.items()}
        log.close()
    return written


def render(document: dict[str, Any]) -> str:
    """The document as it is committed: stable order of keys as declared, two spaces, one line end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every document."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        (folder / f"{name}.json").write_text(render(document), encoding="utf-8")


if __name__ == "__main__":
    main()
