"""Logs: one JSON object per line on standard error, with the trace id of the request or record it belongs to.

The event is a constant string; data goes into `extra`. INFO: state changed. WARNING: degraded. ERROR: a person should
look. Nothing is logged per record or per request.
"""

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any, Literal

from opentelemetry import trace

LogFormat = Literal["json", "text"]
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


class JsonFormatter(logging.Formatter):
    """Renders a log record as one line of JSON; values that are not JSON become their text."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            "service": self.service,
        }
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["trace_id"] = trace.format_trace_id(context.trace_id)
            line["span_id"] = trace.format_span_id(context.span_id)
        line.update({name: value for name, value in record.__dict__.items() if name not in _STANDARD})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """For a person at a terminal: time, level, event, then the data as `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        data = " ".join(f"{name}={value}" for name, value in record.__dict__.items() if name not in _STANDARD)
        line = f"{time} {record.levelname.lower():7} {record.getMessage()}  {data}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure(service: str, log_format: LogFormat = "json", level: str = "INFO") -> None:
    """Set up the root logger of this process. Uvicorn's access log stays off: requests are metrics and traces."""
    formatter: dict[str, Any] = (
        {"()": JsonFormatter, "service": service} if log_format == "json" else {"()": TextFormatter}
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
                "nowhere": {"class": "logging.NullHandler"},
            },
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "uvicorn": {"handlers": [], "level": "WARNING", "propagate": True},
                "uvicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
                "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
                "alembic": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},
                # An absent broker is a warning a second of the client's; the log says it itself, once for each change.
                "kafka": {"level": "CRITICAL"},
                # The Kafka log listens to this one for the reason of a failed connection.
                "kafka.net.manager": {"level": "WARNING", "handlers": ["nowhere"], "propagate": False},
            },
        }
    )
