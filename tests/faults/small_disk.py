"""A file system of a few hundred megabytes that can be filled and freed, for a database that runs out of space."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.missing import ToolMissing

_CHUNK = bytes(2**20)


class SmallDisk:
    """A tmpfs at `folder`, mounted inside the `with` block. Only root may mount; see `is_possible`."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self.folder, self._mebibytes = folder, mebibytes
        self._ballast = folder / "ballast"

    @staticmethod
    def is_possible() -> bool:
        return os.geteuid() == 0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        options = f"size={self._mebibytes}m,mode=755"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)], capture_output=True, text=True
        )
        if mounted.returncode != 0:
            raise ToolMissing(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Lazily: the last processes of a killed server may hold it for a moment longer.
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True, timeout=30)

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
        self._ballast.unlink()
