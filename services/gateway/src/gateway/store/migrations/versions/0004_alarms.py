"""Alarms: what their machines remember, the alarms, the log of transitions, actions, late readings, policies."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A program of before would store readings that the alarms then never see.
    op.execute("UPDATE compatibility SET oldest_program = '0004'")
    _create_lines()
    _create_alarms()
    _create_events()
    _create_actions()
    op.create_table(
        "late_readings",
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("event_id", _name(64), nullable=False),
        sa.PrimaryKeyConstraint("machine_id", "observed_at", "event_id", name="pk_late_readings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policies",
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", _name(80), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("equipment", "version", name="pk_policies"),
    )


def _name(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _create_lines() -> None:
    op.create_table(
        "alarm_lines",
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("line", sa.LargeBinary, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("machine_id", name="pk_alarm_lines"),
        postgresql_with={"fillfactor": 50},
    )


def _create_alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", _name(32), nullable=False),
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("mode", _name(64), nullable=False),
        sa.Column("state", _name(32), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("rank", sa.BigInteger, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("event_id", _name(128), nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("model_digest", _name(128), nullable=False),
        sa.Column("policy_digest", _name(80), nullable=False),
        sa.Column("hidden_by", _name(32), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger),
        sa.Column("returned_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("assignee", sa.Text, nullable=False),
        sa.Column("shelved_until", sa.BigInteger),
        sa.Column("suppressed_from", sa.BigInteger),
        sa.Column("suppressed_until", sa.BigInteger),
        sa.Column("out_of_service", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    op.create_index("ix_alarms_is_open_rank_id", "alarms", ["is_open", "rank", "id"])
    op.create_index("ix_alarms_raised_at_id", "alarms", ["raised_at", "id"])
    op.create_index("ix_alarms_machine_id_raised_at_id", "alarms", ["machine_id", "raised_at", "id"])


def _create_events() -> None:
    op.create_table(
        "alarm_events",
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("alarm_id", _name(32), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("machine_id", "seq", name="pk_alarm_events"),
    )
    op.create_index("ix_alarm_events_alarm_id_seq", "alarm_events", ["alarm_id", "seq"])
    op.create_index("ix_alarm_events_at", "alarm_events", ["at"])


def _create_actions() -> None:
    op.create_table(
        "alarm_actions",
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("alarm_id", _name(32), nullable=False),
        sa.Column("kind", _name(32), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("machine_id", "seq", name="pk_alarm_actions"),
    )
    op.create_index("ix_alarm_actions_at", "alarm_actions", ["at"])
