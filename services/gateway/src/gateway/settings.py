"""Settings of gateway (prefix `GATEWAY_`)."""

from pathlib import Path

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

from chassis.settings import config
from gateway.machine_state import Patience
from gateway.retention import Retention
from gateway.store import Limits, Store
from gateway.store.engine import is_usable
from gateway.webhook_delivery import ANNOUNCED, Receiver


class GatewaySettings(BaseSettings):
    """What the doors, the writing station and the live feed need."""

    model_config = config("GATEWAY_")

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for all."""
    port: int = Field(8003, ge=0, le=65535)
    """Port of the HTTP doors."""
    metrics_port: int = Field(9003, ge=0, le=65535)
    """Port of `/metrics`."""
    prefix: str = Field("/gateway", pattern="^(/[a-z0-9-]+)+$")
    """External path of the service; no proxy rewrites it."""
    database_url: str = "sqlite:///var/gateway.sqlite3"
    """Where machines and history are kept: `sqlite:///<file>` or `postgresql+psycopg://<user>@<host>/<database>`."""
    database_password_file: Path | None = None
    """File with the password of the database's user, read at each connect; instead of a password in the URL."""
    database_statement_timeout_s: float = Field(5, ge=0.5)
    """Seconds a statement may take in PostgreSQL; a second later the connection is given up (server frozen or gone)."""
    database_lock_timeout_s: float = Field(2, ge=0.1)
    """Seconds a statement may wait for a lock in PostgreSQL."""
    database_connect_timeout_s: float = Field(3, ge=2)
    """Seconds a new connection to PostgreSQL may take."""
    database_pool: int = Field(8, ge=3, le=100)
    """Connections to PostgreSQL this process holds at most."""
    database_pool_wait_s: float = Field(1, ge=0)
    """Seconds a request may wait for a free connection before it is answered 503."""
    retention_days: int | None = Field(None, ge=1, le=3650)
    """Days for which assessments are kept, by event time. Not set: 30 in PostgreSQL, 7 in SQLite."""
    dead_letter_retention_days: int = Field(90, ge=1, le=3650)
    """Days for which dead letters are kept."""
    redrive_wait_s: float = Field(300, gt=0)
    """Seconds for which the outcome of a redriven dead letter is awaited before it may be redriven again."""
    housekeeping_s: float = Field(60, gt=0)
    """Seconds between two rounds that make the days ahead and drop what is older than the retention."""
    alarm_settle_s: float = Field(1, gt=0)
    """Seconds between two looks for machines that have fallen silent while readings of theirs wait for earlier ones."""
    webhook_url: str | None = Field(None, pattern="^https?://[^/ ]+")
    """Where other systems are told of alarms (Standard Webhooks, signed). Not set: nobody is told."""
    webhook_secret_file: Path | None = None
    """File with the shared secret: `whsec_` and base64, or a text of at least 24 bytes. Also signs work orders."""
    webhook_timeout_s: float = Field(5, gt=0, le=60)
    """Seconds the receiver may take to answer."""
    webhook_attempts: int = Field(12, ge=1, le=50)
    """Attempts until a message is given up; the pauses double from 2 s to an hour."""
    webhook_every_s: float = Field(1, gt=0)
    """Seconds between two looks for messages that are due."""
    equipment: str = Field("milling", pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")
    """Equipment of a machine whose first word could not be judged and named none."""
    max_body_bytes: int = Field(64 * 1024, ge=1_024)
    """Bytes a request body may have."""
    batch: int = Field(500, ge=1, le=1_000)
    """Records the writing station stores in one transaction."""
    watchdog_s: float = Field(120, gt=0)
    """Seconds with lag but without progress after which the process ends itself."""
    stale_after_s: float = Field(10, gt=0)
    """Seconds of silence, in event time, after which a machine is stale."""
    offline_after_s: float = Field(300, gt=0)
    """Seconds of silence, in event time, after which a machine is offline."""
    timeline_max_days: float = Field(31, gt=0)
    """Longest range that a timeline may span."""
    timeline_max_rows: int = Field(250_000, ge=1)
    """Most readings that one timeline may be made of; a range with more is refused."""
    preview_max_readings: int = Field(200_000, ge=1)
    """Most readings that a preview of a policy, or a look for a threshold, may run over; more are for a replay."""
    replay_share: float = Field(0.5, gt=0, le=1)
    """Share of one thread's time that replays may take; the rest is left to live readings and to people."""
    stream_clients: int = Field(200, ge=1)
    """Clients of the live stream this process takes; more are refused with 503."""
    stream_frame_s: float = Field(0.1, ge=0.02)
    """Seconds between frames of the live stream."""
    stream_heartbeat_s: float = Field(5, gt=0)
    """Seconds of silence on the live stream after which a comment line keeps the connection open."""
    stream_keep_s: float = Field(60, gt=0)
    """Seconds for which frames are kept for clients that resume."""
    stream_max_behind: int = Field(50, ge=1)
    """Frames a connected client may fall behind before it has to start again."""
    stream_alarms_s: float = Field(1, gt=0)
    """Seconds between two looks into the store for alarms that changed, of which the live stream tells."""
    stream_reload_s: float = Field(10, gt=0)
    """Seconds after which the live feed looks into the store for machines that came by another way."""

    @field_validator("database_url")
    @classmethod
    def _names_a_database(cls, url: str) -> str:
        if not is_usable(url):
            raise ValueError("it must begin with sqlite:/// or postgresql+psycopg://")
        return url

    @model_validator(mode="after")
    def _can_sign(self) -> "GatewaySettings":
        if self.webhook_url is not None and self.webhook_secret_file is None:
            raise ValueError("GATEWAY_WEBHOOK_URL needs GATEWAY_WEBHOOK_SECRET_FILE: nothing is sent unsigned")
        return self

    @property
    def receiver(self) -> Receiver | None:
        """Who is told of alarms."""
        if self.webhook_url is None or self.webhook_secret_file is None:
            return None
        return Receiver(self.webhook_url, self.webhook_secret_file, self.webhook_timeout_s, self.webhook_attempts)

    @property
    def patience(self) -> Patience:
        """The two times of silence together."""
        return Patience(self.stale_after_s, self.offline_after_s)

    @property
    def retention(self) -> Retention:
        """How long rows are kept. A small node with a file keeps less than a server."""
        usual = 7 if self.database_url.startswith("sqlite") else 30
        return Retention(self.retention_days or usual, self.dead_letter_retention_days)

    def store(self) -> Store:
        """The store these settings describe. Opens nothing yet."""
        limits = Limits(
            statement_s=self.database_statement_timeout_s,
            lock_s=self.database_lock_timeout_s,
            pool_wait_s=self.database_pool_wait_s,
            connect_s=self.database_connect_timeout_s,
            pool=self.database_pool,
        )
        store = Store(self.database_url, limits, self.database_password_file)
        store.announced = ANNOUNCED if self.receiver is not None else frozenset()
        return store
