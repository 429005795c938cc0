"""The platform's images in the cluster: built from their Dockerfiles with the cluster kit, or taken from a registry.

`python -m tests.cluster.images [NAME ...]` does by hand what the tests do. The kit is `../shared/cluster/cluster` or
CLUSTER_KIT. With PM_REGISTRY and PM_TAG nothing is built: the nodes pull the images, the stand-ins too, from there.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tools.kafka.distribution import HERE as KAFKA
from tools.kafka.distribution import jars

ROOT = Path(__file__).resolve().parents[2]
KIT = Path(os.environ.get("CLUSTER_KIT") or ROOT.parent / "shared/cluster/cluster")
DOCKERFILES = {
    "pm-inference": "services/inference/Dockerfile",
    "pm-ingest": "services/ingest/Dockerfile",
    "pm-gateway": "services/gateway/Dockerfile",
    "pm-web": "web/Dockerfile",
    "pm-standalone": "services/standalone/Dockerfile",
}
# Public images of others that no registry gives here, made from packages and Maven artifacts.
STAND_INS = {"kafka-stand-in": ROOT / "tests/compose/kafka", "postgres-stand-in": ROOT / "tests/compose/postgres"}
NAMES = (*DOCKERFILES, *STAND_INS)
_MADE_OF = ("services", "models/src", "models/pyproject.toml", "models/artifacts/milling", "web", ".dockerignore")
_NOT_OF = {"tests", "node_modules", "dist", "e2e", "__pycache__"}
_SETUP_WITHIN_S = 3_600  # compiles Kubernetes the first time
_LOAD_TRIES = 5
_BROKEN_PIPE = 141


def _sources() -> Iterator[Path]:
    yield from (KAFKA / "pom.xml", KAFKA / "log4j2.properties", ROOT / "tests/cluster/node-image/Dockerfile")
    for own in STAND_INS.values():
        yield from own.iterdir()
    for start in map(ROOT.joinpath, _MADE_OF):
        if start.is_file():
            yield start
        for folder, folders, files in os.walk(start):
            folders[:] = [
                name for name in folders if name not in _NOT_OF and not name.endswith((".egg-info", "_cache"))
            ]
            yield from (Path(folder, file) for file in files)


def _digest() -> str:
    """A digest of everything that the images are made of."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


# Whether the nodes take the images from a registry, so that nothing is built here.
ARE_GIVEN = "PM_REGISTRY" in os.environ
REGISTRY = os.environ.get("PM_REGISTRY", "pm.local")
TAG = os.environ["PM_TAG"] if ARE_GIVEN else _digest()


def reference(name: str) -> str:
    """The image's name in the cluster."""
    return f"{REGISTRY}/{name}:{TAG}"


def kit(*arguments: str | Path, timeout_s: float = 1_800) -> str:
    """Run the cluster kit and return what it prints. Raises CalledProcessError with its output."""
    done = subprocess.run([KIT, *arguments], capture_output=True, text=True, timeout=timeout_s)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout[-4_000:], done.stderr[-4_000:])
    return done.stdout


def set_up() -> None:
    """Make the kit ready for a cluster: about 20 minutes the first time, a second afterwards."""
    kit("setup", timeout_s=_SETUP_WITHIN_S)


@cache
def _built() -> frozenset[str]:
    """The names of the images that are built already, the kit's base images among them."""
    lines = [line.split() for line in kit("base-images").splitlines()]
    return frozenset(f"{words[0]}:{words[1]}" for words in lines if len(words) > 2)


def build(name: str) -> None:
    """Build one image unless it is built from the same files already."""
    if reference(name) in _built():
        return
    if name in STAND_INS:
        more = {"jars": jars(), "log4j2.properties": KAFKA / "log4j2.properties"} if name == "kafka-stand-in" else {}
        _build_stand_in(name, STAND_INS[name], more)
        return
    dockerfile = ROOT / DOCKERFILES[name]
    if "/library/node:" in dockerfile.read_text():
        _node_image()
    _build(ROOT, reference(name), dockerfile, "--ignorefile", ROOT / ".dockerignore")


def _build(context: Path, image: str, dockerfile: Path, *options: str | Path) -> None:
    """Build an image that has this name only: the kit loads by the first of its names, which may be an older tag."""
    kit("build", context, image, dockerfile, "--label", f"org.opencontainers.image.ref.name={image}", *options)


def load(name: str) -> None:
    """Bring a built image into the node of the kit's running cluster. Raises CalledProcessError."""
    _load(reference(name))


def _load(image: str) -> None:
    for tries_left in reversed(range(_LOAD_TRIES)):
        try:
            kit("load", image)
        except subprocess.CalledProcessError as error:
            # The kit reads only the first of an image's names and then sometimes trips over the pipe that it closed.
            if error.returncode != _BROKEN_PIPE or not tries_left:
                raise
        else:
            return


def derive(suffix: str, name: str, files: Path) -> str:
    """An image with the folder `files` laid over one of ours, in the node; returns its tag. Needs the kit."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(files, folder, dirs_exist_ok=True)
        Path(folder, "Dockerfile").write_text(f"FROM {reference(name)}\nCOPY . /\n")
        _build(Path(folder), f"{reference(name)}-{suffix}", Path(folder, "Dockerfile"))
    _load(f"{reference(name)}-{suffix}")
    return f"{TAG}-{suffix}"


@cache
def _node_image() -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node is not None, "building the web application needs Node"
    assert npm is not None, "building the web application needs npm"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(node, folder)
        shutil.copytree(Path(npm).resolve().parents[1], Path(folder, "npm"), symlinks=True)
        shutil.copy(ROOT / "tests/cluster/node-image/Dockerfile", folder)
        kit("build", Path(folder), "docker.io/library/node:22-slim")


def _build_stand_in(name: str, folder: Path, more: Mapping[str, Path]) -> None:
    with tempfile.TemporaryDirectory() as context:
        shutil.copytree(folder, context, dirs_exist_ok=True)
        for target, source in more.items():
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(context, target))
        _build(Path(context), reference(name), Path(context, "Dockerfile"), *_package_sources(Path(context)))


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


def main() -> None:
    """Build the named images, or all, and load them where the kit's cluster is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []])
    parser.add_argument("--no-load", action="store_true", help="build only")
    options = parser.parse_args()
    set_up()
    for name in options.names or NAMES:
        print(reference(name), flush=True)
        build(name)
        if not options.no_load:
            load(name)


if __name__ == "__main__":
    main()
