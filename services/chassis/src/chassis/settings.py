"""Settings: read once from the environment in `__main__`, frozen, documented by their attribute docstrings.

A wrong value, and a variable with a service's prefix that names no setting, end the process with one sentence.
"""

import os
import ssl
import sys
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.logs import LogFormat

S = TypeVar("S", bound=BaseSettings)


def config(prefix: str) -> SettingsConfigDict:
    """The settings configuration every class uses: its own prefix, frozen, documented by attribute docstrings."""
    return SettingsConfigDict(env_prefix=prefix, frozen=True, extra="forbid", use_attribute_docstrings=True)


class LogSettings(BaseSettings):
    """The event log, embedded or Kafka (prefixes `LOG_` and `KAFKA_`)."""

    model_config = config("LOG_") | SettingsConfigDict(populate_by_name=True, validate_default=True)

    kind: Literal["embedded", "kafka"] = "embedded"
    """`embedded`: a file on this host. `kafka`: the brokers of `KAFKA_BOOTSTRAP_SERVERS`."""
    path: Path = Path("var/log.sqlite3")
    """File of the embedded event log; created when missing."""
    partitions: int = Field(3, ge=1, le=64)
    """Partitions of each topic: how many replicas can share the work. Fixed when the log or the topic is made."""
    retention_s: float = Field(7 * 86_400, gt=0)
    """Seconds after which consumed and unconsumed records are dropped; on Kafka `pm-topics` writes it to the topics."""
    window_events: int = Field(10_000, ge=1)
    """Unacknowledged events a process holds at most; more are refused with 503."""
    window_bytes: int = Field(16 * 2**20, ge=1)
    """Bytes of unacknowledged events a process holds at most."""
    delivery_timeout_s: float = Field(10, gt=0)
    """Seconds after which an unacknowledged event counts as unknown."""
    session_timeout_s: float = Field(10, gt=0)
    """Seconds after which the partitions of a consumer that died go to other members."""
    max_poll_interval_s: float = Field(60, gt=0)
    """Seconds without a poll after which a living consumer's partitions go to other members (Kafka only)."""
    bootstrap_servers: str = Field("", validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    """Addresses of brokers, `host:port` with commas between them; needed with `LOG_KIND=kafka`."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", validation_alias="KAFKA_SECURITY_PROTOCOL"
    )
    """How to talk to the brokers; SASL means SCRAM-SHA-512."""
    username: str | None = Field(None, validation_alias="KAFKA_USERNAME")
    """User of SASL."""
    password_file: Path | None = Field(None, validation_alias="KAFKA_PASSWORD_FILE")
    """File that holds the password of SASL; read at each connection."""
    ca_file: Path | None = Field(None, validation_alias="KAFKA_CA_FILE")
    """Certificates (PEM) of the authority that signed the brokers' ones; without it the system's authorities count."""
    replication_factor: int = Field(3, ge=1, le=9, validation_alias="KAFKA_REPLICATION_FACTOR")
    """Copies of each partition that `pm-topics` asks for; 1 for a single broker."""
    min_insync_replicas: int = Field(2, ge=1, le=9, validation_alias="KAFKA_MIN_INSYNC_REPLICAS")
    """Copies that must have an event before it is acknowledged; `pm-topics` writes it to the topics."""

    @field_validator("bootstrap_servers")
    @classmethod
    def _addresses(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("kind") == "kafka":
            for address in value.split(","):
                host, colon, port = address.rpartition(":")
                if not (host and colon and port.isdigit() and 0 < int(port) < 65_536):
                    raise ValueError("a Kafka log needs addresses such as kafka-1:9092,kafka-2:9092")
        return value

    @field_validator("username", "password_file")
    @classmethod
    def _login(cls, value: str | Path | None, info: ValidationInfo) -> str | Path | None:
        if value is None and str(info.data.get("security_protocol")).startswith("SASL_"):
            raise ValueError("SASL needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE")
        if isinstance(value, Path):
            _readable(value)
        return value

    @field_validator("ca_file")
    @classmethod
    def _authority(cls, value: Path | None) -> Path | None:
        if value is not None:
            _readable(value)
            try:
                ssl.create_default_context(cafile=value)
            except ssl.SSLError as error:
                raise ValueError("the file holds no certificate in PEM form") from error
        return value

    @field_validator("min_insync_replicas")
    @classmethod
    def _fewer_than_copies(cls, value: int, info: ValidationInfo) -> int:
        copies = info.data.get("replication_factor", value)
        if value > copies:
            raise ValueError(f"more than the {copies} copies of KAFKA_REPLICATION_FACTOR")
        return value


def _readable(file: Path) -> None:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from error
    if not content.strip():
        raise ValueError("the file is empty")


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
    variables = {name: variable(settings, name, field) for name, field in settings.model_fields.items()}
    for name in os.environ:
        if prefix and name.upper().startswith(prefix) and name.upper() not in variables.values():
            _refuse(f"{name} is not a setting; known are {', '.join(sorted(variables.values()))}")
    try:
        return settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        name = variables.get(name, name if name in variables.values() else f"{prefix}{name}".upper())
        message = first["msg"].removeprefix("Value error, ")
        _refuse(f"{name}={str(first['input'])[:64]!r} cannot be used: {message}")
        raise


def variable(settings: type[BaseSettings], name: str, field: FieldInfo) -> str:
    """The environment variable of a setting: its alias, else the prefix and its name."""
    alias = field.validation_alias
    return alias if isinstance(alias, str) else f"{settings.model_config['env_prefix']}{name}".upper()


def _refuse(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)


def table(settings: type[BaseSettings]) -> str:
    """A Markdown table of the settings of a class: variable, default, meaning."""
    rows = [
        f"| `{variable(settings, name, field)}` | `{field.get_default(call_default_factory=True)}` "
        f"| {field.description} |"
        for name, field in settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "| --- | --- | --- |", *rows])
