"""A Docker engine with our images and the stand-ins in it, and one Compose project on it."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.cluster.images import DOCKERFILES, KIT, REGISTRY, ROOT, STAND_INS, TAG, build, reference
from tools.ports import free_port

ENGINE = KIT.parent / "engine"
OURS = ("pm-inference", "pm-ingest", "pm-gateway", "pm-web")
NGINX = "docker.io/nginxinc/nginx-unprivileged:stable"
_HERE = Path(__file__).parent


class OwnEngine:
    """A context manager: this machine's Docker. It was there before and stays; public images can be pulled."""

    stand_ins = False

    def __init__(self) -> None:
        self.environment: Mapping[str, str] = {}

    @staticmethod
    def exists() -> bool:
        """Docker runs here, and Compose is there."""
        if shutil.which("docker") is None:
            return False
        asked = (["docker", "info"], ["docker", "compose", "version"])
        return all(subprocess.run(each, capture_output=True, timeout=60).returncode == 0 for each in asked)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def provide(self, *names: str) -> None:
        """Build images of ours from their Dockerfiles."""
        for name in names:
            _run(["docker", "build", "-f", str(ROOT / DOCKERFILES[name]), "-t", reference(name), str(ROOT)], 1_800)

    def provide_public(self) -> None:
        """Nothing to do: Compose pulls them."""


class KitEngine:
    """A context manager: the cluster kit's engine runs inside of it, and afterwards only if it was up before."""

    stand_ins = True

    @staticmethod
    def exists() -> bool:
        """The kit is there."""
        return ENGINE.is_file()

    def __enter__(self) -> Self:
        self._engine("setup", timeout_s=1_200)
        exports = self._engine("env")
        self.environment = dict(word.split("=", 1) for word in exports.split() if "=" in word)
        asked = subprocess.run(
            ["docker", "info"], env={**os.environ, **self.environment}, capture_output=True, timeout=60
        )
        self._was_up = asked.returncode == 0
        if not self._was_up:
            self._engine("up")
        return self

    def __exit__(self, *_: object) -> None:
        if not self._was_up:
            self._engine("down")

    def provide(self, *names: str) -> None:
        """Build images of ours from their Dockerfiles, and bring them in."""
        for name in names:
            build(name)
            self._engine("load", reference(name))

    def provide_public(self) -> None:
        """Bring in look-alikes, built from packages, of the public images."""
        self.provide(*STAND_INS)
        self._engine("load", NGINX)

    def _engine(self, *arguments: str, timeout_s: float = 600) -> str:
        return _run([str(ENGINE), *arguments], timeout_s)


Engine = OwnEngine | KitEngine


def docker(engine: Engine, *arguments: str) -> str:
    """What a docker command on this engine prints. Raises AssertionError with what it complains about."""
    return _run(["docker", *arguments], 120, {**os.environ, **engine.environment})


def _run(command: Sequence[str], timeout_s: float, environment: Mapping[str, str] | None = None) -> str:
    """What a command prints. Raises AssertionError with what it complains about."""
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=timeout_s, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-1_000:]}{done.stderr[-3_000:]}"
    return done.stdout


class Project:
    """`docker compose` on the project, with published ports that are free here."""

    def __init__(self, name: str, engine: Engine) -> None:
        self._engine = engine
        self.port, self.kafka_port, self.database_port = free_port(), free_port(), free_port()
        self._environment = {
            **os.environ,
            **engine.environment,
            "PM_REGISTRY": REGISTRY,
            "PM_TAG": TAG,
            "PM_ADDRESS": "127.0.0.1",
            "PM_PORT": str(self.port),
            "TEST_KAFKA_PORT": str(self.kafka_port),
            "TEST_DATABASE_PORT": str(self.database_port),
        }
        files = [ROOT / "compose.yaml", _HERE / "probe.yaml"]
        if engine.stand_ins:
            files.append(_HERE / "stand-ins.yaml")
        self._compose = ["docker", "compose", "-p", name, *(word for file in files for word in ("-f", str(file)))]
        self.url = f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, timeout_s: float = 300) -> str:
        """What a compose command prints. Raises AssertionError with what it complains about."""
        return _run([*self._compose, *arguments], timeout_s, self._environment)

    def up(self, *services: str) -> None:
        """Bring services, or all, up and wait until they are healthy. Raises AssertionError with what they logged."""
        try:
            self.compose("up", "-d", "--no-build", "--wait", "--wait-timeout", "180", *services)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.compose('logs', '--tail', '20')}") from error

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        identity = self.compose("ps", "-a", "-q", service).strip()
        [found] = json.loads(docker(self._engine, "inspect", identity))
        return dict(found)

    def crash(self, service: str) -> None:
        """SIGKILL to every process of a container, from inside: its engine did not ask for that and must notice."""
        user = ["--user", "postgres"] if service == "database" else []
        command = ["exec", "-T", *user, service, "bash", "-c", "kill -KILL -1"]
        # The container takes this command with it, so its status says nothing.
        subprocess.run([*self._compose, *command], env=self._environment, capture_output=True, timeout=60)

    def database_url(self) -> str:
        """SQLAlchemy's address of the project's database, with the password that the first start made."""
        password = self.compose("exec", "-T", "database", "cat", "/run/keys/database").strip()
        return f"postgresql+psycopg://platform:{password}@127.0.0.1:{self.database_port}/platform"

    def down(self) -> None:
        """Remove containers, networks and volumes."""
        self.compose("down", "--volumes", "--timeout", "20")
