"""The tables of alarms. Times are integer microseconds since 1970 UTC, in event time unless the column says otherwise.

What a machine's alarms remember lies in one row (`alarm_lines`). `alarms` follows from the log of transitions
(`alarm_events`) and is kept because people ask for it.
"""

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

# One row per machine that has been heard of. Read and written only while the machine's row is locked.
alarm_lines = Table(
    "alarm_lines",
    metadata,
    Column("machine_id", name(64), primary_key=True),
    Column("equipment", name(64), nullable=False),
    # Counts the writes: nobody overwrites a line that he has not read.
    Column("version", BigInteger, nullable=False),
    # `gateway.alarms.line.encode_line`.
    Column("line", LargeBinary, nullable=False),
    # Wall clock: when readings that still wait are let through although nothing has come since; null: none wait.
    Column("due_at", BigInteger),
    # Room in every page for the new version of its rows: an update then touches no index.
    postgresql_with={"fillfactor": 50},
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", name(32), primary_key=True),
    Column("machine_id", name(64), nullable=False),
    Column("equipment", name(64), nullable=False),
    Column("mode", name(64), nullable=False),
    Column("state", name(32), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    # The order of work, the most urgent first: see `gateway.store.alarms.rank_of`.
    Column("rank", BigInteger, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("event_id", name(128), nullable=False),
    Column("score", Double),
    Column("model_digest", name(128), nullable=False),
    Column("policy_digest", name(80), nullable=False),
    Column("hidden_by", name(32), nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("returned_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("version", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("assignee", Text, nullable=False),
    Column("shelved_until", BigInteger),
    Column("suppressed_from", BigInteger),
    Column("suppressed_until", BigInteger),
    Column("out_of_service", Boolean, nullable=False),
    Index(None, "is_open", "rank", "id"),
    Index(None, "raised_at", "id"),
    Index(None, "machine_id", "raised_at", "id"),
)

# The log. `body` is `gateway.alarms.transition.encode_transition`, byte for byte what a replay gives.
alarm_events = Table(
    "alarm_events",
    metadata,
    Column("machine_id", name(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    # Empty when it is about a condition without an open alarm.
    Column("alarm_id", name(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    # Wall clock.
    Column("recorded_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("machine_id", "seq"),
    Index(None, "alarm_id", "seq"),
    Index(None, "at"),
)

# What people did, under the number of the transition it made.
alarm_actions = Table(
    "alarm_actions",
    metadata,
    Column("machine_id", name(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("alarm_id", name(32), nullable=False),
    Column("kind", name(32), nullable=False),
    # As claimed, or as verified once there is a sign-in: `gateway.actor` decides.
    Column("actor", Text, nullable=False),
    # Wall clock.
    Column("at", BigInteger, nullable=False),
    # The action and the newest reading of the history at that moment, as JSON: what a replay needs.
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("machine_id", "seq"),
    Index(None, "at"),
)

# Readings that came too late to count. The history that a replay runs is everything stored but these.
late_readings = Table(
    "late_readings",
    metadata,
    Column("machine_id", name(64), nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    # That of the assessment, or `letter:` and the id of the dead letter.
    Column("event_id", name(64), nullable=False),
    PrimaryKeyConstraint("machine_id", "observed_at", "event_id"),
    sqlite_with_rowid=False,
)

# Every version of every policy; the highest is in force.
policies = Table(
    "policies",
    metadata,
    Column("equipment", name(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", name(80), nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # Wall clock.
    Column("made_at", BigInteger, nullable=False),
    # `gateway.alarms.policy.encode_policy`.
    Column("document", LargeBinary, nullable=False),
    PrimaryKeyConstraint("equipment", "version"),
)
