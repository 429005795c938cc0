"""Writes the table of every setting: `python -m standalone.settings_docs FILE`."""

import sys
from pathlib import Path

from pydantic_settings import BaseSettings

from chassis.settings import LogSettings, ProcessSettings, table
from gateway.settings import GatewaySettings
from inference.settings import InferenceSettings
from ingest.settings import IngestSettings
from standalone.settings import StandaloneSettings

CLASSES: tuple[type[BaseSettings], ...] = (
    StandaloneSettings,
    IngestSettings,
    InferenceSettings,
    GatewaySettings,
    LogSettings,
    ProcessSettings,
)
HEAD = """# Settings

Read from the environment once, at start. A wrong value, or a variable with one of these prefixes that names no
setting, ends the process with one sentence. `make docs` writes this page. OpenTelemetry keeps its own variables:
`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER`, …
"""


def page() -> str:
    """The page as Markdown."""
    parts = [f"## {(settings.__doc__ or '').strip().splitlines()[0]}\n\n{table(settings)}\n" for settings in CLASSES]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
