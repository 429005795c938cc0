"""The tables of replays, beside those of the live alarms: nothing of a replay ever touches a live row."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from gateway.store.schema import metadata, name

replays = Table(
    "replays",
    metadata,
    Column("id", name(32), primary_key=True),
    Column("equipment", name(64), nullable=False),
    # queued, running, done, cancelled, failed
    Column("state", name(16), nullable=False),
    Column("from_at", BigInteger, nullable=False),
    Column("to_at", BigInteger, nullable=False),
    # Where the histories begin: before `from_at`, so that timers stand as they would have stood.
    Column("start_at", BigInteger, nullable=False),
    # Empty: the scores that are stored.
    Column("model", name(128), nullable=False),
    # 0: a draft that no version has.
    Column("policy_version", Integer, nullable=False),
    Column("policy_digest", name(80), nullable=False),
    Column("policy", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    # Wall clock, like `changed_at` and `leased_until`.
    Column("asked_by", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    # The gateway that works on it, and until when nobody else does.
    Column("owner", name(64)),
    Column("leased_until", BigInteger),
    Column("error", Text),
    Column("result", LargeBinary),
    Index(None, "state", "asked_at"),
    Index(None, "asked_at", "id"),
)

replay_machines = Table(
    "replay_machines",
    metadata,
    Column("replay_id", name(32), nullable=False),
    Column("machine_id", name(64), nullable=False),
    # waiting, published (another model has all readings), done
    Column("stage", name(16), nullable=False),
    # The end of the live history when the replay was asked for.
    Column("end_at", BigInteger, nullable=False),
    Column("end_event_id", name(128), nullable=False),
    # How far the readings have been published.
    Column("sent_at", BigInteger),
    Column("sent_event_id", name(128), nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("scored", BigInteger, nullable=False),
    # How far the state machine has come.
    Column("line", LargeBinary),
    Column("readings", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    PrimaryKeyConstraint("replay_id", "machine_id"),
    Index(None, "replay_id", "stage", "machine_id"),
)

# Scores of another model, until the state machine has taken them.
replay_readings = Table(
    "replay_readings",
    metadata,
    # The replay's id, a slash, and the event id.
    Column("id", name(128), primary_key=True),
    Column("replay_id", name(32), nullable=False),
    Column("machine_id", name(64), nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    Column("event_id", name(64), nullable=False),
    Column("observation", LargeBinary, nullable=False),
    Index(None, "replay_id", "machine_id", "observed_at", "event_id"),
)

# As `alarm_events`.
replay_events = Table(
    "replay_events",
    metadata,
    Column("replay_id", name(32), nullable=False),
    Column("machine_id", name(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("replay_id", "machine_id", "seq"),
)

# The models that inference has said it can score with: its cards, the newest answer to a roll call.
models = Table(
    "models",
    metadata,
    Column("digest", name(128), primary_key=True),
    Column("equipment", name(64), nullable=False),
    Column("version", name(128), nullable=False),
    Column("is_live", Boolean, nullable=False),
    # Wall clock.
    Column("told_at", BigInteger, nullable=False),
    Column("card", LargeBinary, nullable=False),
)
