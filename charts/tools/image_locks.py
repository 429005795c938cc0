"""Writes `services/*/requirements.lock`: the part of the root lock that one image needs, hashes included.

Pins come from `requirements.lock` alone; which of them an image needs is read from the installed packages' metadata,
for Python 3.11 on Linux. Run in the project's environment: `python -m charts.tools.image_locks`; `--check` compares.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
OURS = {"pm-chassis", "pm-models", "pm-inference", "pm-ingest", "pm-gateway", "pm-standalone"}

# What a service never imports though a package of ours names it: plotting belongs to training, ingest only decodes.
_TRAINING = frozenset({"matplotlib"})
_SCORING = frozenset({"scikit-learn", "scipy", "joblib", "onnx", "onnxruntime"})
IMAGES: dict[str, tuple[str, frozenset[str]]] = {
    "services/inference/requirements.lock": ("pm-inference", _TRAINING),
    "services/ingest/requirements.lock": ("pm-ingest", _TRAINING | _SCORING),
    "services/gateway/requirements.lock": ("pm-gateway", frozenset()),
    "services/standalone/requirements.lock": ("pm-standalone", _TRAINING),
    "services/build.lock": ("hatchling", frozenset()),
}
_LINUX = {
    "python_version": "3.11",
    "python_full_version": "3.11.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


class LockGap(Exception):
    """A package that an image needs is not in the root lock, or not installed here."""


def locked_blocks(lock: str) -> dict[str, str]:
    """Canonical package name to its lines in the text of a hash lock; one name may have a pin for each marker."""
    blocks: dict[str, str] = {}
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", lock):
        if block.strip():
            name = canonicalize_name(re.split(r"[=\[;@ ]", block, maxsplit=1)[0])
            blocks[name] = blocks.get(name, "") + block
    return blocks


def needed(root: str, left_out: frozenset[str]) -> set[str]:
    """Canonical names of everything that `root` needs on Linux, without our own packages. Raises LockGap."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = [(root, frozenset[str]())]
    while queue:
        name, extras = queue.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        if name not in OURS:
            found.add(name)
        for requirement in _requirements(name, extras):
            child = canonicalize_name(requirement.name)
            if child not in left_out:
                queue.append((child, frozenset(requirement.extras)))
    return found


def _requirements(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        raise LockGap(f"{name} is not installed here; run this in the project's environment on Linux") from None
    for line in lines:
        requirement = Requirement(line)
        wanted = ("", *extras)
        if requirement.marker is None or any(requirement.marker.evaluate({**_LINUX, "extra": e}) for e in wanted):
            yield requirement


def image_lock(lock: str, root: str, left_out: frozenset[str]) -> str:
    """The text of one image's lock. Raises LockGap when the root lock lacks a package."""
    blocks = locked_blocks(lock)
    names = sorted(needed(root, left_out))
    if missing := [name for name in names if name not in blocks]:
        raise LockGap(f"requirements.lock lacks {', '.join(missing)}, which {root} needs; run `make lock`")
    return "".join(blocks[name] for name in names)


def main() -> None:
    """Write every image's lock, or with `--check` name those that differ and end with status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, end with 1 when a file is out of date")
    check = parser.parse_args().check
    lock = (ROOT / "requirements.lock").read_text()
    stale = []
    for path, (root, left_out) in IMAGES.items():
        text, file = image_lock(lock, root, left_out), ROOT / path
        if not file.is_file() or file.read_text() != text:
            stale.append(path)
            if not check:
                file.write_text(text)
    if check and stale:
        sys.exit(f"out of date: {', '.join(stale)}; run `python -m charts.tools.image_locks`")


if __name__ == "__main__":
    main()
