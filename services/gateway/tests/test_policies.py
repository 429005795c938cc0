"""The doors to policies: versions with author and reason, a draft tried on the stored history, thresholds in money."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from chassis.assessment import Assessment
from chassis.replay import Evaluation, ModelCard
from gateway.alarms.policy import default_policy
from gateway.instants import micros
from gateway.store import Store, replay_models
from services.gateway.tests.alarm_desk import raise_alarm, the_alarm
from services.gateway.tests.conftest import running
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_alarm_store import NO_MODES

Make = Callable[..., Assessment]


def document(**fields: Any) -> dict[str, Any]:
    shipped = default_policy("milling")
    assert shipped is not None
    return dict(to_builtins(shipped)) | fields


def put(gateway: Gateway, policy: dict[str, Any], version: int, **body: Any) -> Any:
    said = {"policy": policy, "actor": "ann", "reason": "fewer visits"} | body
    return gateway.client.put("/gateway/policies/milling", json=said, headers={"if-match": f'"{version}"'})


def refused(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def stricter(mode: str = "PWF", **condition: Any) -> dict[str, Any]:
    policy = document()
    policy["conditions"][mode] |= condition
    return policy


def test_the_policy_that_ships_can_be_read_before_it_is_needed(stored_gateway: Gateway) -> None:
    answer = stored_gateway.client.get("/gateway/policies/milling")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"0"')
    assert answer.json()["policy"] == document()
    (listed,) = stored_gateway.get("/policies")["policies"]
    assert (listed["equipment"], listed["version"], listed["made_at"]) == ("milling", 0, None)
    assert refused(stored_gateway.client.get("/gateway/policies/kiln")) == (404, "unknown_policy")


def test_a_new_version_says_who_and_why_and_decides_from_then_on(stored_gateway: Gateway, make: Make) -> None:
    made = put(stored_gateway, stricter(raise_at=0.95), 0)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    stored_gateway.assess(*raise_alarm(make))
    assert the_alarm(stored_gateway)["mode"] == "failure", "PWF at 0.9 is below the new limit"
    (version,) = stored_gateway.get("/policies/milling/versions")["versions"]
    assert (version["author"], version["reason"], version["version"]) == ("ann", "fewer visits", 1)
    assert stored_gateway.get("/policies/milling/versions/1")["policy"]["conditions"]["PWF"]["raise_at"] == 0.95
    assert stored_gateway.get("/policies/milling/versions/0")["policy"] == document()


def test_of_two_changes_one_is_told_of_the_other(stored_gateway: Gateway) -> None:
    assert put(stored_gateway, stricter(raise_at=0.95), 0).status_code == 201
    second = put(stored_gateway, stricter(raise_at=0.9), 0, actor="bob")
    assert refused(second) == (409, "policy_conflict")
    assert "ann has stored version 1: fewer visits" in second.json()["detail"]


@pytest.mark.parametrize(
    ("policy", "pointer"),
    [
        (stricter(raise_at=1.5), "/policy/conditions/PWF/raise_at"),
        (stricter(raise_at="high"), "/policy/conditions/*/raise_at"),
        (document(equipment="kiln"), "/policy/equipment"),
        (document(budget={"alarms_per_shift": -1, "shift_h": 8}), "/policy/budget/alarms_per_shift"),
    ],
)
def test_a_wrong_document_is_told_where(gateway: Gateway, policy: dict[str, Any], pointer: str) -> None:
    answer = put(gateway, policy, 0)
    assert refused(answer) == (422, "invalid_policy")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_change_names_reason_author_and_version(gateway: Gateway) -> None:
    assert refused(put(gateway, document(), 0, reason=" ")) == (422, "malformed")
    assert refused(put(gateway, document(), 0, actor="")) == (422, "actor_required")
    unseen = gateway.client.put("/gateway/policies/milling", json={"policy": document(), "reason": "x", "actor": "ann"})
    assert refused(unseen) == (428, "version_required")
    assert gateway.get("/policies")["policies"][0]["version"] == 0


def power_faults(make: Make, machine: str, begins: list[float], score: float) -> list[Assessment]:
    """Ten minutes of one reading a second; from each of `begins` on, PWF stands at `score` for ten seconds."""
    readings = []
    for second in range(600):
        faulty = any(begin <= second < begin + 10 for begin in begins)
        modes = NO_MODES | {"PWF": score if faulty else 0.0}
        readings.append(make(f"{machine}-{second}", 700 - second, machine_id=machine, modes=modes))
    return readings


def test_a_preview_is_what_then_happens(stored_gateway: Gateway, tmp_path: Path, make: Make, now: datetime) -> None:
    """The draft tried on one gateway's history, and put in force on another that then gets the same readings."""
    readings = power_faults(make, "M1", [100, 400], 0.9) + power_faults(make, "M2", [200], 0.6)
    draft = stricter(raise_at=0.7)
    tell(stored_gateway, readings)
    body = {"policy": draft, "from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()}
    answer = stored_gateway.client.post("/gateway/policies/milling/preview", json=body)
    assert answer.status_code == 200, answer.text
    preview = answer.json()
    assert (preview["machines"], preview["in_force"]) == (2, 1)
    difference = preview["difference"]
    assert (difference["lost"], difference["gained"], difference["same"]) == (1, 0, 1)
    assert [alarm["machine_id"] for alarm in difference["lost_alarms"]] == ["M2"]
    # One visit to M1 (both raises are in one shift) and one to M2, then only the one to M1.
    assert (difference["old_bill"]["money"], difference["new_bill"]["money"]) == (400, 200)
    (tmp_path / "second").mkdir()
    with running(f"sqlite:///{tmp_path}/second/gateway.sqlite3", tmp_path / "second") as second:
        assert put(second, draft, 0).status_code == 201
        tell(second, readings)
        replay = second.client.post("/gateway/replays", json=body_of_day(now)).json()
        done = second.until(f"/replays/{replay['replay_id']}", lambda found: found["state"] == "done")
    assert done["result"]["live_log_hash"] == preview["log_hash"]
    assert done["result"]["equals_live"], done
    assert done["progress"] == 1


def body_of_day(now: datetime) -> dict[str, Any]:
    day = timedelta(days=1)
    return {"from": (now - day).isoformat(), "to": (now + day).isoformat(), "actor": "ann"}


def tell(gateway: Gateway, readings: list[Assessment]) -> None:
    """Returns when all of it is stored."""
    for start in range(0, len(readings), 400):
        gateway.assess(*readings[start : start + 400])
    gateway.until("/machines", lambda page: sum_of(gateway, page) == len(readings))


def sum_of(gateway: Gateway, page: Any) -> int:
    ids = [machine["machine_id"] for machine in page["machines"]]
    return sum(gateway.get(f"/machines/{name}")["stored_readings"] for name in ids)


def test_a_preview_of_too_much_says_what_to_do(gateway: Gateway, make: Make, now: datetime) -> None:
    body = {"policy": document(), "to": now.isoformat(), "from": (now - timedelta(days=90)).isoformat()}
    assert refused(gateway.client.post("/gateway/policies/milling/preview", json=body)) == (422, "range_too_long")
    body["from"] = body["to"]
    assert refused(gateway.client.post("/gateway/policies/milling/preview", json=body)) == (422, "range_backwards")


def test_without_verdicts_the_training_evaluation_gives_the_threshold(
    stored_gateway: Gateway, store: Store, now: datetime
) -> None:
    path = "/policies/milling/thresholds/PWF"
    assert stored_gateway.get(path)["basis"] == "none"
    points = [(0.9, 20, 18), (0.7, 40, 25), (0.4, 200, 29), (0.1, 900, 30)]
    card = ModelCard(
        name="milling",
        version="7",
        digest="sha256:07",
        equipment="milling",
        is_live=True,
        trained_on="simulation",
        rows=1000,
        created_at="2026-05-01",
        evaluation={"PWF": Evaluation(1_000, 30, points)},
    )
    replay_models.keep(store, card, micros(now))
    found = stored_gateway.get(path)
    assert (found["basis"], found["model"], found["failures"]) == ("training_evaluation", "sha256:07", 30)
    # One machine: 900 of 1000 rows are one alarm a shift, within the budget of 3. Bills: 20 x 200 + 12 x 3400 = 44,800;
    # 40 x 200 + 5 x 3400 = 25,000; 200 x 200 + 3400 = 43,400; 900 x 200 = 180,000; never 30 x 3400 = 102,000.
    assert (found["chosen"]["threshold"], found["chosen"]["bill"]) == (0.7, 25_000)
    assert (found["present"]["threshold"], found["present"]["bill"]) == (0.5, 25_000)
    assert found["proposal"]["conditions"]["PWF"]["raise_at"] == 0.7
    assert refused(stored_gateway.client.get("/gateway/policies/milling/thresholds/XYZ")) == (404, "unknown_condition")


def test_with_verdicts_the_history_gives_the_threshold(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    """M1 failed at 0.9; M2 shows 0.6 and nothing comes of it: a threshold between them saves that visit."""
    tell(stored_gateway, power_faults(make, "M1", [100], 0.9) + power_faults(make, "M2", [200], 0.6))
    (first,) = [alarm for alarm in stored_gateway.get("/alarms")["alarms"] if alarm["machine_id"] == "M1"]
    said = {"finding": "confirmed", "actor": "ann", "failed_at": (now - timedelta(seconds=500)).isoformat()}
    path = f"/gateway/alarms/{first['alarm_id']}/verdict"
    assert stored_gateway.client.post(path, json=said).status_code == 200
    missed = {
        "machine_id": "M2",
        "mode": "PWF",
        "failed_at": (now - timedelta(seconds=650)).isoformat(),
        "actor": "ann",
    }
    assert stored_gateway.client.post("/gateway/outcomes", json=missed).status_code == 201
    found = stored_gateway.get("/policies/milling/thresholds/PWF")
    assert (found["basis"], found["failures"], found["present"]["threshold"]) == ("validated_history", 2, 0.5)
    assert found["chosen"]["threshold"] == 0.9
    # M2 failed before it showed anything: nobody could have known.
    assert (found["old_bill"]["money"], found["new_bill"]["money"]) == (2 * 200 + 3_400, 200 + 3_400)
    body = {"policy": found["proposal"], "from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()}
    preview = stored_gateway.client.post("/gateway/policies/milling/preview", json=body).json()
    assert preview["difference"]["new_bill"] == found["new_bill"]
    assert (preview["failures"], preview["within_budget"]) == (2, True)
