"""Replays through the doors: equal to live, under another policy, and through another model."""

from datetime import datetime
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from chassis.assessment import Assessment
from gateway.instants import micros
from gateway.retention import DAY_US, Retention
from gateway.store import Store, upkeep
from gateway.store.replay_schema import replay_events, replay_machines
from services.gateway.tests.alarm_desk import act, done
from services.gateway.tests.other_model import OTHER, Make, inference
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_policies import body_of_day, document, power_faults, put, refused, stricter, tell


def ask(gateway: Gateway, now: datetime, **body: Any) -> dict[str, Any]:
    answer = gateway.client.post("/gateway/replays", json=body_of_day(now) | body)
    assert answer.status_code == 202, answer.text
    made = dict(answer.json())
    assert answer.headers["location"] == f"/gateway/replays/{made['replay_id']}"
    return made


def finished(gateway: Gateway, replay: dict[str, Any]) -> dict[str, Any]:
    return dict(gateway.until(f"/replays/{replay['replay_id']}", lambda found: found["state"] in ("done", "failed")))


def worked_off(gateway: Gateway) -> int:
    """Somebody acknowledges what there is, shelves and closes what still stands; how many alarms there were."""
    alarms = gateway.get("/alarms")["alarms"]
    for alarm in alarms:
        seen = done(act(gateway, alarm, "ack", note="seen"))
        if seen["is_open"]:
            seen = done(act(gateway, seen, "shelve", note="on it", one_shot=True))
            done(act(gateway, seen, "close", note="done"))
    return len(alarms)


