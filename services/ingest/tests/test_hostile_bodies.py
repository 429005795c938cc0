"""Whatever is sent, the door answers with a result or a problem document, and nothing refused is published."""

import json
import string

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.ingest.tests.fakes import FakeProducer
from services.ingest.tests.samples import AI4I_HEADER, EXAMPLE, body

JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([*EXAMPLE, "machine_id", "equipment", "product_type", "observed_at", "event_id", "x"])
ALMOST_READING = st.dictionaries(KEYS, JSON_VALUE, max_size=6).map(lambda changes: EXAMPLE | changes)
CELL = st.text(alphabet=string.printable + "é\u0000", max_size=6) | st.sampled_from(["298.1", "M14860", '"'])
CSV_TEXT = st.lists(st.lists(CELL, max_size=15).map(",".join), max_size=4).map(
    lambda rows: "\n".join((AI4I_HEADER, *rows)).encode()
)
BODY = st.one_of(
    st.binary(max_size=200),
    JSON_VALUE.map(lambda value: json.dumps(value).encode()),
    ALMOST_READING.map(lambda value: json.dumps(value).encode()),
    st.lists(ALMOST_READING | JSON_VALUE, max_size=7).map(lambda value: json.dumps(value).encode()),
    CSV_TEXT,
)
MEDIA_TYPE = st.sampled_from(["application/json", "application/x-ndjson", "text/csv", "text/plain"])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(content=BODY, media_type=MEDIA_TYPE)
@example(content=b"[" * 4_000, media_type="application/json")
@example(content=b'{"udi":' * 500, media_type="application/json")
@example(content=b'{"udi": "\xed\xa0\x80"}', media_type="application/json")
@example(content=b'{"udi": "\\ud800"}', media_type="application/x-ndjson")
@example(content=body(torque=1e300), media_type="application/json")
@example(content=body()[:-1] + b', "torque": 1}', media_type="application/json")
@example(content=body().replace(b"42.8", b"1e999"), media_type="application/json")
@example(content=body(observed_at="0001-01-01T00:00:00+14:00"), media_type="application/json")
def test_no_body_gets_a_5xx_and_what_is_not_accepted_leaves_nothing(
    client: TestClient, producer: FakeProducer, content: bytes, media_type: str
) -> None:
    producer.published.clear()
    answer = client.post("/ingest/readings", content=content, headers={"content-type": media_type})
    assert answer.status_code in {202, 413, 415, 422}
    if answer.status_code == 202:
        accepted = {result["event_id"] for result in answer.json()["results"] if result["status"] == 202}
        assert {json.loads(event.value)["event_id"] for event in producer.published} == accepted
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert producer.published == []
