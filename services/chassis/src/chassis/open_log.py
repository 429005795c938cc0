"""Opens the log that the settings name."""

from chassis.embedded_log import EmbeddedLog
from chassis.event_log import EventLog
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.log import KafkaLog
from chassis.settings import LogSettings


def open_log(settings: LogSettings) -> EventLog:
    """The Kafka log of the settings, without reaching for a broker, or the embedded one in the file they name.

    Raises LogError when that file is no log of ours.
    """
    if settings.kind == "kafka":
        return KafkaLog(
            connection(settings),
            window_events=settings.window_events,
            window_bytes=settings.window_bytes,
            delivery_timeout_s=settings.delivery_timeout_s,
            session_timeout_s=settings.session_timeout_s,
            max_poll_interval_s=settings.max_poll_interval_s,
        )
    return EmbeddedLog(
        settings.path,
        partitions=settings.partitions,
        window_events=settings.window_events,
        window_bytes=settings.window_bytes,
        delivery_timeout_s=settings.delivery_timeout_s,
        session_timeout_s=settings.session_timeout_s,
        retention_s=settings.retention_s,
    )


def connection(settings: LogSettings) -> Connection:
    """The way to the brokers of the settings."""
    return Connection(
        tuple(settings.bootstrap_servers.split(",")),
        security_protocol=settings.security_protocol,
        username=settings.username,
        password_file=settings.password_file,
        ca_file=settings.ca_file,
    )
