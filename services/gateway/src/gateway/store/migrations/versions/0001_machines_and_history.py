"""Machines, the assessments of their readings, and dead letters."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_machines()
    _create_assessments()
    _create_dead_letters()


def downgrade() -> None:
    op.drop_table("dead_letters")
    op.drop_table("assessments")
    op.drop_table("machines")


def _create_machines() -> None:
    op.create_table(
        "machines",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("equipment", sa.String(64), nullable=False),
        sa.Column("product_type", sa.String(16)),
        sa.Column("line", sa.String(64)),
        sa.Column("registered_at", sa.BigInteger, nullable=False),
        sa.Column("first_seen_at", sa.BigInteger),
        sa.Column("stored", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("observed_at", sa.BigInteger),
        sa.Column("received_at", sa.BigInteger),
        sa.Column("event_id", sa.String(64)),
        sa.Column("failure_probability", sa.Double),
        sa.Column("anomaly_score", sa.Double),
        sa.Column("prediction", sa.SmallInteger),
        sa.Column("anomaly", sa.Boolean),
        sa.Column("status", sa.String(32)),
        sa.Column("top_mode", sa.String(64)),
        sa.Column("top_reason", sa.LargeBinary),
        sa.Column("refused_at", sa.BigInteger),
        sa.Column("refused_since", sa.BigInteger),
        sa.Column("refused_code", sa.String(64)),
        sa.Column("refused_detail", sa.String(512)),
        sa.PrimaryKeyConstraint("id", name="pk_machines"),
    )


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("machine_id", sa.String(64), nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("failure_probability", sa.Double, nullable=False),
        sa.Column("anomaly_score", sa.Double, nullable=False),
        sa.Column("prediction", sa.SmallInteger, nullable=False),
        sa.Column("anomaly", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("model_digest", sa.String(128), nullable=False),
        sa.Column("reading_digest", sa.LargeBinary(16), nullable=False),
        sa.Column("source_partition", sa.Integer, nullable=False),
        sa.Column("source_offset", sa.BigInteger, nullable=False),
        sa.Column("signals", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_assessments"),
        sa.ForeignKeyConstraint(["machine_id"], ["machines.id"], name="fk_assessments_machine_id"),
    )
    op.create_index(
        "ix_assessments_machine_id_observed_at_event_id", "assessments", ["machine_id", "observed_at", "event_id"]
    )
    op.create_index(
        "ix_assessments_stored_at_received_at_observed_at", "assessments", ["stored_at", "received_at", "observed_at"]
    )


def _create_dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(512), nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("refused_at", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("machine_id", sa.String(64)),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("headers", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )
    op.create_index("ix_dead_letters_code_refused_at", "dead_letters", ["code", "refused_at"])
    op.create_index("ix_dead_letters_machine_id", "dead_letters", ["machine_id"])
