"""The messages of the live stream, as they are written to the wire and described in OpenAPI.

They are written for size: a fleet of 1,000 machines that report once a second has to fit into 15 KiB/s. A machine is
its `index` in `machines` of `hello`; machines that come later are told in `new`, failure modes in `new_modes`.
"""

import msgspec

from chassis.assessment import Assessment


class Columns(msgspec.Struct, frozen=True):
    """The newest word of machines, column by column, all of the same length.

    `probability`: of failure, in per mille; 0 and 1000 only where it is exactly 0 or 1. `condition`: bits 0 to 2 are
    the state (0 live, 1 stale, 2 offline, 3 never seen, 4 cannot judge), bit 3 the prediction, bit 4 the anomaly, the
    bits from 5 on the most likely failure mode: its place in `modes` of `hello` plus one, 0 where the probability
    rounds to 0 %. `age`: how long before `server_time` it was observed, in tenths of a second. A machine without an
    assessment has null in the columns other than `condition`.
    """

    probability: list[int | None]
    condition: list[int]
    age: list[int | None]


class Hello(msgspec.Struct, frozen=True):
    """Event `hello`: all machines. The first event of a stream, unless it resumes where the client stopped.

    A machine is known by its place in `machines` from here on, a failure mode by its place in `modes`. `server_time`:
    milliseconds since 1970 UTC.
    """

    sequence: int
    server_time: int
    machines: list[str]
    modes: list[str]
    columns: Columns


class Frame(Columns, frozen=True, kw_only=True, omit_defaults=True):
    """Event `frame`: the machines that changed since the frame before, at most ten times a second.

    `index` says which, by place; `new` adds machines after those known: pairs of place and machine id, and `new_modes`
    adds failure modes. The columns have one value per `index`. Numbers (`sequence`) follow each other without a gap.
    """

    sequence: int
    server_time: int
    index: list[int]
    new: list[tuple[int, str]] = []
    new_modes: list[str] = []


class ChangedAlarm(msgspec.Struct, frozen=True):
    """An alarm of which something has changed."""

    alarm_id: str
    machine_id: str


class AlarmsChanged(msgspec.Struct, frozen=True):
    """Event `alarms`: these alarms were raised, changed, ended, or got a verdict; `GET /alarms` says what they are now.

    It is not repeated to a client that resumes: ask for the alarms after each connection.
    """

    alarms: list[ChangedAlarm]


class Resync(msgspec.Struct, frozen=True):
    """Event `resync`: frames were lost, forget what you have; a `hello` follows at once."""

    reason: str


class StreamEvents(msgspec.Struct, frozen=True):
    """What the `data` of each event of the live stream holds, by the name of the event."""

    hello: Hello
    frame: Frame
    assessment: Assessment
    alarms: AlarmsChanged
    resync: Resync
