"""What a newcomer does first: the example request, three known failures, and readings that must not be judged."""

import csv
from typing import Any

import httpx
import pytest

from tests.example import EXAMPLE
from tests.server import REAL_FILE

# Rows of the AI4I file (UDI 3237, 51, 161), copied so that the test runs without it.
HEAT = EXAMPLE | {
    "udi": "M18096", "air_temperature": 300.8, "process_temperature": 309.4, "rotational_speed": 1342, "torque": 62.4,
    "tool_wear": 113,
}  # fmt: skip
POWER = EXAMPLE | {
    "udi": "L47230", "air_temperature": 298.9, "process_temperature": 309.1, "rotational_speed": 2861, "torque": 4.6,
    "tool_wear": 143,
}  # fmt: skip
OVERSTRAIN = EXAMPLE | {
    "udi": "L47340", "air_temperature": 298.4, "process_temperature": 308.2, "rotational_speed": 1282, "torque": 60.7,
    "tool_wear": 216,
}  # fmt: skip
CAUSES = {
    "HDF": {"temperature_difference", "air_temperature", "process_temperature", "rotational_speed"},
    "PWF": {"power"},
    "OSF": {"strain", "strain_ratio"},
}


def predict(client: httpx.Client, reading: dict[str, Any], **headers: str) -> httpx.Response:
    return client.post("/api/predict", json=reading, headers=headers)


def test_the_example_request_gets_the_example_answer(client: httpx.Client) -> None:
    answer = predict(client, EXAMPLE)
    assert answer.status_code == 200
    body = answer.json()
    assert list(body)[:3] == ["anomaly", "failure_probability", "prediction"]
    assert body["anomaly"] is False
    assert body["prediction"] == 0
    assert 0 <= body["failure_probability"] <= 0.05
    assert body["assumptions"] == ["product_type M taken from udi"]


def test_prefer_minimal_gives_exactly_the_three_keys(client: httpx.Client) -> None:
    answer = predict(client, EXAMPLE, prefer="return=minimal")
    assert list(answer.json()) == ["anomaly", "failure_probability", "prediction"]
    assert answer.headers["preference-applied"] == "return=minimal"


@pytest.mark.parametrize(("mode", "reading"), [("HDF", HEAT), ("PWF", POWER), ("OSF", OVERSTRAIN)])
def test_a_known_failure_is_found_with_its_mode_and_its_cause(
    client: httpx.Client, mode: str, reading: dict[str, Any]
) -> None:
    body = predict(client, reading).json()
    assert body["prediction"] == 1
    assert max(body["modes"], key=body["modes"].__getitem__) == mode
    assert body["reasons"][0]["feature"] in CAUSES[mode]
    assert body["reasons"][0]["contribution"] > 0
    total = body["baseline"] + sum(reason["contribution"] for reason in body["reasons"])
    assert total == pytest.approx(body["failure_probability"], abs=1e-9)
    assert [rule["fired"] for rule in body["rules"] if rule["mode"] == mode].count(True) == 1


REFUSED: dict[str, tuple[dict[str, Any], str | None, dict[str, float]]] = {
    "heat in °C": (
        HEAT | {"air_temperature": 27.65, "process_temperature": 36.25},
        "wrong_unit_suspected",
        {"/air_temperature": 300.8, "/process_temperature": 309.4},
    ),
    "all zeros": (dict.fromkeys(EXAMPLE, 0) | {"udi": "M14860"}, None, {}),
    "negative": ({k: v if isinstance(v, str) else -v - 1 for k, v in EXAMPLE.items()}, "out_of_range", {}),
    "ten times": ({k: v if isinstance(v, str) else v * 10 for k, v in EXAMPLE.items()}, "out_of_range", {}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nonsense_is_refused_with_a_code_and_never_scored(client: httpx.Client, name: str) -> None:
    reading, code, suggested = REFUSED[name]
    answer = predict(client, reading)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] in ({code} if code else {"out_of_range", "wrong_unit_suspected"})
    assert "failure_probability" not in body
    found = {error["pointer"]: error.get("suggested") for error in body["errors"]}
    for pointer, value in suggested.items():
        assert found[pointer] == pytest.approx(value, abs=0.01)


@pytest.mark.skipif(not REAL_FILE.exists(), reason="the AI4I file is not beside the checkout")
def test_the_copied_rows_are_those_of_the_real_file() -> None:
    with REAL_FILE.open(newline="") as file:
        rows = {row["Product ID"]: row for row in csv.DictReader(file)}
    for mode, reading in {"HDF": HEAT, "PWF": POWER, "OSF": OVERSTRAIN}.items():
        row = rows[str(reading["udi"])]
        assert row[mode] == "1"
        for column, name in (
            ("Air temperature [K]", "air_temperature"),
            ("Process temperature [K]", "process_temperature"),
            ("Rotational speed [rpm]", "rotational_speed"),
            ("Torque [Nm]", "torque"),
            ("Tool wear [min]", "tool_wear"),
        ):
            assert float(row[column]) == reading[name], (mode, column)
