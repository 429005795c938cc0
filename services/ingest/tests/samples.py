"""Readings that the tests of ingest share, and the time at which they arrive."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
EXAMPLE: dict[str, object] = {
    "udi": "M14860",
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551,
    "torque": 42.8,
    "tool_wear": 0,
}
AI4I_HEADER = (
    "UDI,Product ID,Type,Air temperature [K],Process temperature [K],Rotational speed [rpm],Torque [Nm],"
    "Tool wear [min],Machine failure,TWF,HDF,PWF,OSF,RNF"
)
AI4I_ROWS = (
    "1,M14860,M,298.1,308.6,1551,42.8,0,0,0,0,0,0,0",
    "2,L47181,L,298.2,308.7,1408,46.3,3,0,0,0,0,0,0",
    "3,L47182,L,298.1,308.5,1498,49.4,5,0,0,0,0,0,0",
)


def reading(**changes: object) -> dict[str, object]:
    """The example with changes; None removes a key."""
    changed = EXAMPLE | changes
    return {key: value for key, value in changed.items() if value is not None}


def body(**changes: object) -> bytes:
    """The example with changes as JSON."""
    return json.dumps(reading(**changes)).encode()


def ai4i(*rows: str, end: str = "\n") -> bytes:
    """An AI4I file with the given rows."""
    return (end.join((AI4I_HEADER, *rows)) + end).encode()


def poll_until(holds: Callable[[], bool], what: str, deadline_s: float = 10) -> None:
    """Return as soon as `holds()`; raises AssertionError with `what` after `deadline_s` seconds."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, f"not within {deadline_s} s: {what}"
        time.sleep(0.005)
