"""Readings and a process of inference that tests share."""

from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from chassis.telemetry import Telemetry
from inference.app import Inference
from inference.settings import InferenceSettings

ARTIFACT = Path(__file__).parents[3] / "models/artifacts/milling"
EXAMPLE: dict[str, Any] = {
    "udi": "M14860",
    "air_temperature": 298.1,
    "process_temperature": 308.6,
    "rotational_speed": 1551,
    "torque": 42.8,
    "tool_wear": 0,
}
OVERSTRAIN = EXAMPLE | {"udi": "L47340", "rotational_speed": 1282, "torque": 60.7, "tool_wear": 216}


def inference_on(artifact: Path) -> Inference:
    """A process of inference on an artifact directory, good or damaged."""
    return Inference(InferenceSettings(artifact=artifact), Telemetry("inference"), CollectorRegistry())
