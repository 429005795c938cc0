"""The broker's jars: copied by Maven into the user's cache folder once, and again when the pom changes."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tools.missing import ToolMissing

HERE = Path(__file__).parent
JAVA_AT_LEAST = 17
_FETCH_WITHIN_S = 300


@cache
def java() -> str:
    """Path of a Java that can run the broker. Raises ToolMissing."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if found is None:
        raise ToolMissing(f"Kafka needs Java {JAVA_AT_LEAST} or newer (Debian: openjdk-17-jre-headless)")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, timeout=60).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < JAVA_AT_LEAST:
        raise ToolMissing(f"Kafka needs Java {JAVA_AT_LEAST} or newer; {found} is {told.splitlines()[:1]}")
    return found


@cache
def jars() -> Path:
    """Folder of the broker's jars. Raises ToolMissing when Maven is needed and missing, or cannot fetch them."""
    digest = hashlib.sha256((HERE / "pom.xml").read_bytes()).hexdigest()[:12]
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "predictive-maintenance"
    folder = cache_home / f"kafka-{digest}"
    if not folder.exists():
        cache_home.mkdir(parents=True, exist_ok=True)
        with (cache_home / "kafka.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ToolMissing("Kafka's jars are fetched once by Maven, which is not installed (Debian: maven)")
    with tempfile.TemporaryDirectory(dir=folder.parent) as half:
        command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        told = subprocess.run(
            [*command, f"-DoutputDirectory={half}/jars"], capture_output=True, text=True, timeout=_FETCH_WITHIN_S
        )
        if told.returncode != 0:
            raise ToolMissing(f"Maven could not fetch Kafka's jars:\n{(told.stdout + told.stderr)[-2000:]}")
        Path(half, "jars").rename(folder)
