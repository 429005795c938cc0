"""Dead letters get short ids, and can be redriven."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A program of before would store a letter that it has under another id.
    op.execute("UPDATE compatibility SET oldest_program = '0003'")
    op.execute("CREATE TABLE dead_letters_0002 AS SELECT * FROM dead_letters")
    op.drop_table("dead_letters")
    _create_dead_letters()
    _copy_dead_letters()
    op.drop_table("dead_letters_0002")
    op.create_table(
        "redrives",
        sa.Column("id", _name(128), nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_redrives"),
    )
    op.create_index("ix_redrives_asked_at", "redrives", ["asked_at"])


def _name(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _create_dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", _name(32), nullable=False),
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
        sa.Column("event_id", _name(64)),
        sa.Column("status", sa.String(16), nullable=False, server_default="open"),
        sa.Column("redrives", sa.Integer, nullable=False, server_default="0"),
        sa.Column("redriven_at", sa.BigInteger),
        sa.Column("redrive_id", _name(128)),
        sa.Column("successor", _name(32)),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )
    op.create_index("ix_dead_letters_refused_at_id", "dead_letters", ["refused_at", "id"])
    op.create_index("ix_dead_letters_code_refused_at_id", "dead_letters", ["code", "refused_at", "id"])
    op.create_index("ix_dead_letters_machine_id_refused_at_id", "dead_letters", ["machine_id", "refused_at", "id"])
    op.create_index("ix_dead_letters_status_event_id", "dead_letters", ["status", "event_id"])
    op.create_index("ix_dead_letters_redrive_id", "dead_letters", ["redrive_id"])


def _copy_dead_letters() -> None:
    connection = op.get_bind()
    named = sa.text("SELECT id, origin FROM dead_letters_0002")
    copying = sa.text(
        "INSERT INTO dead_letters (id, origin, code, detail, service, refused_at, stored_at, machine_id, key, value,"
        " headers) SELECT :new, origin, code, detail, service, refused_at, stored_at, machine_id, key, value, headers"
        " FROM dead_letters_0002 WHERE id = :old"
    )
    op.execute("CREATE INDEX ix_dead_letters_0002 ON dead_letters_0002 (id)")
    for old, origin in connection.execute(named).all():
        new = hashlib.sha256(origin.encode()).hexdigest()[:32]
        connection.execute(copying, {"old": old, "new": new})
