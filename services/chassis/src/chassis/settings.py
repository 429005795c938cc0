"""Settings: read once from the environment in `__main__`, frozen, documented by their attribute docstrings.

A wrong value, and a variable with a service's prefix that names no setting, end the process with one sentence.
"""

import os
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.logs import LogFormat

S = TypeVar("S", bound=BaseSettings)


def config(prefix: str) -> SettingsConfigDict:
    """The settings configuration every class uses: its own prefix, frozen, documented by attribute docstrings."""
    return SettingsConfigDict(env_prefix=prefix, frozen=True, extra="forbid", use_attribute_docstrings=True)


class LogSettings(BaseSettings):
    """The embedded event log (prefix `LOG_`)."""

    model_config = config("LOG_")

    path: Path = Path("var/log.sqlite3")
    """File of the embedded event log; created when missing."""
    partitions: int = Field(3, ge=1, le=64)
    """Partitions of each topic. Fixed when the file is made."""
    retention_s: float = Field(7 * 86_400, gt=0)
    """Seconds after which consumed and unconsumed records are dropped."""
    window_events: int = Field(10_000, ge=1)
    """Unacknowledged events a process holds at most; more are refused with 503."""
    window_bytes: int = Field(16 * 2**20, ge=1)
    """Bytes of unacknowledged events a process holds at most."""
    delivery_timeout_s: float = Field(10, gt=0)
    """Seconds after which an unacknowledged event counts as unknown."""
    session_timeout_s: float = Field(10, gt=0)
    """Seconds without a poll after which a consumer's partitions go to other members."""


class ProcessSettings(BaseSettings):
    """What every process has (prefix `PM_`)."""

    model_config = config("PM_")

    log_format: LogFormat = "json"
    """`json` for machines, `text` for a person at a terminal."""
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    """Least severe level that is logged."""


def load(settings: type[S]) -> S:
    """The settings from the environment; ends the process with one sentence and status 2 when they are wrong."""
    prefix = settings.model_config["env_prefix"]
    known = {f"{prefix}{name}".upper() for name in settings.model_fields}
    for name in os.environ:
        if prefix and name.upper().startswith(prefix) and name.upper() not in known:
            _refuse(f"{name} is not a setting; known are {', '.join(sorted(known))}")
    try:
        return settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{prefix}{'_'.join(str(part) for part in first['loc'])}".upper()
        _refuse(f"{name}={str(first['input'])[:64]!r} cannot be used: {first['msg']}")
        raise


def _refuse(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)


def table(settings: type[BaseSettings]) -> str:
    """A Markdown table of the settings of a class: variable, default, meaning."""
    prefix = settings.model_config["env_prefix"]
    rows = [
        f"| `{f'{prefix}{name}'.upper()}` | `{field.get_default(call_default_factory=True)}` | {field.description} |"
        for name, field in settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "| --- | --- | --- |", *rows])
