"""The messages of the live stream, as they are written to the wire and described in OpenAPI.

All times are milliseconds since 1970 UTC. A machine is its `index` in `machines` of `hello`; machines that come later
are told in `new`. State codes: 0 live, 1 stale, 2 offline, 3 never seen, 4 cannot judge. A machine without an
assessment has null in the other columns.
"""

import msgspec

from chassis.assessment import Assessment


class Columns(msgspec.Struct, frozen=True):
    """The newest word of machines, column by column, all of the same length.

    `state`: 0 live, 1 stale, 2 offline, 3 never seen, 4 cannot judge. `observed_at`: milliseconds since 1970 UTC. A
    machine without an assessment has null in the columns other than `state`.
    """

    failure_probability: list[float | None]
    state: list[int]
    prediction: list[int | None]
    anomaly: list[bool | None]
    top_mode: list[str | None]
    observed_at: list[int | None]


class Hello(msgspec.Struct, frozen=True):
    """Event `hello`: all machines. The first event of a stream, unless it resumes where the client stopped.

    A machine is known by its place in `machines` from here on. `server_time`: milliseconds since 1970 UTC.
    """

    sequence: int
    server_time: int
    machines: list[str]
    columns: Columns


class Frame(Columns, frozen=True, kw_only=True, omit_defaults=True):
    """Event `frame`: the machines that changed since the frame before, at most ten times a second.

    `index` says which, by place; `new` adds machines after those known: pairs of place and machine id. The columns
    have one value per `index`. Numbers (`sequence`) follow each other without a gap.
    """

    sequence: int
    server_time: int
    index: list[int]
    new: list[tuple[int, str]] = []


class Resync(msgspec.Struct, frozen=True):
    """Event `resync`: frames were lost, forget what you have; a `hello` follows at once."""

    reason: str


class StreamEvents(msgspec.Struct, frozen=True):
    """What the `data` of each event of the live stream holds, by the name of the event."""

    hello: Hello
    frame: Frame
    assessment: Assessment
    resync: Resync
