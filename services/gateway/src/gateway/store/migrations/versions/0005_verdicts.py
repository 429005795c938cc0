"""Verdicts on alarms, failures that no alarm announced, what decided about an alarm, messages to other systems."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "verdicts",
        sa.Column("alarm_id", _name(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("mode", _name(64), nullable=False),
        sa.Column("machine_class", _name(16), nullable=False),
        sa.Column("version", _name(128), nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("finding", _name(16), nullable=False),
        sa.Column("true_mode", _name(64)),
        sa.Column("failed_at", sa.BigInteger),
        sa.Column("cost", sa.Double),
        sa.Column("down_h", sa.Double, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("message_id", _name(128)),
        sa.PrimaryKeyConstraint("alarm_id", "number", name="pk_verdicts"),
    )
    op.create_index(
        "ix_verdicts_is_current_equipment_mode_given_at", "verdicts", ["is_current", "equipment", "mode", "given_at"]
    )
    op.create_index(
        "ix_verdicts_tally",
        "verdicts",
        ["is_current", "equipment", "mode", "machine_class", "version", "finding"],
    )
    op.create_table(
        "outcomes",
        sa.Column("id", _name(128), nullable=False),
        sa.Column("request", sa.LargeBinary(16), nullable=False),
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("mode", _name(64), nullable=False),
        sa.Column("machine_class", _name(16), nullable=False),
        sa.Column("version", _name(128), nullable=False),
        sa.Column("failed_at", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.Double),
        sa.Column("down_h", sa.Double),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_equipment_mode_told_at", "outcomes", ["equipment", "mode", "told_at"])
    op.create_index("ix_outcomes_machine_id_failed_at", "outcomes", ["machine_id", "failed_at"])
    op.create_table(
        "alarm_decisions",
        sa.Column("alarm_id", _name(32), nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("assessment", sa.LargeBinary, nullable=False),
        sa.Column("source_partition", sa.Integer, nullable=False),
        sa.Column("source_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("alarm_id", name="pk_alarm_decisions"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", _name(64), nullable=False),
        sa.Column("alarm_id", _name(32), nullable=False),
        sa.Column("kind", _name(32), nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("status", _name(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("answer", sa.Integer),
        sa.Column("error", _name(256), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
    )
    op.create_index("ix_webhook_deliveries_next_at", "webhook_deliveries", ["next_at"])
    op.create_index("ix_webhook_deliveries_status_made_at_id", "webhook_deliveries", ["status", "made_at", "id"])
    op.create_index("ix_webhook_deliveries_made_at_id", "webhook_deliveries", ["made_at", "id"])


def _name(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
