"""HTTP requests per second of `/api/predict` against a plain FastAPI + scikit-learn server, side by side.

Both servers run at once on core 0, the load (wrk) on core 1; they are visited in turn and medians are compared, so
that a noisy machine hits both alike. Usage: python benchmarks/http_predict.py [--rounds N]
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
from pathlib import Path

HERE = Path(__file__).parent
CONNECTIONS = (1, 16, 64)
BAR = 50


def main() -> int:
    """Measure and print one table; the exit code is 1 when a request failed or the bar is missed."""
    options = _options()
    if (wrk := shutil.which("wrk")) is None:
        print("wrk is needed to make the load: apt-get install wrk", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        plain = stack.enter_context(_server([sys.executable, str(HERE / "plain_server.py"), str(options.artifact)]))
        ours = stack.enter_context(_server([sys.executable, "-m", "inference", "serve"], options.artifact))
        figures: dict[tuple[str, int], list[float]] = {}
        for _ in range(options.rounds):
            for connections in CONNECTIONS:
                for name, port in (("plain", plain), ("ours", ours)):
                    rate = _load(wrk, port, connections, options.seconds)
                    figures.setdefault((name, connections), []).append(rate)
    return _report(figures, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", type=Path, default=Path("models/artifacts/milling"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    return parser.parse_args()


@contextmanager
def _server(command: list[str], artifact: Path | None = None) -> Iterator[int]:
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
        yield port
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


def _load(wrk: str, port: int, connections: int, seconds: int) -> float:
    """Requests per second; any answer other than 2xx ends the run, because then the figure would mean nothing."""
    url = f"http://127.0.0.1:{port}/api/predict"
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
    output = subprocess.run(_pinned(1, command), check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"requests failed:\n{output}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if match is None:
        raise SystemExit(f"wrk printed no rate:\n{output}")
    return float(match[1])


def _pinned(core: int, command: list[str]) -> list[str]:
    return ["taskset", "-c", str(core), *command] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else command


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _report(figures: dict[tuple[str, int], list[float]], options: argparse.Namespace) -> int:
    print(f"POST /api/predict, requests per second, median of {options.rounds} rounds of {options.seconds} s")
    print(f"{'connections':>12} {'plain':>10} {'ours':>10} {'ratio':>8}")
    ratios = {}
    for connections in CONNECTIONS:
        plain, ours = (statistics.median(figures[name, connections]) for name in ("plain", "ours"))
        ratios[connections] = ours / plain
        print(f"{connections:>12} {plain:>10.1f} {ours:>10.1f} {ratios[connections]:>7.0f}x")
    passed = ratios[16] >= BAR
    print(f"bar: at 16 connections at least {BAR}x: {'pass' if passed else 'FAIL'}")
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
