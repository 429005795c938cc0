"""What comes out of Go modules: programs, and definitions of other projects' resources."""

import json
import shutil
from pathlib import Path

from charts.tools.running import BIN, HERE, HOME, ToolMissing, run

KUBE_SCORE = "github.com/zegl/kube-score/cmd/kube-score@v1.20.0"
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
DEFINITIONS = HOME / "definitions"
DEFINITIONS_LOCK = HERE / "definitions.lock"


def install(module: str) -> None:
    """Compile a program of a module into BIN. Raises ToolMissing."""
    run("go", "install", module, env={"GOBIN": str(BIN), "GOFLAGS": "-mod=mod", "CGO_ENABLED": "0"})


def definitions() -> None:
    """Files of the modules that `definitions.lock` names: `definitions/httproute.yaml`. Raises ToolMissing."""
    DEFINITIONS.mkdir(parents=True, exist_ok=True)
    for line in DEFINITIONS_LOCK.read_text().splitlines():
        if line.startswith("#"):
            continue
        module, version, pinned, path = line.split()
        # The hash is pinned here, so no public database of hashes needs to be asked for it.
        told = json.loads(
            run("go", "mod", "download", "-json", f"{module}@{version}", cwd=HOME, env={"GONOSUMDB": "*"})
        )
        if told["Sum"] != pinned:
            raise ToolMissing(f"{module}@{version} has the hash {told['Sum']} and not {pinned}")
        kind = Path(path).stem.rsplit("_", 1)[1].removesuffix("s")
        shutil.copyfile(Path(told["Dir"], path), DEFINITIONS / f"{kind}.yaml")
