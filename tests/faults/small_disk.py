"""A file system of a few gigabytes at most that can be filled and freed, for a database that runs out of space."""

import os
import shutil
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.missing import ToolMissing

_CHUNK = bytes(2**20)


class SmallDisk:
    """A tmpfs at `folder`, mounted inside the `with` block. Only root, or who may become it, can: see `is_possible`."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self.folder, self._mebibytes = folder, mebibytes
        self._ballast = folder / "ballast"

    @staticmethod
    def is_possible() -> bool:
        """Whether we are root, or `sudo` asks for no password, as on the machines of a build service."""
        return os.geteuid() == 0 or _may_become_root()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        options = f"size={self._mebibytes}m,mode=755,uid={os.geteuid()},gid={os.getegid()}"
        mounted = _as_root("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder))
        if mounted.returncode != 0:
            raise ToolMissing(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Lazily: the last processes of a killed server may hold it for a moment longer.
        _as_root("umount", "--lazy", str(self.folder)).check_returncode()

    def fill(self) -> int:
        """Write until nothing fits any more; the bytes it took."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            for _ in range(2 * self._mebibytes):
                file.write(_CHUNK)
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            for _ in range(2 * 2**20 // 512):
                file.write(_CHUNK[:512])
        return self._ballast.stat().st_size

    def free_bytes(self) -> int:
        """What still fits."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)


def _as_root(*command: str) -> "subprocess.CompletedProcess[str]":
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return subprocess.run([*become, *command], capture_output=True, text=True, timeout=30)


@cache
def _may_become_root() -> bool:
    return shutil.which("sudo") is not None and _as_root("true").returncode == 0
