"""The HTTP doors to a judgement."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.inference.tests.examples import EXAMPLE, OVERSTRAIN

PROBLEM = "application/problem+json"


def post(client: TestClient, body: bytes | str | dict[str, Any] | list[Any], path: str = "/api/predict") -> Any:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(path, content=content, headers={"content-type": "application/json"})


def test_the_answer_begins_with_the_three_promised_keys(client: TestClient) -> None:
    body = post(client, EXAMPLE).json()
    assert list(body)[:3] == ["anomaly", "failure_probability", "prediction"]
    assert (type(body["anomaly"]), type(body["failure_probability"]), type(body["prediction"])) == (bool, float, int)


@pytest.mark.parametrize("prefer", ["return=minimal", "respond-async, return=minimal"])
def test_a_minimal_answer_has_exactly_three_keys(client: TestClient, prefer: str) -> None:
    answer = client.post("/api/predict", json=EXAMPLE, headers={"prefer": prefer})
    assert list(answer.json()) == ["anomaly", "failure_probability", "prediction"]


BAD: dict[str, tuple[bytes | str, str]] = {
    "empty": (b"", "malformed_json"),
    "not json": ("{", "malformed_json"),
    "not utf-8": (b'{"udi": "\xff"}', "malformed_json"),
    "NaN": (json.dumps(EXAMPLE).replace("42.8", "NaN"), "malformed_json"),
    "too large a number": (json.dumps(EXAMPLE).replace("42.8", "1e999"), "out_of_range"),
    "text for a number": (json.dumps(EXAMPLE | {"torque": "42.8"}), "wrong_type"),
    "true for a number": (json.dumps(EXAMPLE | {"torque": True}), "wrong_type"),
    "a key twice": (json.dumps(EXAMPLE)[:-1] + ', "torque": 1}', "duplicate_key"),
    "unknown key": (json.dumps(EXAMPLE | {"colour": "red"}), "unknown_field"),
    "missing signal": (json.dumps({k: v for k, v in EXAMPLE.items() if k != "torque"}), "missing_signal"),
    "no machine": (json.dumps({k: v for k, v in EXAMPLE.items() if k != "udi"}), "missing_machine"),
    "weird id": (json.dumps(EXAMPLE | {"udi": "../M1"}), "invalid_machine_id"),
    "time without zone": (json.dumps(EXAMPLE | {"observed_at": "2026-01-01T00:00:00"}), "bad_timestamp"),
    "unknown equipment": (json.dumps(EXAMPLE | {"equipment": "toaster"}), "unknown_equipment"),
    "unknown type": (json.dumps(EXAMPLE | {"product_type": "Z"}), "unknown_product_type"),
    "array": (json.dumps([EXAMPLE]), "wrong_type"),
    "deep": ('{"a":' * 50_000, "malformed_json"),
    "celsius": (json.dumps(EXAMPLE | {"air_temperature": 25}), "wrong_unit_suspected"),
    "impossible": (json.dumps(EXAMPLE | {"torque": 990}), "out_of_range"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_code_and_no_number(client: TestClient, name: str) -> None:
    body, code = BAD[name]
    answer = post(client, body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == PROBLEM
    document = answer.json()
    assert document["code"] == code, document
    assert "failure_probability" not in answer.text
    assert len(answer.content) < 4_000


def test_the_unit_guard_offers_the_converted_value(client: TestClient) -> None:
    (error,) = post(client, EXAMPLE | {"air_temperature": 25}).json()["errors"]
    assert error["pointer"] == "/air_temperature"
    assert error["suggested"] == pytest.approx(298.15)


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(client: TestClient, sent: str) -> None:
    answer = client.post("/api/predict", content=json.dumps(EXAMPLE), headers={"content-type": sent})
    assert (answer.status_code, answer.headers["content-type"]) == (415, PROBLEM)


def test_an_oversize_body_is_413(client: TestClient) -> None:
    answer = post(client, b" " * (2**20 + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)


def test_a_value_outside_the_training_data_is_flagged(client: TestClient) -> None:
    body = post(client, EXAMPLE | {"torque": 120.0}).json()
    assert body["status"] == "outside_training_data"
    assert [found["signal"] for found in body["outside"]] == ["torque"]


def test_a_batch_keeps_order_and_refuses_only_the_bad(client: TestClient) -> None:
    results = post(client, [EXAMPLE, {"udi": "M1"}, OVERSTRAIN], "/api/predict/batch").json()["results"]
    assert [(r["index"], r["status"]) for r in results] == [(0, 200), (1, 422), (2, 200)]
    assert results[0]["assessment"]["machine_id"] == "M14860"
    assert results[1]["problem"]["code"] == "missing_signal"
    assert "assessment" not in results[1]
    assert results[2]["assessment"]["prediction"] == 1


def test_a_batch_gives_the_numbers_of_single_requests(client: TestClient) -> None:
    readings = [EXAMPLE | {"udi": f"L{n}", "tool_wear": n * 2, "torque": 30 + n / 10} for n in range(100)]
    many = [result["assessment"] for result in post(client, readings, "/api/predict/batch").json()["results"]]
    for reading, answer in zip(readings, many, strict=True):
        one = post(client, reading).json()
        for key in ("failure_probability", "anomaly_score", "prediction", "anomaly", "modes", "reasons", "rules"):
            assert one[key] == answer[key], (reading, key)


def test_a_minimal_batch_has_the_three_keys_of_each_and_says_what_is_refused(client: TestClient) -> None:
    readings = [EXAMPLE, {"udi": "M1"}, OVERSTRAIN]
    whole = post(client, readings, "/api/predict/batch")
    answer = client.post("/api/predict/batch", json=readings, headers={"prefer": "return=minimal"})
    assert answer.headers["preference-applied"] == "return=minimal"
    results = answer.json()["results"]
    assert results[1] == whole.json()["results"][1] | {"problem": results[1]["problem"]}
    for at in (0, 2):
        wanted = {key: whole.json()["results"][at]["assessment"][key] for key in results[at]["judgement"]}
        assert results[at] == {"index": at, "status": 200, "judgement": wanted}
        assert list(wanted) == ["anomaly", "failure_probability", "prediction"]


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 200), (1_000, 200), (1_001, 413)])
def test_a_batch_holds_one_to_a_thousand_readings(client: TestClient, count: int, status: int) -> None:
    assert post(client, [EXAMPLE] * count, "/api/predict/batch").status_code == status


@pytest.mark.parametrize("body", ["{}", "[", "null", '"x"', "[[[" * 20_000])
def test_a_batch_that_is_no_array_is_refused_whole(client: TestClient, body: str) -> None:
    answer = post(client, body, "/api/predict/batch")
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4),
    max_leaves=12,
)
almost_readings = st.fixed_dictionaries({}, optional=dict.fromkeys((*EXAMPLE, "equipment", "event_id"), json_values))


@given(body=st.binary(max_size=200) | almost_readings.map(json.dumps) | json_values.map(json.dumps))
def test_whatever_is_sent_is_never_a_server_error(client: TestClient, body: bytes | str) -> None:
    for path in ("/api/predict", "/api/predict/batch"):
        answer = post(client, body, path)
        assert answer.status_code in {200, 413, 422}, (path, body)
        if answer.status_code != 200:
            assert answer.headers["content-type"] == PROBLEM


def test_models_and_schema_can_be_asked(client: TestClient) -> None:
    (model,) = client.get("/api/models").json()["models"]
    detail = client.get(f"/api/models/{model['name']}").json()
    assert detail["digest"] == model["digest"]
    assert detail["manifest"]["metrics"]
    assert client.get("/api/models/other").status_code == 404
    schema = client.get("/api/schema/milling").json()
    assert schema["properties"]["torque"]["x-unit"] == "Nm"
    assert client.get("/api/schema/toaster").json()["code"] == "unknown_equipment"
