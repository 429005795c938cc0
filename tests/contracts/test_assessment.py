"""The golden form of the Assessment: names, order and types that every door and every stored row relies on."""

from datetime import UTC, datetime

import msgspec
import pytest

from chassis.assessment import (
    Assessment,
    Judgement,
    ModelRef,
    OutsideSignal,
    Reason,
    RuleResult,
    Thresholds,
    decode,
    encode,
)

AT = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)
ASSESSMENT = Assessment(
    anomaly=False,
    failure_probability=0.02,
    prediction=0,
    status="outside_training_data",
    machine_id="M14860",
    equipment="milling",
    product_type="M",
    event_id="e1",
    observed_at=AT,
    received_at=AT,
    signals={"torque": 42.8},
    anomaly_score=0.41,
    baseline=0.03,
    modes={"HDF": 0.0},
    rules=[RuleResult("OSF", "overstrain", 0.0, 12000.0, "above", "min·Nm", False)],
    reasons=[Reason("power", 6951.6, "W", -0.01)],
    outside=[OutsideSignal("torque", 42.8, 0.0, 40.0)],
    thresholds=Thresholds(0.5, 0.6),
    model=ModelRef("milling", "1", "sha256:00"),
    assumptions=["product_type M taken from udi"],
)
GOLDEN = (
    '{"anomaly":false,"failure_probability":0.02,"prediction":0,"status":"outside_training_data","machine_id":"M14860",'
    '"equipment":"milling","product_type":"M","event_id":"e1","observed_at":"2026-11-23T12:00:00.500000Z",'
    '"received_at":"2026-11-23T12:00:00.500000Z","signals":{"torque":42.8},"anomaly_score":0.41,"baseline":0.03,'
    '"modes":{"HDF":0.0},"rules":[{"mode":"OSF","name":"overstrain","value":0.0,"limit":12000.0,"bound":"above",'
    '"unit":"min·Nm","fired":false}],"reasons":[{"feature":"power","value":6951.6,"unit":"W","contribution":-0.01}],'
    '"outside":[{"signal":"torque","value":42.8,"low":0.0,"high":40.0}],"thresholds":{"failure":0.5,"anomaly":0.6},'
    '"model":{"name":"milling","version":"1","digest":"sha256:00"},"assumptions":["product_type M taken from udi"]}'
)


def test_the_assessment_keeps_its_golden_form() -> None:
    assert encode(ASSESSMENT).decode() == GOLDEN
    assert decode(GOLDEN.encode()) == ASSESSMENT


def test_the_minimal_form_has_the_three_promised_keys() -> None:
    assert encode(Judgement(True, 0.9, 1)) == b'{"anomaly":true,"failure_probability":0.9,"prediction":1}'


@pytest.mark.parametrize("value", [b"", b"{}", b"null", b"\xff", GOLDEN.replace("0.02", '"0.02"').encode()])
def test_anything_else_is_refused(value: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        decode(value)
