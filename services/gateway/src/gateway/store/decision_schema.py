"""The table of what decided about alarms: kept with the alarm, whatever the retention drops of the history."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table

from gateway.store.schema import metadata, name

# One row per alarm, made with its raise.
alarm_decisions = Table(
    "alarm_decisions",
    metadata,
    Column("alarm_id", name(32), primary_key=True),
    # What was remembered of the machine when the raising reading took effect: `gateway.alarms.slot.encode_alarms`.
    Column("before", LargeBinary, nullable=False),
    # The raising assessment, as it came, and where it lay on the topic.
    Column("assessment", LargeBinary, nullable=False),
    Column("source_partition", Integer, nullable=False),
    Column("source_offset", BigInteger, nullable=False),
)
