"""Opens the log that the settings name."""

from chassis.embedded_log import EmbeddedLog
from chassis.event_log import EventLog
from chassis.settings import LogSettings


def open_log(settings: LogSettings) -> EventLog:
    """The embedded log in the file of the settings. Raises LogError when the file is no log of ours."""
    return EmbeddedLog(
        settings.path,
        partitions=settings.partitions,
        window_events=settings.window_events,
        window_bytes=settings.window_bytes,
        delivery_timeout_s=settings.delivery_timeout_s,
        session_timeout_s=settings.session_timeout_s,
        retention_s=settings.retention_s,
    )
