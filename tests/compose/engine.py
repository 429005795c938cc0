"""A Docker engine with our images and the stand-ins in it, and one Compose project on it."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cluster.images import KIT, ROOT, TAG, build, kit, reference
from tools.kafka.distribution import HERE as KAFKA
from tools.kafka.distribution import jars
from tools.ports import free_port

ENGINE = KIT.parent / "engine"
OURS = ("pm-inference", "pm-ingest", "pm-gateway", "pm-web")
NGINX = "docker.io/nginxinc/nginx-unprivileged:stable"
_HERE = Path(__file__).parent


def environment() -> dict[str, str]:
    """The running engine's variables; starts it when it is not up. Raises CalledProcessError."""
    subprocess.run([ENGINE, "setup"], check=True, capture_output=True, text=True, timeout=1_200)
    told = subprocess.run([ENGINE, "up"], check=True, capture_output=True, text=True, timeout=120).stdout
    return dict(word.split("=", 1) for word in told.split() if "=" in word)


def load(*names: str) -> None:
    """Bring built images into the engine."""
    subprocess.run([ENGINE, "load", *names], check=True, capture_output=True, text=True, timeout=600)


def build_all() -> None:
    """Every image that compose.yaml names, ours from their Dockerfiles, and into the engine with them."""
    kit("base-images")
    for name in OURS:
        build(name)
    _stand_in("kafka-stand-in", _HERE / "kafka", {"jars": jars(), "log4j2.properties": KAFKA / "log4j2.properties"})
    _stand_in("postgres-stand-in", _HERE / "postgres", {})
    load(NGINX, *(reference(name) for name in (*OURS, "kafka-stand-in", "postgres-stand-in")))


def _stand_in(name: str, folder: Path, more: Mapping[str, Path]) -> None:
    with tempfile.TemporaryDirectory() as context:
        shutil.copytree(folder, context, dirs_exist_ok=True)
        for target, source in more.items():
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(context, target))
        kit("build", Path(context), reference(name), Path(context, "Dockerfile"), *_package_sources(Path(context)))


def _package_sources(folder: Path) -> list[str]:
    """Mounts with which apt-get in a build finds the packages that this machine finds."""
    said = [line for file in Path("/etc/apt/apt.conf.d").iterdir() for line in file.read_text().splitlines()]
    options = folder / "99build"
    options.write_text("\n".join(line for line in said if line.startswith("Acquire::")) + "\n")
    mounts = [f"{options}:/etc/apt/apt.conf.d/99build:ro"]
    for path in ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"):
        if Path(path).is_file():
            mounts.append(f"{path}:{path}:ro")
    return [word for mount in mounts for word in ("--volume", mount)]


class Project:
    """`docker compose` on the project, with published ports that are free here."""

    def __init__(self, engine: Mapping[str, str], name: str) -> None:
        self.port, self.kafka_port, self.database_port = free_port(), free_port(), free_port()
        self._environment = {
            **os.environ,
            **engine,
            "PM_REGISTRY": "pm.local",
            "PM_TAG": TAG,
            "PM_ADDRESS": "127.0.0.1",
            "PM_PORT": str(self.port),
            "TEST_KAFKA_PORT": str(self.kafka_port),
            "TEST_DATABASE_PORT": str(self.database_port),
        }
        self._name = name
        self.url = f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, timeout_s: float = 300) -> str:
        """What a compose command prints. Raises AssertionError with what it complains about."""
        files = ["-f", str(ROOT / "compose.yaml"), "-f", str(_HERE / "compose.test.yaml")]
        command = ["docker", "compose", "-p", self._name, *files, *arguments]
        return self._run(command, timeout_s)

    def docker(self, *arguments: str) -> str:
        """What a docker command prints. Raises AssertionError with what it complains about."""
        return self._run(["docker", *arguments], 120)

    def _run(self, command: list[str], timeout_s: float) -> str:
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=timeout_s, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-1_000:]}{done.stderr[-3_000:]}"
        return done.stdout

    def up(self, *services: str) -> None:
        """Bring services, or all, up and wait until they are healthy."""
        self.compose("up", "-d", "--no-build", "--wait", "--wait-timeout", "180", *services)

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        identity = self.compose("ps", "-a", "-q", service).strip()
        [found] = json.loads(self.docker("inspect", identity))
        return dict(found)

    def database_url(self) -> str:
        """SQLAlchemy's address of the project's database, with the password that the first start made."""
        password = self.compose("exec", "-T", "database", "cat", "/run/keys/database").strip()
        return f"postgresql+psycopg://platform:{password}@127.0.0.1:{self.database_port}/platform"

    def down(self) -> None:
        """Remove containers, networks and volumes."""
        self.compose("down", "--volumes", "--timeout", "20")
