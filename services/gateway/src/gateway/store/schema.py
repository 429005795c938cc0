"""The tables. Times are integer microseconds since 1970 UTC (`gateway.instants`); every database has these types.

docs/storage.md says why the assessments lie in a partition per day and their ids in a table of their own.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
)

# Names for constraints, so that a later migration can address them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def name(length: int) -> String:
    """Text that is sorted by its bytes on every database: names and ids, of which pages and locks need one order."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


machines = Table(
    "machines",
    metadata,
    Column("id", name(64), primary_key=True),
    Column("equipment", String(64), nullable=False),
    Column("product_type", String(16)),
    Column("line", String(64)),
    Column("registered_at", BigInteger, nullable=False),
    Column("first_seen_at", BigInteger),
    # Ever stored: what the retention drops stays counted.
    Column("stored", BigInteger, nullable=False, server_default="0"),
    # The newest assessment, by event time. These move forward only.
    Column("observed_at", BigInteger),
    Column("received_at", BigInteger),
    Column("event_id", name(64)),
    Column("failure_probability", Double),
    Column("anomaly_score", Double),
    Column("prediction", SmallInteger),
    Column("anomaly", Boolean),
    Column("status", String(32)),
    Column("top_mode", String(64)),
    Column("top_reason", LargeBinary),
    # The newest reading that could not be judged, and since when none could be.
    Column("refused_at", BigInteger),
    Column("refused_since", BigInteger),
    Column("refused_code", String(64)),
    Column("refused_detail", String(512)),
    # Room in every page for the new version of its rows: an update then touches no index.
    postgresql_with={"fillfactor": 50},
)

# One row per stored assessment: makes an event id unique whatever time its assessment carries, which a table in
# partitions by that time cannot. Rows leave together with their assessments.
event_ids = Table(
    "event_ids",
    metadata,
    Column("event_id", name(64), primary_key=True),
    Column("machine_id", name(64), nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    # Tells a repetition of the same reading from another reading under the same event id.
    Column("reading_digest", LargeBinary(16), nullable=False),
    sqlite_with_rowid=False,
)

assessments = Table(
    "assessments",
    metadata,
    Column("machine_id", name(64), nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    Column("event_id", name(64), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("failure_probability", Double, nullable=False),
    Column("anomaly_score", Double, nullable=False),
    Column("prediction", SmallInteger, nullable=False),
    Column("anomaly", Boolean, nullable=False),
    Column("status", String(32), nullable=False),
    Column("model_digest", String(128), nullable=False),
    Column("source_partition", Integer, nullable=False),
    Column("source_offset", BigInteger, nullable=False),
    Column("signals", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # The history of a machine is this index.
    PrimaryKeyConstraint("machine_id", "observed_at", "event_id"),
    # Covers rates, latency and skew of what was stored lately without touching the rows.
    Index(None, "stored_at", "received_at", "observed_at"),
    postgresql_partition_by="RANGE (observed_at)",
)

dead_letters = Table(
    "dead_letters",
    metadata,
    # A digest of the origin: short, and safe in a path.
    Column("id", name(32), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("code", String(64), nullable=False),
    Column("detail", String(512), nullable=False),
    Column("service", String(64), nullable=False),
    Column("refused_at", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("machine_id", String(64)),
    Column("key", LargeBinary),
    Column("value", LargeBinary, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    # What the bytes say they are, where they say it: tells the outcome of a redrive.
    Column("event_id", name(64)),
    Column("status", String(16), nullable=False, server_default="open"),
    Column("redrives", Integer, nullable=False, server_default="0"),
    Column("redriven_at", BigInteger),
    Column("redrive_id", name(128)),
    # The dead letter that came of the last redrive.
    Column("successor", name(32)),
    Index(None, "refused_at", "id"),
    Index(None, "code", "refused_at", "id"),
    Index(None, "machine_id", "refused_at", "id"),
    Index(None, "status", "event_id"),
    Index(None, "redrive_id"),
)

# One row per request to redrive: the same request again gets the same answer and publishes nothing.
redrives = Table(
    "redrives",
    metadata,
    Column("id", name(128), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("request", LargeBinary, nullable=False),
    # Null until everything was published, or until that failed.
    Column("answer", LargeBinary),
    Index(None, "asked_at"),
)

# One row: the oldest program (by the revision it was written for) that can work with this schema.
compatibility = Table("compatibility", metadata, Column("oldest_program", String(32), primary_key=True))
