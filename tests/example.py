"""The example of the documents: a machine in good order, whose answer the README shows."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "udi": "M14860",
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551,
    "torque": 42.8,
    "tool_wear": 0,
}
