"""Replays: what was asked, how far each machine has come, scores of another model, transitions; models there are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_replays()
    _create_machines()
    op.create_table(
        "replay_readings",
        sa.Column("id", _name(128), nullable=False),
        sa.Column("replay_id", _name(32), nullable=False),
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("event_id", _name(64), nullable=False),
        sa.Column("observation", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_replay_readings"),
    )
    op.create_index(
        "ix_replay_readings_replay_id_machine_id_observed_at_event_id",
        "replay_readings",
        ["replay_id", "machine_id", "observed_at", "event_id"],
    )
    op.create_table(
        "replay_events",
        sa.Column("replay_id", _name(32), nullable=False),
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("replay_id", "machine_id", "seq", name="pk_replay_events"),
    )
    op.create_table(
        "models",
        sa.Column("digest", _name(128), nullable=False),
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("version", _name(128), nullable=False),
        sa.Column("is_live", sa.Boolean, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.Column("card", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_models"),
    )


def _name(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _create_replays() -> None:
    op.create_table(
        "replays",
        sa.Column("id", _name(32), nullable=False),
        sa.Column("equipment", _name(64), nullable=False),
        sa.Column("state", _name(16), nullable=False),
        sa.Column("from_at", sa.BigInteger, nullable=False),
        sa.Column("to_at", sa.BigInteger, nullable=False),
        sa.Column("start_at", sa.BigInteger, nullable=False),
        sa.Column("model", _name(128), nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("policy_digest", _name(80), nullable=False),
        sa.Column("policy", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("owner", _name(64)),
        sa.Column("leased_until", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.Column("result", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
    )
    op.create_index("ix_replays_state_asked_at", "replays", ["state", "asked_at"])
    op.create_index("ix_replays_asked_at_id", "replays", ["asked_at", "id"])


def _create_machines() -> None:
    op.create_table(
        "replay_machines",
        sa.Column("replay_id", _name(32), nullable=False),
        sa.Column("machine_id", _name(64), nullable=False),
        sa.Column("stage", _name(16), nullable=False),
        sa.Column("end_at", sa.BigInteger, nullable=False),
        sa.Column("end_event_id", _name(128), nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("sent_event_id", _name(128), nullable=False),
        sa.Column("published", sa.BigInteger, nullable=False),
        sa.Column("scored", sa.BigInteger, nullable=False),
        sa.Column("line", sa.LargeBinary),
        sa.Column("readings", sa.BigInteger, nullable=False),
        sa.Column("skipped", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("replay_id", "machine_id", name="pk_replay_machines"),
    )
    op.create_index(
        "ix_replay_machines_replay_id_stage_machine_id", "replay_machines", ["replay_id", "stage", "machine_id"]
    )
