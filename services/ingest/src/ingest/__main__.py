"""`pm-ingest` (or `python -m ingest`): `serve`, the service, is the default; `csv FILE` uploads a file to it."""

import re
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import httpx
import typer

from chassis.event_log import LogError
from chassis.logs import configure
from chassis.open_log import open_log
from chassis.server import process_registry, serve_metrics
from chassis.server import serve as serve_http
from chassis.settings import LogSettings, ProcessSettings, load
from chassis.telemetry import Telemetry
from ingest.app import create_app
from ingest.csv_file import Door, Pace, UploadError, upload
from ingest.csv_progress import Progress, ProgressFile, digest_and_lines
from ingest.settings import IngestSettings
from models.profile import Profile, ProfileError, load_profile

cli = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)
_INTERVAL = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@cli.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve() -> None:
    """Serve the HTTP door, on the settings INGEST_*, LOG_* and PM_*."""
    settings, log_settings, process = load(IngestSettings), load(LogSettings), load(ProcessSettings)
    configure("ingest", process.log_format, process.log_level)
    registry = process_registry()
    with ExitStack() as stack:
        telemetry = Telemetry("ingest")
        stack.callback(telemetry.close)
        try:
            log = open_log(log_settings)
            stack.callback(log.close)
            stack.callback(serve_metrics(registry, settings.host, settings.metrics_port))
            app = create_app(settings, log, telemetry=telemetry, registry=registry)
        except (LogError, OSError, ProfileError) as error:
            raise _failure(f"ingest cannot start: {error}") from error
        serve_http(app, settings.host, settings.port)


@cli.command("csv")
def csv_command(
    file: Annotated[Path, typer.Argument(help="CSV file with a header; UTF-8.", exists=True, dir_okay=False)],
    url: Annotated[str, typer.Option(help="Where the platform is served.")] = "http://localhost:8080",
    rate: Annotated[float | None, typer.Option(help="Rows per second.", min=0.001)] = None,
    full_speed: Annotated[bool, typer.Option("--full-speed", help="As fast as it is taken (the default).")] = False,
    real_time: Annotated[bool, typer.Option("--real-time", help="One row per --interval.")] = False,
    interval: Annotated[str, typer.Option(help="Time between rows of --real-time, such as 500ms, 1s, 2m.")] = "1s",
    batch: Annotated[int, typer.Option(help="Rows per request.", min=1, max=1_000)] = 500,
    machine_column: Annotated[
        str | None, typer.Option(help="Column with the machine's id, when it has another name.")
    ] = None,
    equipment: Annotated[
        str, typer.Option(help="Equipment profile of the rows: a name or the path of a YAML file.")
    ] = "milling",
    state: Annotated[
        Path | None, typer.Option(help="Where to note the progress; default var/ingest-<digest>.json.")
    ] = None,
    give_up_after: Annotated[
        float, typer.Option(help="Seconds to keep trying while the service is away.", min=0)
    ] = 120,
) -> None:
    """Post a CSV file of readings; after an interruption the same command goes on where it stopped.

    Exit status: 0 every row was accepted, 1 rows were refused, 2 the upload could not be done, 130 interrupted.
    """
    if sum((rate is not None, full_speed, real_time)) > 1:
        raise typer.BadParameter("give only one of --rate, --full-speed, --real-time")
    pace = Pace(batch, 1 / _interval_s(interval) if real_time else rate)
    profile = _profile(equipment)
    target = f"{url.rstrip('/')}/ingest/readings"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        digest, lines = digest_and_lines(file)
        notes = ProgressFile(state or Path("var") / f"ingest-{digest[:12]}.json", f"{digest} {machine_column} {target}")
        if before := notes.load().rows:
            typer.echo(f"going on after row {before}", err=True)
        with httpx.Client(timeout=30) as client:
            progress = upload(
                file,
                Door(client, target, give_up_after, time.sleep),
                notes,
                {profile.name: profile},
                profile.name,
                pace,
                machine_column=machine_column,
                total=max(lines - 1, 0),
            )
    except (UploadError, OSError, httpx.InvalidURL) as error:
        raise _failure(str(error)) from error
    except KeyboardInterrupt:
        typer.echo("interrupted; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    _finish(progress)


def _finish(progress: Progress) -> None:
    typer.echo(progress.summary())
    if progress.refused:
        raise typer.Exit(1)


def _interval_s(text: str) -> float:
    match = _INTERVAL.fullmatch(text.strip())
    if match is None or float(match[1]) == 0:
        raise typer.BadParameter(f"{text!r} is no interval; write 500ms, 1s or 2m")
    return float(match[1]) * _UNIT_S[match[2]]


def _profile(name: str) -> Profile:
    try:
        return load_profile(name)
    except ProfileError as error:
        raise _failure(str(error)) from error


def _failure(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)


def main() -> None:
    """Entry point of the console script."""
    cli()


if __name__ == "__main__":
    main()
