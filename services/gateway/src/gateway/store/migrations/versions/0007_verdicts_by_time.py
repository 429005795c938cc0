"""Verdicts in the order in which they were given: the live stream asks for the newest every second."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_verdicts_given_at", "verdicts", ["given_at"])
