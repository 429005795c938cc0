"""HTTP requests per second of `/api/predict` against a plain FastAPI + scikit-learn server, side by side.

Both servers run at once on core 0, the load (wrk) on core 1; they are visited in turn and medians are compared, so
that a noisy machine hits both alike. The CPU time that a server's process takes per request is printed as well: on a
machine that does other work it is the figure to trust. Usage: python benchmarks/http_predict.py [--rounds N]
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CONNECTIONS = (1, 16, 64)
BAR = 50


@dataclass(frozen=True)
class Server:
    """A running server."""

    pid: int
    port: int


@dataclass(frozen=True)
class Figure:
    """One round: requests per second, and CPU microseconds of the server per request."""

    rate: float
    cpu_us: float


def main() -> int:
    """Measure and print one table; the exit code is 1 when a request failed or the bar is missed."""
    options = _options()
    if (wrk := shutil.which("wrk")) is None:
        print("wrk is needed to make the load: apt-get install wrk", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        # scikit-learn warns on every request of a server that calls it from a thread; printing that is not its work.
        command = [sys.executable, "-W", "ignore", str(HERE / "plain_server.py"), str(options.artifact)]
        plain = stack.enter_context(_server(command))
        ours = stack.enter_context(_server([sys.executable, "-m", "inference", "serve"], options.artifact))
        figures: dict[tuple[str, int], list[Figure]] = {}
        for _ in range(options.rounds):
            for connections in CONNECTIONS:
                for name, server in (("plain", plain), ("ours", ours)):
                    figure = _load(wrk, server, connections, options.seconds)
                    figures.setdefault((name, connections), []).append(figure)
    return _report(figures, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", type=Path, default=Path("models/artifacts/milling"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    return parser.parse_args()


@contextmanager
def _server(command: list[str], artifact: Path | None = None) -> Iterator[Server]:
    """Start a server on a free port on core 0, wait until it accepts, end it by pid."""
    port, metrics_port = _free_port(), _free_port()
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = os.environ | one_thread
    if artifact is None:
        command = [*command, str(port)]
    else:
        environment |= {
            "INFERENCE_PORT": str(port),
            "INFERENCE_METRICS_PORT": str(metrics_port),
            "INFERENCE_ARTIFACT": str(artifact),
        }
    process = subprocess.Popen(_pinned(0, command), env=environment)
    try:
        _await_port(process, port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(10)


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the server on port {port} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/openapi.json", timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"no server on port {port} after 60 s")


def _load(wrk: str, server: Server, connections: int, seconds: int) -> Figure:
    """Any answer other than 2xx ends the run, because then the figure would mean nothing."""
    url = f"http://127.0.0.1:{server.port}/api/predict"
    command = [
        wrk,
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "60s",
        "-s",
        str(HERE / "predict.lua"),
        url,
    ]
    before = _cpu_s(server.pid)
    output = subprocess.run(_pinned(1, command), check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"requests failed:\n{output}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", output)
    answered = re.search(r"(\d+) requests in", output)
    if match is None or answered is None:
        raise SystemExit(f"wrk printed no rate:\n{output}")
    return Figure(float(match[1]), (_cpu_s(server.pid) - before) / int(answered[1]) * 1e6)


def _cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pinned(core: int, command: list[str]) -> list[str]:
    return ["taskset", "-c", str(core), *command] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else command


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _report(figures: dict[tuple[str, int], list[Figure]], options: argparse.Namespace) -> int:
    print(f"POST /api/predict, requests per second, median of {options.rounds} rounds of {options.seconds} s")
    print(f"{'connections':>12} {'plain':>10} {'ours':>10} {'ratio':>8} {'CPU µs plain':>14} {'ours':>8} {'ratio':>8}")
    ratios = {}
    for connections in CONNECTIONS:
        plain, ours = (figures[name, connections] for name in ("plain", "ours"))
        rates = [statistics.median(figure.rate for figure in part) for part in (plain, ours)]
        cpu_us = [statistics.median(figure.cpu_us for figure in part) for part in (plain, ours)]
        ratios[connections] = rates[1] / rates[0]
        print(
            f"{connections:>12} {rates[0]:>10.1f} {rates[1]:>10.1f} {ratios[connections]:>7.0f}x "
            f"{cpu_us[0]:>14.0f} {cpu_us[1]:>8.0f} {cpu_us[0] / cpu_us[1]:>7.0f}x"
        )
    passed = ratios[16] >= BAR
    print(f"bar: at 16 connections at least {BAR}x: {'pass' if passed else 'FAIL'}")
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
