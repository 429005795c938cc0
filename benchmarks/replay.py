"""What a replay costs the live readings: seconds from receipt to the row, without and with a replay under way.

One standalone server with a fleet that reports once a second. First nothing but the fleet, then the same while its
history is run again through the live model, over and over.

Usage: python -m benchmarks.replay [--machines N] [--seconds S]
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.server import Standalone, poll_until

_MODEL_WITHIN_S = 60


def main() -> None:
    """Measure, print both lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60, help="of each measurement")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Standalone(Path(folder), fleet=options.machines)
        server.start()
        try:
            _measure(server, options.seconds)
        finally:
            server.end()


def _measure(server: Standalone, seconds: float) -> None:
    with httpx.Client(base_url=f"{server.url}/gateway", timeout=30) as gateway:
        models = poll_until(lambda: gateway.get("/models").json()["models"], _MODEL_WITHIN_S, "a model is told of")
        since = time.time()
        time.sleep(seconds)
        _print("live alone", server, since, time.time())
        since, replayed = time.time(), 0
        while time.time() < since + seconds:
            replayed += _replay(gateway, models[0]["digest"], since + seconds)
        _print("with replay", server, since, time.time())
        print(f"{replayed / (time.time() - since):,.0f} readings/s replayed")


def _replay(gateway: httpx.Client, model: str, until: float) -> int:
    """Run everything again; how many readings were scored by `until`."""
    now = datetime.now(UTC)
    asked = {"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat(), "model": model, "actor": "bench"}
    path = f"/replays/{gateway.post('/replays', json=asked).raise_for_status().json()['replay_id']}"
    while (found := gateway.get(path).json())["state"] in ("queued", "running") and time.time() < until:
        time.sleep(0.5)
    if found["state"] != "done":
        gateway.post(f"{path}/cancel")
    return int(found["scored"])


def _print(name: str, server: Standalone, since: float, until: float) -> None:
    with closing(sqlite3.connect(server.state / "gateway.sqlite3")) as database:
        query = "SELECT (stored_at - received_at) / 1e3 FROM assessments WHERE stored_at BETWEEN ? AND ? ORDER BY 1"
        waits = [wait for (wait,) in database.execute(query, (since * 1e6, until * 1e6))]
    at = {share: waits[int(share * (len(waits) - 1))] for share in (0.5, 0.95, 0.99)}
    figures = "   ".join(f"p{share * 100:.0f} {wait:>6.0f} ms" for share, wait in at.items())
    print(f"{name:<12} {len(waits):>7,} readings   {figures}")


if __name__ == "__main__":
    main()
