"""`make services`: the services as separate processes on Kafka and PostgreSQL behind an Nginx, until Ctrl-C.

KAFKA_BOOTSTRAP_SERVERS (with the other KAFKA_ settings) and DATABASE_URL name servers that run already; what is not
named is started here and its data are gone at the end.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tools.child import ChildError
from tools.kafka.cluster import KafkaCluster
from tools.missing import ToolMissing
from tools.postgres.database import Database
from tools.postgres.server import PostgresServer
from tools.services.output import Outputs
from tools.services.plant import ARTIFACT, WEB, Plant

_POLL_S = 0.2


def main() -> None:
    """Start everything, show the logs, wait for Ctrl-C or SIGTERM; exit status 1 when a process ended by itself."""
    parser = argparse.ArgumentParser(prog="python -m tools.services", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port of the Nginx")
    parser.add_argument("--streams", type=int, default=2, help="processes of the stream role")
    parser.add_argument("--fleet", type=int, default=50, help="simulated machines; 0 for none")
    options = parser.parse_args()
    for needed in (WEB / "index.html", ARTIFACT / "manifest.json"):
        if not needed.exists():
            sys.exit(f"{needed} is missing; `make services` builds it first")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            sys.exit(_run(options, stack))
    except KeyboardInterrupt:
        print("stopped")
    except (ToolMissing, ChildError) as error:
        sys.exit(str(error))


def _run(options: argparse.Namespace, stack: ExitStack) -> int:
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pm-services-")))
    settings = {"PM_LOG_FORMAT": os.environ.get("PM_LOG_FORMAT", "text"), "INGEST_FLEET": str(options.fleet)}
    log, database_url = _log(stack, directory), _database_url(stack, directory)
    plant = Plant(directory, log, database_url, streams=options.streams, settings=settings, port=options.port)
    stack.callback(plant.stop)
    print("starting the services", flush=True)
    outputs = Outputs([*(service.child for service in plant.services), plant.edge.child])
    try:
        plant.start()
    finally:
        outputs.show()
    print(f"ready on {plant.url}; Ctrl-C ends everything", flush=True)
    while True:
        outputs.show()
        if ended := [service for service in plant.services if not service.is_running]:
            print(f"{ended[0].name} ended with status {ended[0].status}", flush=True)
            return 1
        time.sleep(_POLL_S)


def _log(stack: ExitStack, directory: Path) -> dict[str, str]:
    if "KAFKA_BOOTSTRAP_SERVERS" in os.environ:
        given = {name: value for name, value in os.environ.items() if name.startswith(("KAFKA_", "LOG_"))}
        return {"LOG_KIND": "kafka"} | given
    print("starting Kafka (its jars, 43 MB, are fetched at the first time)", flush=True)
    return stack.enter_context(KafkaCluster(directory / "kafka")).client_environment()


def _database_url(stack: ExitStack, directory: Path) -> str:
    if url := os.environ.get("DATABASE_URL"):
        return Database(url).url
    print("starting PostgreSQL", flush=True)
    return stack.enter_context(PostgresServer(directory / "postgres")).url


if __name__ == "__main__":
    main()
