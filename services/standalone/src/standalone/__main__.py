"""`pm-standalone` (what `make run` starts): the whole platform in one process on one port."""

import logging
import sys
from contextlib import ExitStack

from chassis.event_log import LogError
from chassis.logs import configure
from chassis.open_log import open_log
from chassis.server import process_registry, serve, serve_metrics
from chassis.settings import LogSettings, ProcessSettings, load
from gateway.settings import GatewaySettings
from inference.settings import InferenceSettings
from ingest.settings import IngestSettings
from models.profile import ProfileError
from standalone.app import Standalone
from standalone.settings import StandaloneSettings

log = logging.getLogger(__name__)


def main() -> None:
    """Read the settings, open the log, run until SIGTERM or SIGINT."""
    process, settings = load(ProcessSettings), load(StandaloneSettings)
    configure("standalone", process.log_format, process.log_level)
    if not (settings.web / "index.html").is_file():
        sys.exit(f"{settings.web} holds no built web application; `make run` builds it, or set STANDALONE_WEB")
    settings.state.mkdir(parents=True, exist_ok=True)
    registry = process_registry()
    with ExitStack() as stack:
        try:
            events = open_log(load(LogSettings).model_copy(update={"path": settings.state / "log.sqlite3"}))
            stack.callback(events.close)
            stack.callback(serve_metrics(registry, settings.host, settings.metrics_port))
            house = Standalone(
                log=events,
                web=settings.web,
                inference=load(InferenceSettings),
                ingest_settings=load(IngestSettings).model_copy(update={"fleet": settings.fleet}),
                gateway_settings=_gateway(settings),
                registry=registry,
            )
        except (LogError, ProfileError) as error:
            sys.exit(str(error))
        except OSError as error:
            sys.exit(f"cannot listen on {settings.host}:{settings.metrics_port} for metrics: {error.strerror}")
        log.info("standalone starts", extra={"url": f"http://localhost:{settings.port}", "machines": settings.fleet})
        serve(house.asgi(), settings.host, settings.port, house.drain(), house.lanes())


def _gateway(settings: StandaloneSettings) -> GatewaySettings:
    database = settings.state / "gateway.sqlite3"
    return load(GatewaySettings).model_copy(update={"database_url": f"sqlite:///{database}"})


if __name__ == "__main__":
    main()
