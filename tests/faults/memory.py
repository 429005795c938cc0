"""Processes whose memory the kernel limits (cgroup version 1), for one that is to run out of it. Root only."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_ROOT = Path("/sys/fs/cgroup/memory")
_STEP = 2**20


class MemoryGroup:
    """A context manager; the processes in it must be gone when it ends."""

    def __init__(self) -> None:
        self._folder = _ROOT / f"pm-faults-{secrets.token_hex(4)}"

    @staticmethod
    def is_possible() -> bool:
        """Whether we are root and the kernel accounts memory in this way."""
        return os.geteuid() == 0 and (_ROOT / "memory.limit_in_bytes").exists()

    def __enter__(self) -> Self:
        self._folder.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.rmdir()

    def take(self, pid: int) -> None:
        """What the process takes from now on counts."""
        (self._folder / "cgroup.procs").write_text(str(pid))

    def used(self) -> int:
        """Bytes that count."""
        return int((self._folder / "memory.usage_in_bytes").read_text())

    def exhaust(self) -> int:
        """Leave nothing beyond what is used: the next page is one too much. The limit in bytes."""
        limit = self.used() + _STEP
        with suppress(OSError):  # busy: the kernel cannot make it any smaller without ending somebody
            while limit > _STEP:
                (self._folder / "memory.limit_in_bytes").write_text(str(limit))
                limit -= _STEP // 8
        return limit

    def kills(self) -> int:
        """Processes of the group that the kernel ended for lack of memory."""
        said = dict(line.split() for line in (self._folder / "memory.oom_control").read_text().splitlines())
        return int(said["oom_kill"])
