"""Finds a Chromium and runs the web application's end-to-end scripts against a running server."""

import os
import shutil
import subprocess

from tests.server import ROOT
from tools.lacking import skip_or_fail

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    """The path of a Chromium; without one the test is skipped on a laptop and fails in CI."""
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        skip_or_fail("no Chromium on this machine: install it or set CHROMIUM=/path/to/it")
    return found


def run_script(name: str, url: str, timeout_s: float, *words: str) -> str:
    """Run `web/e2e/<name> <words>` against the server at `url`; its output. Fails the test when the script does."""
    environment = os.environ | {"BASE_URL": url, "CHROMIUM": chromium()}
    done = subprocess.run(
        ["node", f"e2e/{name}", *words],
        cwd=ROOT / "web",
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    print(done.stdout)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout
