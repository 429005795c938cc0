"""`pm-gateway serve` (the default) runs the service, `migrate` brings the database to the newest schema.

`pm-gateway export` writes what is stored into a file.
"""

import argparse
import sys
from contextlib import ExitStack

from chassis.event_log import LogError
from chassis.logs import configure
from chassis.open_log import open_log
from chassis.server import process_registry, serve, serve_metrics
from chassis.settings import LogSettings, ProcessSettings, load
from chassis.telemetry import Telemetry
from gateway import export
from gateway.app import create_app
from gateway.settings import GatewaySettings
from gateway.store import StoreAway
from gateway.store.migration import SchemaTooNew, migrate


def main() -> None:
    """Parse the command, read the settings, run until it is done or the process is asked to stop."""
    parser = argparse.ArgumentParser(prog="pm-gateway", description=__doc__)
    parser.set_defaults(command=_serve)
    commands = parser.add_subparsers()
    commands.add_parser("serve", help="run the service (the default)")
    commands.add_parser("migrate", help="bring the database to the newest schema").set_defaults(command=_migrate)
    exporting = commands.add_parser("export", help="write what is stored into a CSV or Parquet file")
    exporting.set_defaults(command=_export)
    export.add_arguments(exporting)
    options = parser.parse_args()
    process, settings = load(ProcessSettings), load(GatewaySettings)
    configure("gateway", process.log_format, process.log_level)
    options.command(settings, options)


def _migrate(settings: GatewaySettings, _: argparse.Namespace) -> None:
    store = settings.store()
    try:
        migrate(store)
    except (StoreAway, SchemaTooNew) as error:
        sys.exit(str(error))
    finally:
        store.close()


def _export(settings: GatewaySettings, options: argparse.Namespace) -> None:
    store = settings.store()
    try:
        count = export.export(store, options.kind, options.file, options.since, options.until)
    except (StoreAway, OSError) as error:
        sys.exit(f"{options.file} was not written: {error}")
    finally:
        store.close()
    print(f"{count} {options.kind} in {options.file}")


def _serve(settings: GatewaySettings, _: argparse.Namespace) -> None:
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
