"""The table of messages to other systems: written with the transition they tell of, sent later."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from gateway.store.schema import metadata, name

# Times are wall clock.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    # The same at every attempt: what the receiver recognises a repetition by.
    Column("id", name(64), primary_key=True),
    Column("alarm_id", name(32), nullable=False),
    Column("kind", name(32), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # `pending`, `delivered`, or `dead` after the last attempt.
    Column("status", name(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    # When it is tried next, and until when whoever tries it now has it for himself; null when it is settled.
    Column("next_at", BigInteger),
    Column("settled_at", BigInteger),
    # What the last attempt ended with: an HTTP status or a sentence.
    Column("answer", Integer),
    Column("error", name(256), nullable=False),
    Index(None, "next_at"),
    Index(None, "status", "made_at", "id"),
    Index(None, "made_at", "id"),
)
