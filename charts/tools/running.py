"""Where the chart tools lie, and how a program is run to get one of them."""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
HOME = Path(
    os.environ.get("CHART_KIT_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "pm-charts"
)
BIN = HOME / "bin"


class ToolMissing(Exception):
    """A tool of the kit cannot be installed on this machine; the sentence says what to do."""


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """What a program prints. Raises ToolMissing when it is not there or fails."""
    program = shutil.which(str(command[0]))
    if program is None:
        raise ToolMissing(f"{command[0]} is needed and not on this machine")
    done = subprocess.run(  # noqa: S603  # programs and arguments are constants of the kit
        [program, *map(str, command[1:])], cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True
    )
    if done.returncode:
        raise ToolMissing(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-600:].strip()}")
    return done.stdout
