"""What a reading says, as one hash: the same for the body that was sent, the record on a topic and the stored row."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

SIGNALS = ("air_temperature", "process_temperature", "rotational_speed", "torque", "tool_wear")


class Fact(NamedTuple):
    """One event as the ledger counts it: an id together with the hash of its content."""

    id: str
    sha256: str


def reading_fact(reading: Mapping[str, Any]) -> Fact:
    """The fact in a flat reading, as sent and as on `pm.readings`. Raises KeyError, TypeError, ValueError."""
    return _fact(reading, reading)


def assessment_fact(assessment: Mapping[str, Any]) -> Fact:
    """The fact in an assessment, from the reading it carries. Raises KeyError, TypeError, ValueError."""
    return _fact(assessment, assessment["signals"])


def fact_of(value: bytes) -> Fact | None:
    """The fact in the value of any record of ours; None when it is neither a reading nor an assessment."""
    try:
        document = json.loads(value)
        return assessment_fact(document) if "signals" in document else reading_fact(document)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def raw_fact(origin: str, value: bytes) -> Fact:
    """The fact of bytes that are no reading; their id is the place where they lie (`topic/partition/offset`)."""
    return Fact(origin, hashlib.sha256(value).hexdigest())


def _fact(document: Mapping[str, Any], signals: Mapping[str, Any]) -> Fact:
    observed_at = datetime.fromisoformat(document["observed_at"]).astimezone(UTC)
    content = [
        document.get("machine_id") or document["udi"],
        document.get("equipment", "milling"),
        document["product_type"],
        observed_at.isoformat(),
        *[float(signals[name]) for name in SIGNALS],
    ]
    return Fact(document["event_id"], hashlib.sha256(json.dumps(content).encode()).hexdigest())
