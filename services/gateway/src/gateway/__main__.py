"""`pm-gateway serve` (the default) runs the service; `pm-gateway migrate` brings the database to the newest schema."""

import argparse
import sys
from contextlib import ExitStack

from chassis.event_log import LogError
from chassis.logs import configure
from chassis.open_log import open_log
from chassis.server import process_registry, serve, serve_metrics
from chassis.settings import LogSettings, ProcessSettings, load
from chassis.telemetry import Telemetry
from gateway.app import create_app
from gateway.settings import GatewaySettings
from gateway.store import StoreAway
from gateway.store.migration import SchemaTooNew, migrate


def main() -> None:
    """Parse the command, read the settings, run until it is done or the process is asked to stop."""
    parser = argparse.ArgumentParser(prog="pm-gateway", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("serve", "migrate"), default="serve")
    command = parser.parse_args().command
    process, settings = load(ProcessSettings), load(GatewaySettings)
    configure("gateway", process.log_format, process.log_level)
    if command == "migrate":
        _migrate(settings)
    else:
        _serve(settings)


def _migrate(settings: GatewaySettings) -> None:
    store = settings.store()
    try:
        migrate(store)
    except (StoreAway, SchemaTooNew) as error:
        sys.exit(str(error))
    finally:
        store.close()


def _serve(settings: GatewaySettings) -> None:
    registry = process_registry()
    with ExitStack() as stack:
        telemetry = Telemetry("gateway")
        stack.callback(telemetry.close)
        try:
            log = open_log(load(LogSettings))
            stack.callback(log.close)
            stack.callback(serve_metrics(registry, settings.host, settings.metrics_port))
        except (LogError, OSError) as error:
            sys.exit(f"gateway cannot start: {error}")
        app = create_app(settings, log, telemetry=telemetry, registry=registry)
        serve(app, settings.host, settings.port, app.state.drain)


if __name__ == "__main__":
    main()
