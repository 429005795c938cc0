"""Builds the platform's images from their Dockerfiles with the cluster kit and loads them into its node.

`python -m tests.cluster.images [NAME ...]` does it by hand; the kit is `../shared/cluster/cluster` or CLUSTER_KIT.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KIT = Path(os.environ.get("CLUSTER_KIT") or ROOT.parent / "shared/cluster/cluster")
TAG = "test"
DOCKERFILES = {
    "pm-inference": "services/inference/Dockerfile",
    "pm-ingest": "services/ingest/Dockerfile",
    "pm-gateway": "services/gateway/Dockerfile",
    "pm-web": "web/Dockerfile",
    "pm-standalone": "services/standalone/Dockerfile",
}


def kit(*arguments: str | Path, timeout_s: float = 1_800) -> str:
    """Run the cluster kit and return what it prints. Raises CalledProcessError with its output."""
    done = subprocess.run([KIT, *arguments], capture_output=True, text=True, timeout=timeout_s)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout[-4_000:], done.stderr[-4_000:])
    return done.stdout


def reference(name: str) -> str:
    """The image's name in the cluster."""
    return f"pm.local/{name}:{TAG}"


def build(name: str) -> None:
    """Build one image from its Dockerfile, as a person with Docker would."""
    if "/library/node:" in (ROOT / DOCKERFILES[name]).read_text():
        _node_image()
    kit("build", ROOT, reference(name), ROOT / DOCKERFILES[name], "--ignorefile", ROOT / ".dockerignore")


def load(name: str) -> None:
    """Bring a built image into the node of the running cluster."""
    kit("load", reference(name))


def _node_image() -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node is not None, "building the web application needs Node"
    assert npm is not None, "building the web application needs npm"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(node, folder)
        shutil.copytree(Path(npm).resolve().parents[1], Path(folder, "npm"), symlinks=True)
        shutil.copy(ROOT / "tests/cluster/node-image/Dockerfile", folder)
        kit("build", Path(folder), "docker.io/library/node:22-slim")


def main() -> None:
    """Build the named images, or all, and load them where a cluster is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*DOCKERFILES, []])
    parser.add_argument("--no-load", action="store_true", help="build only")
    options = parser.parse_args()
    for name in options.names or DOCKERFILES:
        print(name, flush=True)
        build(name)
        if not options.no_load:
            load(name)


if __name__ == "__main__":
    main()
