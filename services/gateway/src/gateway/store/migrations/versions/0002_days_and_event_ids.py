"""Assessments in partitions by day, their ids in a table of their own, and which programs the schema suits."""

import sqlalchemy as sa
from alembic import op

from gateway.store import days

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COPY_ASSESSMENTS = """
INSERT INTO assessments
    (machine_id, observed_at, event_id, received_at, stored_at, failure_probability, anomaly_score, prediction,
     anomaly, status, model_digest, source_partition, source_offset, signals, body)
SELECT machine_id, observed_at, event_id, received_at, stored_at, failure_probability, anomaly_score, prediction,
       anomaly, status, model_digest, source_partition, source_offset, signals, body
FROM assessments_0001
"""
_COPY_IDS = """
INSERT INTO event_ids (event_id, machine_id, observed_at, reading_digest)
SELECT event_id, machine_id, observed_at, reading_digest FROM assessments_0001
"""


def upgrade() -> None:
    op.create_table(
        "compatibility",
        sa.Column("oldest_program", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("oldest_program", name="pk_compatibility"),
    )
    op.execute("INSERT INTO compatibility VALUES ('0002')")
    if on_server := op.get_bind().dialect.name == "postgresql":
        _sort_names_by_bytes()
    op.execute("CREATE TABLE assessments_0001 AS SELECT * FROM assessments")
    op.drop_table("assessments")
    _create_event_ids()
    _create_assessments()
    if on_server:
        _attach_days()
    op.execute(_COPY_ASSESSMENTS)
    op.execute(_COPY_IDS)
    op.drop_table("assessments_0001")


def _name(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _sort_names_by_bytes() -> None:
    for column in ("id", "event_id"):
        op.execute(f'ALTER TABLE machines ALTER COLUMN {column} TYPE varchar(64) COLLATE "C"')
    op.execute("ALTER TABLE machines SET (fillfactor = 50)")


def _create_event_ids() -> None:
    op.create_table(
        "event_ids",
        sa.Column("event_id", _name(64), nullable=False),
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("reading_digest", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_ids"),
        sqlite_with_rowid=False,
    )


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("event_id", _name(64), nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("failure_probability", sa.Double, nullable=False),
        sa.Column("anomaly_score", sa.Double, nullable=False),
        sa.Column("prediction", sa.SmallInteger, nullable=False),
        sa.Column("anomaly", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("model_digest", sa.String(128), nullable=False),
        sa.Column("source_partition", sa.Integer, nullable=False),
        sa.Column("source_offset", sa.BigInteger, nullable=False),
        sa.Column("signals", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("machine_id", "observed_at", "event_id", name="pk_assessments"),
        postgresql_partition_by="RANGE (observed_at)",
    )
    op.create_index(
        "ix_assessments_stored_at_received_at_observed_at", "assessments", ["stored_at", "received_at", "observed_at"]
    )


def _attach_days() -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT DISTINCT observed_at / 86400000000 FROM assessments_0001"))
    for day in found.scalars().all():
        days.attach(connection, day)
