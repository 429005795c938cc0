"""The tables. Times are integer microseconds since 1970 UTC (`gateway.instants`); every database has these types."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
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

machines = Table(
    "machines",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("equipment", String(64), nullable=False),
    Column("product_type", String(16)),
    Column("line", String(64)),
    Column("registered_at", BigInteger, nullable=False),
    Column("first_seen_at", BigInteger),
    Column("stored", BigInteger, nullable=False, server_default="0"),
    # The newest assessment, by event time. These move forward only.
    Column("observed_at", BigInteger),
    Column("received_at", BigInteger),
    Column("event_id", String(64)),
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
)

assessments = Table(
    "assessments",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("machine_id", String(64), ForeignKey("machines.id"), nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("failure_probability", Double, nullable=False),
    Column("anomaly_score", Double, nullable=False),
    Column("prediction", SmallInteger, nullable=False),
    Column("anomaly", Boolean, nullable=False),
    Column("status", String(32), nullable=False),
    Column("model_digest", String(128), nullable=False),
    # Tells a repetition of the same reading from another reading under the same event id.
    Column("reading_digest", LargeBinary(16), nullable=False),
    Column("source_partition", Integer, nullable=False),
    Column("source_offset", BigInteger, nullable=False),
    Column("signals", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "machine_id", "observed_at", "event_id"),
    # Covers rates, latency and skew of what was stored lately without touching the rows.
    Index(None, "stored_at", "received_at", "observed_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", String(200), primary_key=True),
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
    Index(None, "code", "refused_at"),
    Index(None, "machine_id"),
)
