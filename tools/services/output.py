"""What the processes write, shown on one terminal: each line behind the name of its process."""

import sys
from collections.abc import Sequence

from tools.child import Child

_READ_BYTES = 1 << 20


class Outputs:
    """Reads the output files from where it stopped the last time."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = children
        self._offsets = dict.fromkeys((child.name for child in children), 0)
        self._width = max(len(child.name) for child in children)

    def show(self) -> None:
        """Print the whole lines that have come since; a line that is not finished waits for its end."""
        for child in self._children:
            if not child.output.exists():
                continue
            with child.output.open("rb") as output:
                output.seek(self._offsets[child.name])
                whole, end, _ = output.read(_READ_BYTES).rpartition(b"\n")
            self._offsets[child.name] += len(whole) + len(end)
            for line in whole.decode(errors="replace").splitlines():
                sys.stdout.write(f"{child.name:<{self._width}} | {line}\n")
        sys.stdout.flush()
