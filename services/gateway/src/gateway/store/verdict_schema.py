"""The tables of what people found: verdicts on alarms, and failures that no alarm announced."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from gateway.store.schema import metadata, name

# Every verdict that was ever given; of an alarm the newest counts. What is known about the alarm is repeated here, for
# verdicts are kept longer than alarms.
verdicts = Table(
    "verdicts",
    metadata,
    Column("alarm_id", name(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("equipment", name(64), nullable=False),
    Column("mode", name(64), nullable=False),
    Column("machine_class", name(16), nullable=False),
    Column("version", name(128), nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("finding", name(16), nullable=False),
    Column("true_mode", name(64)),
    Column("failed_at", BigInteger),
    Column("cost", Double),
    Column("down_h", Double, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    # Wall clock.
    Column("given_at", BigInteger, nullable=False),
    # Of the message that brought it, when it came from another system: the same message again changes nothing.
    Column("message_id", name(128)),
    PrimaryKeyConstraint("alarm_id", "number"),
    Index(None, "given_at"),
    Index(None, "is_current", "equipment", "mode", "given_at"),
    # Covers the counts that a list of alarms shows beside them.
    Index("ix_verdicts_tally", "is_current", "equipment", "mode", "machine_class", "version", "finding"),
)

outcomes = Table(
    "outcomes",
    metadata,
    # The Idempotency-Key of the request, or a random one.
    Column("id", name(128), primary_key=True),
    # Tells the same request from another one under the same key.
    Column("request", LargeBinary(16), nullable=False),
    Column("machine_id", name(64), nullable=False),
    Column("equipment", name(64), nullable=False),
    Column("mode", name(64), nullable=False),
    Column("machine_class", name(16), nullable=False),
    Column("version", name(128), nullable=False),
    Column("failed_at", BigInteger, nullable=False),
    Column("cost", Double),
    Column("down_h", Double),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    # Wall clock.
    Column("told_at", BigInteger, nullable=False),
    Index(None, "equipment", "mode", "told_at"),
    Index(None, "machine_id", "failed_at"),
)
