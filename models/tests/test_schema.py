"""The schema that drives the form says what the decoder does."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from models.profile import load_profile
from models.reading import Reading, ReadingDecoder
from models.schema import json_schema

MILLING = load_profile("milling")
SCHEMA: dict[str, Any] = json.loads(json.dumps(json_schema(MILLING)))
DECODER = ReadingDecoder({"milling": MILLING}, "milling")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("signal", MILLING.signals, ids=lambda signal: signal.name)
def test_each_signal_has_unit_ranges_and_an_example(signal: Any) -> None:
    described = SCHEMA["properties"][signal.name]
    assert (described["title"], described["x-unit"], described["x-decimals"]) == (
        signal.title,
        signal.unit,
        signal.decimals,
    )
    assert [described["minimum"], described["maximum"]] == list(signal.plausible)
    assert described["x-envelope"] == list(signal.envelope)
    assert described["x-normal"] == list(signal.normal)
    assert signal.normal.holds(described["examples"][0])


def test_examples_and_presets_are_readings_with_the_keys_of_the_schema() -> None:
    readings = [*SCHEMA["examples"], *(preset["values"] for preset in SCHEMA["x-presets"])]
    assert [preset["name"] for preset in SCHEMA["x-presets"]] == ["normal", "heat", "power", "overstrain", "worn_tool"]
    for raw in readings:
        assert isinstance(DECODER.decode(json.dumps(raw).encode(), NOW), Reading)
        assert set(SCHEMA["required"]) <= set(raw) <= set(SCHEMA["properties"])


def test_every_key_of_the_schema_is_one_the_decoder_takes() -> None:
    everything = {
        **SCHEMA["examples"][0],
        "equipment": SCHEMA["properties"]["equipment"]["const"],
        "product_type": SCHEMA["properties"]["product_type"]["enum"][0],
        "observed_at": "2026-03-01T00:00:00Z",
        "event_id": "e-1",
    }
    assert set(everything) == set(SCHEMA["properties"]) - {"udi"}
    assert isinstance(DECODER.decode(json.dumps(everything).encode(), NOW), Reading)


def test_modes_rules_features_and_types_are_there_for_the_form() -> None:
    assert [mode["name"] for mode in SCHEMA["x-modes"]] == list(MILLING.mode_names)
    assert all(mode["playbook"]["check"] and mode["playbook"]["act"] for mode in SCHEMA["x-modes"])
    overstrain = next(rule for rule in SCHEMA["x-rules"] if rule["name"] == "overstrain")
    assert overstrain["limits"] == {"L": 11000.0, "M": 12000.0, "H": 13000.0}
    assert [feature["name"] for feature in SCHEMA["x-features"]] == list(MILLING.feature_names)
    assert [item["name"] for item in SCHEMA["x-product-types"]] == ["L", "M", "H"]
