"""Verdicts and outcomes through the doors, and the track record that they add up to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.assessment import Assessment
from services.gateway.tests.alarm_desk import done, raise_alarm, refused, the_alarm
from services.gateway.tests.running import Gateway

Make = Callable[..., Assessment]
MACHINES = 10
# Everything below is worked out by hand from the policy that ships: a visit costs 200, a failure that nobody was warned
# of 1000 and 4 hours at 600, 3400 in all.
WARNED = 3400.0


def give(gateway: Gateway, alarm: dict[str, Any], finding: str, **body: Any) -> Any:
    path = f"/gateway/alarms/{alarm['alarm_id']}/verdict"
    return gateway.client.post(path, json={"actor": "ann", "finding": finding} | body)


def tell(gateway: Gateway, key: str | None = None, **body: Any) -> Any:
    headers = {"idempotency-key": key} if key is not None else {}
    typical = {"actor": "ann", "machine_id": "M0", "mode": "PWF", "failed_at": "2026-05-04T12:00:00Z"}
    return gateway.client.post("/gateway/outcomes", json=typical | body, headers=headers)


def alarms_of(gateway: Gateway, make: Make, count: int = MACHINES) -> list[dict[str, Any]]:
    """One PWF alarm on each machine."""
    for number in range(count):
        gateway.assess(*raise_alarm(make, "PWF", f"M{number}"))
    return [the_alarm(gateway, f"M{number}") for number in range(count)]


def test_a_script_of_verdicts_gives_the_numbers_worked_out_by_hand(
    stored_gateway: Gateway, make: Make, now: datetime
) -> None:
    alarms = alarms_of(stored_gateway, make)
    raised = now - timedelta(seconds=58)
    for number, alarm in enumerate(alarms[:7]):
        # Leads of 10, 20, … 70 minutes; the last one is not known.
        known = {"failed_at": (raised + timedelta(minutes=10 * (number + 1))).isoformat()} if number < 6 else {}
        done(give(stored_gateway, alarm, "confirmed", **known))
    done(give(stored_gateway, alarms[7], "false", cost=350, down_h=0.5, note="loose cable"))
    done(give(stored_gateway, alarms[8], "not_found"))
    done(give(stored_gateway, alarms[9], "planned"))
    told = tell(stored_gateway)
    assert told.status_code == 201
    page = stored_gateway.get("/alarms", limit=20)["alarms"]
    detail = stored_gateway.get(f"/alarms/{alarms[0]['alarm_id']}")
    whole = stored_gateway.get("/track-record")
    (group,) = whole["groups"]
    assert (group["mode"], group["machine_class"], group["version"]) == ("PWF", "M", None)
    assert (whole["equipment"], whole["currency"]) == ("milling", "EUR")
    for found in (detail["track_record"]["record"], group["record"], whole["total"]):
        assert (found["real"], found["judged"], found["planned"], found["missed"]) == (7, 9, 1, 1)
        assert found["precision"] == pytest.approx(7 / 9)
        assert (found["low"], found["high"]) == (pytest.approx(0.452589, abs=1e-6), pytest.approx(0.936775, abs=1e-6))
        assert found["recall"] == pytest.approx(7 / 8)
        # The median of six leads: between the third and the fourth.
        assert (found["lead_s"], found["leads"]) == (35 * 60, 6)
        assert found["net"] == 7 * (WARNED - 200) - (350 + 0.5 * 600) - 200
        assert (found["enough"], found["sentence"]) == (True, "7 of 9 were real (45\N{EN DASH}94 %)")
    assert detail["track_record"]["scope"] == "version"
    for each in page:
        assert (each["precision"]["real"], each["precision"]["judged"]) == (7, 9)
        assert each["precision"]["sentence"] == "7 of 9 were real (45\N{EN DASH}94 %)"
        assert each["precision"]["scope"] == "version"


def test_too_few_verdicts_say_so(stored_gateway: Gateway, make: Make) -> None:
    alarms = alarms_of(stored_gateway, make, 4)
    for alarm in alarms:
        after = done(give(stored_gateway, alarm, "confirmed"))
    assert after["track_record"]["record"]["sentence"] == "not enough verdicts yet (4)"
    assert after["track_record"]["record"]["enough"] is False
    assert after["precision"]["sentence"] == "not enough verdicts yet (4)"


def test_another_model_is_judged_by_its_machine_class_until_it_has_its_own(stored_gateway: Gateway, make: Make) -> None:
    for alarm in alarms_of(stored_gateway, make, 5):
        done(give(stored_gateway, alarm, "confirmed"))
    newer = [
        make(f"N-{n}", 60 - n, machine_id="N", modes=each.modes, model=type(each.model)("milling", "2", "sha256:02"))
        for n, each in enumerate(raise_alarm(make))
    ]
    stored_gateway.assess(*newer)
    alarm = the_alarm(stored_gateway, "N")
    assert (alarm["precision"]["scope"], alarm["precision"]["judged"]) == ("machine_class", 5)
    after = done(give(stored_gateway, alarm, "false"))
    assert (after["track_record"]["scope"], after["track_record"]["record"]["judged"]) == ("machine_class", 6)
    versions = stored_gateway.get("/track-record", by=["version"])["groups"]
    assert [(each["version"], each["record"]["real"], each["record"]["judged"]) for each in versions] == [
        ("sha256:00", 5, 5),
        ("sha256:02", 0, 1),
    ]


def test_the_newest_verdict_counts_and_is_shown(stored_gateway: Gateway, make: Make) -> None:
    (alarm,) = alarms_of(stored_gateway, make, 1)
    assert stored_gateway.get(f"/alarms/{alarm['alarm_id']}")["verdict"] is None
    done(give(stored_gateway, alarm, "false"))
    after = done(give(stored_gateway, alarm, "confirmed", true_mode="OSF", cost=120.5, down_h=2, note="worn tool"))
    again = done(give(stored_gateway, alarm, "confirmed", true_mode="OSF", cost=120.5, down_h=2, note="worn tool"))
    assert again == after
    assert after["verdict"] == {
        "finding": "confirmed",
        "true_mode": "OSF",
        "failed_at": None,
        "cost": 120.5,
        "down_h": 2.0,
        "note": "worn tool",
        "actor": "ann",
        "given_at": "2026-05-04T12:00:00Z",
    }
    total = stored_gateway.get("/track-record")["total"]
    assert (total["real"], total["judged"]) == (1, 1)
    # A verdict is no action: who has the alarm open may still act on it.
    assert after["version"] == alarm["version"]


def test_a_failure_without_an_alarm_is_told_once(stored_gateway: Gateway) -> None:
    facts = {"equipment": "milling", "product_type": "M"}
    assert stored_gateway.client.put("/gateway/machines/M0", json=facts).status_code < 300
    first, again = tell(stored_gateway, "wo-7"), tell(stored_gateway, "wo-7")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["outcome_id"] == "wo-7"
    assert refused(tell(stored_gateway, "wo-7", mode="OSF")) == (409, "idempotency_key_reused")
    assert stored_gateway.get("/track-record")["total"]["missed"] == 1
    assert refused(tell(stored_gateway, machine_id="nobody")) == (404, "unknown_machine")


@pytest.mark.parametrize(
    "body",
    [
        {"finding": "maybe"},
        {"cost": -1},
        {"down_h": "two"},
        {"failed_at": "2026-05-04T11:00:00"},
        {"true_mode": "a b"},
        {"true_mode": "PWF\n"},
        {"note": "a\u0000b"},
        {"typo": 1},
        {"actor": ""},
    ],
)
def test_a_verdict_that_is_none_is_refused(gateway: Gateway, make: Make, body: dict[str, Any]) -> None:
    (alarm,) = alarms_of(gateway, make, 1)
    assert give(gateway, alarm, **{"finding": "confirmed"} | body).status_code == 422
    assert gateway.get(f"/alarms/{alarm['alarm_id']}")["verdict"] is None


def test_what_is_not_there(gateway: Gateway) -> None:
    assert refused(give(gateway, {"alarm_id": "0" * 32}, "false")) == (404, "unknown_alarm")
    wrong = gateway.client.get("/gateway/track-record", params={"equipment": "kiln"})
    assert refused(wrong) == (404, "unknown_policy")
    assert refused(gateway.client.get("/gateway/track-record", params={"by": "colour"}))[0] == 422
