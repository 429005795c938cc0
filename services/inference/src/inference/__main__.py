"""`pm-inference serve` answers over HTTP, `pm-inference stream` works from topic to topic; one image, two roles."""

import argparse
import sys
from contextlib import ExitStack

from fastapi import FastAPI

from chassis.http_app import create_http_app
from chassis.logs import configure
from chassis.open_log import open_log
from chassis.server import process_registry, serve, serve_metrics
from chassis.settings import LogSettings, ProcessSettings, load
from chassis.station_thread import StationThread
from chassis.telemetry import Telemetry
from inference.app import Inference
from inference.settings import InferenceSettings
from models.profile import ProfileError


def main() -> None:
    """Parse the role, read the settings, run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="pm-inference", description=__doc__)
    parser.add_argument("role", nargs="?", choices=("serve", "stream"), default="serve")
    role = parser.parse_args().role
    process, settings = load(ProcessSettings), load(InferenceSettings)
    name = f"inference-{role}"
    configure(name, process.log_format, process.log_level)
    telemetry, registry = Telemetry(name), process_registry()
    try:
        inference = Inference(settings, telemetry, registry)
    except ProfileError as error:
        sys.exit(str(error))
    with ExitStack() as stack:
        stack.callback(telemetry.close)
        stack.callback(serve_metrics(registry, settings.host, settings.metrics_port))
        app = inference.http_app() if role == "serve" else _stream_app(inference, stack)
        serve(app, settings.host, settings.port, lanes=app.state.lanes)


def _stream_app(inference: Inference, stack: ExitStack) -> FastAPI:
    """The probes of the stream role; its stations run beside them, unless the model was refused."""
    running: list[StationThread] = []
    if inference.model.refusal is None:
        log = open_log(load(LogSettings))
        stack.callback(log.close)
        for station in inference.stations(log):
            running.append(stack.enter_context(StationThread(station, inference.settings.watchdog_s)))

    def readiness() -> str | None:
        if not running:
            return inference.model.refusal
        return None if running[0].station.is_assigned() else "the log has assigned no partition yet"

    return create_http_app(
        title="Predictive maintenance: inference, stream role",
        version=inference.version,
        prefix=inference.settings.prefix,
        readiness=readiness,
        telemetry=inference.telemetry,
        metrics=inference.metrics.http,
        max_body_bytes=inference.settings.max_body_bytes,
    )


if __name__ == "__main__":
    main()
