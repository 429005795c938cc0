"""`pm-ingest csv` against a served application on a durable log: every row once, also after kill -9 in the middle."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from prometheus_client import CollectorRegistry

from chassis.embedded_log import EmbeddedLog
from chassis.telemetry import Telemetry
from chassis.topics import READINGS
from ingest.app import create_app
from ingest.settings import IngestSettings
from services.ingest.tests.samples import ai4i, poll_until

ROWS = 600


class Service:
    """Ingest served on a free port, on an embedded log in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.log = EmbeddedLog(folder / "log.sqlite3", durable=False)
        registry, telemetry = CollectorRegistry(), Telemetry("ingest")
        app = create_app(IngestSettings(), self.log, telemetry=telemetry, registry=registry)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        self._thread = Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()
        poll_until(lambda: self._server.started, "the server started")

    def end(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
        self.log.close()

    def stored(self) -> Counter[tuple[str, float]]:
        """How often each machine's torque is on the topic, counting an event id once, as the sink does."""
        consumer = self.log.consumer("test", [READINGS])
        values = {}
        try:
            while records := consumer.poll(1_000, 0.2):
                for record in records:
                    value = json.loads(record.value)
                    values[value["event_id"]] = (value["machine_id"], value["torque"])
        finally:
            consumer.close(1)
        return Counter(values.values())


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    yield service
    service.end()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Rows of 100 machines; every tenth row equals its predecessor."""
    rows = [f"{n},M{n - n % 10 // 9},M,298.1,308.6,1551,{40 + n % 7},0,0,0,0,0,0,0" for n in range(ROWS)]
    for at in range(9, ROWS, 10):
        rows[at] = rows[at - 1]
    path = tmp_path / "readings.csv"
    path.write_bytes(ai4i(*rows))
    return path


def expected(file: Path) -> Counter[tuple[str, float]]:
    cells = [line.split(",") for line in file.read_text().splitlines()[1:]]
    return Counter((cell[1], float(cell[6])) for cell in cells)


def command(service: Service, file: Path, *options: str) -> list[str]:
    state = str(file.with_name("progress.json"))
    return [sys.executable, "-m", "ingest", "csv", str(file), "--url", service.url, "--state", state, *options]


def run(service: Service, file: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(service, file, *options), capture_output=True, text=True, timeout=60, check=False)


def test_a_file_uploaded_twice_is_stored_once(service: Service, file: Path) -> None:
    for batch in ("500", "70"):
        finished = run(service, file, "--batch", batch)
        assert (finished.returncode, finished.stdout) == (0, f"{ROWS} rows: {ROWS} accepted, 0 refused\n")
    assert service.stored() == expected(file)


def has_done(notes: Path, rows: int) -> bool:
    return rows_done(notes) >= rows


def rows_done(notes: Path) -> int:
    return int(json.loads(notes.read_bytes())["rows"]) if notes.exists() else 0


def test_an_upload_killed_and_repeated_stores_every_row_once(service: Service, file: Path) -> None:
    notes = file.with_name("progress.json")
    for _ in range(3):
        target = rows_done(notes) + 40
        upload = subprocess.Popen(command(service, file, "--rate", "200", "--batch", "20"), stderr=subprocess.PIPE)
        try:
            poll_until(partial(has_done, notes, target), "some rows", 30)
        finally:
            os.kill(upload.pid, signal.SIGKILL)
            upload.communicate(timeout=10)
    finished = run(service, file)
    assert finished.returncode == 0
    assert "going on after row" in finished.stderr
    assert finished.stdout == f"{ROWS} rows: {ROWS} accepted, 0 refused\n"
    assert service.stored() == expected(file)


def test_refused_rows_are_shown_and_end_with_status_1(service: Service, file: Path) -> None:
    file.write_bytes(ai4i("1,M1,M,298.1,308.6,1551,42.8,0,0,0,0,0,0,0", "2,M2,M,25.0,35.5,1551,42.8,0,0,0,0,0,0,0"))
    finished = run(service, file)
    assert finished.returncode == 1
    assert "2 rows: 1 accepted, 1 refused" in finished.stdout
    assert "row 2: air_temperature 25 K" in finished.stdout


def test_ctrl_c_ends_with_a_hint_and_keeps_the_progress(service: Service, file: Path) -> None:
    notes = file.with_name("progress.json")
    upload = subprocess.Popen(command(service, file, "--real-time", "--interval", "50ms"), stderr=subprocess.PIPE)
    poll_until(notes.exists, "the first rows", 30)
    upload.send_signal(signal.SIGINT)
    _, told = upload.communicate(timeout=10)
    assert upload.returncode == 130
    assert b"the same command goes on from here" in told


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--url", "http://127.0.0.1:1", "--give-up-after", "0"), "does not take readings"),
        (("--url", "nowhere"), "http"),
        (("--equipment", "lathe"), "lathe"),
        (("--rate", "5", "--real-time"), "only one of"),
        (("--interval", "soon", "--real-time"), "no interval"),
        (("--machine-column", "asset"), "asset"),
    ],
)
def test_what_cannot_be_done_ends_with_status_2_and_a_sentence(
    service: Service, file: Path, options: tuple[str, ...], sentence: str
) -> None:
    finished = run(service, file, *options)
    assert finished.returncode == 2
    assert sentence in finished.stderr
    assert "Traceback" not in finished.stderr
