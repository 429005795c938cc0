"""The documents for people, and the command blocks in them: each is executed by a test, or says why it is not."""

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    file for pattern in ("*.md", "docs/*.md", "charts/*/*.md", "deploy/*/*.md") for file in sorted(ROOT.glob(pattern))
]
# What runs a block: a server that runs, a database beside it, the renderer of the charts.
RUN = ("run: server", "run: export", "run: rendered")
BLOCK = re.compile(r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?:sh|bash|shell|console)\n(?P<text>.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    """A block of commands: where it stands, what is said before it, its text."""

    document: Path
    mark: str | None
    text: str

    @property
    def name(self) -> str:
        """How a test report calls it."""
        return f"{self.document.relative_to(ROOT)}: {self.text.splitlines()[0][:40]}"


BLOCKS = [
    Block(document, found["mark"], found["text"])
    for document in DOCUMENTS
    for found in BLOCK.finditer(document.read_text())
]


def marked(mark: str) -> list[Block]:
    """The blocks that are run in this way."""
    return [block for block in BLOCKS if block.mark == mark]


def run(commands: str, folder: Path, more: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a block as a person would type it. Fails when a command of it fails."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **(more or {})}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
