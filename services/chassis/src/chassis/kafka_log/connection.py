"""The way to the brokers: addresses, TLS, SCRAM, and the opening of clients.

Constructing a kafka-python client blocks until a broker answers and leaves threads and sockets behind when none does.
Here the wait is bounded and what is left behind is closed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient

from chassis.event_log import LogUnavailable

REQUEST_TIMEOUT_MS = 3_000
_BACKOFF_MAX_MS = 1_000  # the default of 30 s kept clients away for up to 54 s after a restart
SASL_MECHANISM = "SCRAM-SHA-512"


_client_log = logging.getLogger("kafka.net.manager")


class _Reason(logging.Handler):
    """Keeps why the latest attempt failed: the client only logs it, and raises no more than that time is over."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Bootstrap connection") and " failed: " in message:
            said = message.partition(" failed: ")[2].partition(" (backoff")[0]
            # The last attempt is cut short by the end of our patience; an earlier one knows more.
            if not self.text or "Timeout" not in said:
                self.text = said


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach the brokers. `security_protocol` is one of Kafka's four; files are read at each connection."""

    bootstrap_servers: tuple[str, ...]
    security_protocol: str = "PLAINTEXT"
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    client_id: str = "pm"

    def open(self, make: Callable[..., Any], within_s: float, **options: Any) -> Any:
        """A client made by `make`, connected; blocks for at most about `within_s` seconds.

        Raises LogUnavailable when no broker answers, the password file cannot be read or the login is refused.
        """
        left_behind: list[KafkaNetClient] = []

        def network(**configs: Any) -> KafkaNetClient:
            left_behind.append(KafkaNetClient(**configs))
            return left_behind[-1]

        reason = _Reason(logging.WARNING)
        _client_log.addHandler(reason)
        try:
            return make(kafka_client=network, bootstrap_timeout_ms=int(within_s * 1_000), **self._options(), **options)
        except (KafkaError, OSError) as error:
            for client in left_behind:
                client.close()
            said = reason.text or str(error)
            if "socket disconnected" in said:
                # All that the client says when the broker refuses a login.
                said += " (so looks a wrong user name, password or security protocol)"
            raise LogUnavailable(f"no Kafka broker at {','.join(self.bootstrap_servers)}: {said}") from error
        finally:
            _client_log.removeHandler(reason)

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "client_id": self.client_id,
            "security_protocol": self.security_protocol,
            "reconnect_backoff_max_ms": _BACKOFF_MAX_MS,
        }
        if self.ca_file is not None:
            options["ssl_cafile"] = str(self.ca_file)
        if self.security_protocol.startswith("SASL_") and self.password_file is not None:
            options["sasl_mechanism"] = SASL_MECHANISM
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        return options
