"""The rate of alarms over the last weeks, beside the models that judged then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chassis.assessment import Assessment, ModelRef
from gateway.instants import micros
from gateway.store import Store
from gateway.store.schema import machines
from services.gateway.tests.alarm_desk import raise_alarm, the_alarm
from services.gateway.tests.running import Gateway

Make = Callable[..., Assessment]
DAY_S = 86_400.0


def model(version: str) -> ModelRef:
    return ModelRef("milling", version, f"sha256:0{version}")


def spells(rate: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["version"], each["from"]) for each in rate["models"]]


def stored_everything(gateway: Gateway, machines: int, machine: str, readings: int) -> None:
    gateway.until("/machines", lambda page: page["total"] == machines)
    gateway.until(f"/machines/{machine}", lambda facts: facts["stored_readings"] == readings)


def text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def test_alarms_are_counted_by_the_day_that_ends_now(stored_gateway: Gateway, make: Make) -> None:
    # The oldest first, for readings in order are judged at once.
    for machine, ago in (("M1", 3.5 * DAY_S), ("M2", 1.5 * DAY_S), ("M3", 1.2 * DAY_S), ("M4", 60.0)):
        stored_gateway.assess(*raise_alarm(make, "PWF", machine, ago=ago))
        the_alarm(stored_gateway, machine)
    rate = stored_gateway.get("/alarms/rate", days=5)
    assert rate["windows"] == [0, 1, 0, 2, 1]
    assert stored_gateway.get("/alarms/rate", days=1)["windows"] == [1]
    assert sum(stored_gateway.get("/alarms/rate")["windows"]) == 4
    assert len(stored_gateway.get("/alarms/rate")["windows"]) == 30
    other = stored_gateway.get("/alarms/rate", equipment="press")
    assert (sum(other["windows"]), other["models"]) == (0, [])


def test_a_change_of_model_is_told_with_its_first_reading(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    versions = {5.5: "1", 4.5: "1", 3.25: "1", 3.125: "2", 3.0: "2", 1.5: "2", 0.5: "3", 0.25: "1", 0.0: "1"}
    readings = [
        make(f"e{number}", ago * DAY_S, machine_id="M1", model=model(version))
        for number, (ago, version) in enumerate(versions.items())
    ]
    # Of another equipment, and of a machine that is silent today: neither has a say.
    readings.append(make("other", 2 * DAY_S, machine_id="P1", equipment="press", model=model("9")))
    readings.append(make("silent", 6.5 * DAY_S, machine_id="M0", model=model("8")))
    stored_gateway.assess(*readings)
    stored_everything(stored_gateway, 3, "M1", len(versions))
    rate = stored_gateway.get("/alarms/rate", days=6)
    ago = {version: text(now - timedelta(days=days)) for version, days in (("1", 5.5), ("2", 3.125), ("3", 0.5))}
    assert spells(rate) == [("1", ago["1"]), ("2", ago["2"]), ("3", ago["3"]), ("1", text(now - timedelta(days=0.25)))]
    assert rate["models"][1]["digest"] == "sha256:02"
    assert spells(stored_gateway.get("/alarms/rate", days=2)) == [
        ("2", text(now - timedelta(days=1.5))),
        ("3", ago["3"]),
        ("1", text(now - timedelta(days=0.25))),
    ]


def test_a_machine_that_was_there_all_the_time_is_believed(
    stored_gateway: Gateway, store: Store, make: Make, now: datetime
) -> None:
    old = [make(f"old-{days}", days * DAY_S, machine_id="M1", model=model("1")) for days in (4, 1)]
    stored_gateway.assess(*old, make("new", 0, machine_id="M2", model=model("2")))
    stored_everything(stored_gateway, 2, "M2", 1)
    assert [version for version, _ in spells(stored_gateway.get("/alarms/rate", days=6))] == ["2"]
    # M1 is known for a month, M2 since now.
    with store.transaction() as connection:
        known = machines.update().where(machines.c.id == "M1")
        connection.execute(known.values(first_seen_at=micros(now - timedelta(days=30))))
    assert spells(stored_gateway.get("/alarms/rate", days=6)) == [("1", text(now - timedelta(days=4)))]


def test_a_store_without_readings_has_a_rate_of_zero(stored_gateway: Gateway) -> None:
    rate = stored_gateway.get("/alarms/rate", days=3)
    assert (rate["windows"], rate["models"]) == ([0, 0, 0], [])
    for days in (0, 91):
        assert stored_gateway.client.get("/gateway/alarms/rate", params={"days": days}).status_code == 422