def test_a_replay_of_what_is_stored_equals_live(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    """Shuffled within the reordering window, with repetitions, and with people working in between."""
    seed = 20_261
    print(f"seed {seed}")
    random = Random(seed)
    readings = power_faults(make, "M1", [100, 400], 0.9) + power_faults(make, "M2", [200], 0.6)
    late = random.sample(readings, 200)
    readings = sorted(readings, key=lambda each: each.observed_at.timestamp() + random.uniform(0, 2))
    tell(stored_gateway, readings[:230])
    assert worked_off(stored_gateway) == 1
    tell(stored_gateway, readings)
    assert worked_off(stored_gateway) == 2
    stored_gateway.assess(*late)
    result = finished(stored_gateway, ask(stored_gateway, now))["result"]
    assert result["equals_live"], result
    assert (result["transitions"], result["first_difference"]) == (result["live_transitions"], None)
    assert result["transitions"] >= 6
    difference = stored_gateway.get(f"/replays/{last(stored_gateway)}/diff")["difference"]
    assert (difference["gained"], difference["lost"], difference["moved"], difference["dearer"]) == (0, 0, 0, 0)


def last(gateway: Gateway) -> str:
    return str(gateway.get("/replays")["replays"][0]["replay_id"])


def test_another_policy_shows_what_is_lost(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    tell(stored_gateway, power_faults(make, "M1", [100], 0.9) + power_faults(make, "M2", [200], 0.6))
    replay = ask(stored_gateway, now, policy=stricter(raise_at=0.7), note="are 0.7 enough?")
    assert (replay["policy_version"], replay["note"], replay["asked_by"]) == (None, "are 0.7 enough?", "ann")
    found = finished(stored_gateway, replay)
    assert (found["result"]["equals_live"], found["readings"], found["machines_done"]) == (False, 1_190, 2)
    assert found["result"]["first_difference"].startswith("M1/"), "the policy's digest stands in every transition"
    diff = stored_gateway.get(f"/replays/{replay['replay_id']}/diff")
    assert [alarm["machine_id"] for alarm in diff["difference"]["lost_alarms"]] == ["M2"]
    assert [(each["mode"], each["lost"], each["dearer"]) for each in diff["modes"]] == [("PWF", 1, -200)]


def judge_all(gateway: Gateway, finding: str = "confirmed") -> None:
    """Every open alarm was right."""
    for alarm in gateway.get("/alarms")["alarms"]:
        said = {"finding": finding, "actor": "ann"}
        answer = gateway.client.post(f"/gateway/alarms/{alarm['alarm_id']}/verdict", json=said)
        assert answer.status_code == 200, answer.text


def test_a_worse_model_loses_alarms(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    """It says nothing of M2: that machine stays quiet. Of M1 it sees the fault ten seconds later."""
    tell(stored_gateway, power_faults(make, "M1", [100], 0.9) + power_faults(make, "M2", [200], 0.9))

    def answer(found: Assessment) -> Assessment:
        second = 700 - (now - found.observed_at).total_seconds()
        faulty = found.machine_id == "M1" and 106 <= second < 116
        return msgspec.structs.replace(found, modes=found.modes | {"PWF": 0.9 if faulty else 0.0})

    judge_all(stored_gateway)
    unknown = stored_gateway.client.post("/gateway/replays", json=body_of_day(now) | {"model": "nobody"})
    assert refused(unknown) == (422, "unknown_model")
    with inference(stored_gateway, make, answer):
        found = finished(stored_gateway, ask(stored_gateway, now, model="other"))
    assert (found["state"], found["model"], found["scored"], found["published"]) == ("done", OTHER, 1_190, 1_190)
    difference = stored_gateway.get(f"/replays/{found['replay_id']}/diff")["difference"]
    assert [alarm["machine_id"] for alarm in difference["lost_alarms"]] == ["M2"]
    assert [alarm["later_s"] for alarm in difference["moved_alarms"]] == [6]
    assert difference["lost_confirmed"] == 1
    # Two visits, nothing missed; then one visit and one failure that nobody was warned of.
    assert (difference["old_bill"]["money"], difference["new_bill"]["money"]) == (400, 200 + 3_400)
    assert (difference["old_bill"]["warned"], difference["new_bill"]["warned"]) == (2, 1)


def test_what_cannot_be_replayed_is_refused(gateway: Gateway, now: datetime) -> None:
    def asked(**body: Any) -> tuple[int, str]:
        return refused(gateway.client.post("/gateway/replays", json=body_of_day(now) | body))

    assert asked(to=body_of_day(now)["from"]) == (422, "range_backwards")
    assert asked(policy=document(), policy_version=1) == (422, "malformed")
    assert asked(policy=document(min_verdicts=0)) == (422, "invalid_policy")
    assert asked(policy_version=7) == (404, "unknown_policy")
    assert asked(equipment="kiln") == (404, "unknown_policy")
    assert asked(actor="") == (422, "actor_required")
    assert refused(gateway.client.get(f"/gateway/replays/{'0' * 32}")) == (404, "unknown_replay")
    empty = finished(gateway, ask(gateway, now))
    assert (empty["machines"], empty["result"]["transitions"], empty["progress"]) == (0, 0, 1)


@pytest.mark.parametrize("version", [0, 1])
def test_a_replay_names_the_version_it_ran_under(gateway: Gateway, now: datetime, version: int) -> None:
    assert put(gateway, stricter(raise_at=0.8), 0).status_code == 201
    found = ask(gateway, now, policy_version=version)
    assert found["policy_digest"] == gateway.get(f"/policies/milling/versions/{version}")["digest"]


def test_an_old_replay_is_forgotten_with_all_of_it(
    stored_gateway: Gateway, store: Store, make: Make, now: datetime
) -> None:
    tell(stored_gateway, power_faults(make, "M1", [100], 0.9))
    found = finished(stored_gateway, ask(stored_gateway, now))
    assert found["result"]["transitions"] > 0
    upkeep.round_of(store, micros(now) + 89 * DAY_US, Retention(365, 90))
    assert stored_gateway.get(f"/replays/{found['replay_id']}")["state"] == "done"
    upkeep.round_of(store, micros(now) + 91 * DAY_US, Retention(365, 90))
    assert refused(stored_gateway.client.get(f"/gateway/replays/{found['replay_id']}")) == (404, "unknown_replay")
    with store.transaction() as connection:
        for table in (replay_machines, replay_events):
            assert connection.execute(select(table)).all() == []
