"""The doors to alarms: what people see, what they can do, and who was faster."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gateway.alarms.line import new_line
from gateway.alarms.replay import replay
from gateway.alarms.transition import encode_transition
from gateway.instants import micros
from gateway.store import Store, alarm_history, alarms
from gateway.store.alarm_schema import alarm_actions
from gateway.store.alarms import Wanted
from services.gateway.tests.alarm_desk import Make, act, done, raise_alarm, refused, the_alarm
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_alarm_store import ALL, log_of, shipped


def test_an_alarm_is_listed_with_all_that_explains_it(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    stored_gateway.assess(*raise_alarm(make))
    listed = the_alarm(stored_gateway)
    assert (listed["mode"], listed["state"], listed["priority"]) == ("PWF", "unacknowledged", 1)
    assert listed["raised_at"] == (now - timedelta(seconds=58)).isoformat().replace("+00:00", "Z")
    answer = stored_gateway.client.get(f"/gateway/alarms/{listed['alarm_id']}")
    detail = done(answer)
    assert [(each["kind"], each["after"], each["actor"]) for each in detail["transitions"]] == [
        ("raised", "unacknowledged", "system")
    ]
    assert detail["assessment"]["event_id"] == detail["event_id"] == "M1-PWF-2"
    assert detail["advice"]["playbook"] == "milling/modes/PWF/playbook"
    assert [(each["quantity"], each["side"], each["by"]) for each in detail["advice"]["changes"]] == [
        ("power", "below", 500.0)
    ]
    assert {name: detail[name] for name in listed} == listed


def test_an_acknowledged_alarm_says_by_whom(stored_gateway: Gateway, make: Make) -> None:
    stored_gateway.assess(*raise_alarm(make))
    alarm = the_alarm(stored_gateway)
    path = f"/gateway/alarms/{alarm['alarm_id']}/ack"
    unseen = stored_gateway.client.post(path, json={"actor": "ann", "note": "on my way"})
    assert refused(unseen) == (428, "version_required")
    # Priority 1 is not acknowledged without a word.
    assert refused(act(stored_gateway, alarm, "ack")) == (422, "note_required")
    assert refused(act(stored_gateway, alarm, "ack", actor=" ", note="x")) == (422, "actor_required")
    assert refused(act(stored_gateway, alarm, "ack", actor="system", note="x")) == (422, "malformed")
    after = done(act(stored_gateway, alarm, "ack", note="on my way"))
    assert (after["state"], after["changed_by"], after["transitions"][-1]["reason"]) == (
        "acknowledged",
        "ann",
        "on my way",
    )
    late = act(stored_gateway, alarm, "ack", actor="bob", note="me too")
    assert refused(late) == (409, "alarm_moved")
    assert "ann changed it last at 2026-05-04T12:00:00" in late.json()["detail"]
    assert refused(act(stored_gateway, after, "ack", note="again")) == (409, "already_acknowledged")


def test_the_header_names_the_actor_too(gateway: Gateway, make: Make) -> None:
    gateway.assess(*raise_alarm(make))
    alarm = the_alarm(gateway)
    headers = {b"if-match": b'"%d"' % alarm["version"], b"actor": "Jörg".encode()}
    path = f"/gateway/alarms/{alarm['alarm_id']}/note"
    answer = gateway.client.post(path, json={"note": "seen"}, headers=headers)
    assert done(answer)["changed_by"] == "Jörg"


def test_close_comes_after_acknowledge_and_hides_nothing(stored_gateway: Gateway, make: Make) -> None:
    stored_gateway.assess(*raise_alarm(make))
    alarm = the_alarm(stored_gateway)
    assert refused(act(stored_gateway, alarm, "close", note="done")) == (409, "not_acknowledged")
    alarm = done(act(stored_gateway, alarm, "ack", note="on my way"))
    alarm = done(act(stored_gateway, alarm, "close", note="new tool"))
    assert (alarm["state"], alarm["is_open"]) == ("normal", False)
    assert stored_gateway.get("/alarms")["alarms"] == []
    assert [each["alarm_id"] for each in stored_gateway.get("/alarms", open="no")["alarms"]] == [alarm["alarm_id"]]
    assert refused(act(stored_gateway, alarm, "note", note="more")) == (409, "no_open_alarm")
    # It still stands: a new alarm after its on-delay.
    more = raise_alarm(make, ago=30)
    stored_gateway.assess(
        *(make(f"again-{n}", 30 - n, machine_id="M1", modes=each.modes) for n, each in enumerate(more))
    )
    assert the_alarm(stored_gateway)["alarm_id"] != alarm["alarm_id"]


def test_a_shelved_alarm_is_hidden_until_it_is_not(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    stored_gateway.assess(*raise_alarm(make))
    alarm = the_alarm(stored_gateway)
    until = (now + timedelta(hours=1)).isoformat()
    assert refused(act(stored_gateway, alarm, "shelve", note="spare part")) == (422, "wrong_deadline")
    assert refused(act(stored_gateway, alarm, "shelve", until=until)) == (422, "note_required")
    alarm = done(act(stored_gateway, alarm, "shelve", until=until, note="spare part"))
    assert (alarm["overlay"], alarm["state"]) == ("shelved", "unacknowledged")
    assert stored_gateway.get("/alarms", overlay="none")["alarms"] == []
    assert stored_gateway.get("/alarms")["counts"] == [
        {"state": "unacknowledged", "priority": 1, "hidden": True, "count": 1}
    ]
    alarm = done(act(stored_gateway, alarm, "unshelve"))
    assert alarm["overlay"] == "none"
    assert refused(act(stored_gateway, alarm, "unshelve")) == (409, "not_shelved")


def test_maintenance_and_service_hide_an_alarm(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    stored_gateway.assess(*raise_alarm(make))
    alarm = the_alarm(stored_gateway)
    until = (now + timedelta(hours=2)).isoformat()
    alarm = done(act(stored_gateway, alarm, "suppress", until=until, note="new spindle"))
    assert alarm["overlay"] == "suppressed"
    alarm = done(act(stored_gateway, alarm, "out-of-service", note="sensor broken"))
    assert alarm["overlay"] == "out_of_service"
    assert refused(act(stored_gateway, alarm, "out-of-service", note="x")) == (409, "already_out_of_service")
    alarm = done(act(stored_gateway, alarm, "return-to-service"))
    alarm = done(act(stored_gateway, alarm, "unsuppress"))
    alarm = done(act(stored_gateway, alarm, "assign", assignee="bob"))
    assert (alarm["overlay"], alarm["assignee"]) == ("none", "bob")
    kinds = [each["kind"] for each in alarm["transitions"]]
    assert kinds == [
        "raised",
        "suppressed",
        "removed_from_service",
        "returned_to_service",
        "unsuppressed",
        "assigned",
    ]


def test_of_two_at_once_one_wins_and_the_other_is_told(stored_gateway: Gateway, make: Make) -> None:
    stored_gateway.assess(*raise_alarm(make))
    alarm = the_alarm(stored_gateway)
    names, answers = [f"op{n}" for n in range(4)], dict[str, Any]()
    together = threading.Barrier(len(names))

    def run(name: str) -> None:
        together.wait(10)
        answers[name] = act(stored_gateway, alarm, "ack", actor=name, note="mine")

    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (winner,) = [name for name, answer in answers.items() if answer.status_code == 200]
    for name in set(names) - {winner}:
        assert refused(answers[name]) == (409, "alarm_moved")
        assert f"{winner} changed it last" in answers[name].json()["detail"]


def test_pages_follow_the_order_of_work(stored_gateway: Gateway, make: Make) -> None:
    for number, mode in enumerate(("TWF", "PWF", "HDF", "OSF")):
        stored_gateway.assess(*raise_alarm(make, mode, f"M{number}", ago=60 - number))
    whole = stored_gateway.until("/alarms", lambda page: len(page["alarms"]) == 4)
    order = [(each["priority"], each["machine_id"]) for each in whole["alarms"]]
    assert order == [(1, "M3"), (1, "M1"), (2, "M2"), (3, "M0")]
    for sort in ("rank", "raised"):
        listed = stored_gateway.get("/alarms", sort=sort)["alarms"]
        paged, cursor = [], None
        while True:
            page = stored_gateway.get("/alarms", sort=sort, limit=1, **({"cursor": cursor} if cursor else {}))
            paged += page["alarms"]
            if (cursor := page["next_cursor"]) is None:
                break
        assert [each["alarm_id"] for each in paged] == [each["alarm_id"] for each in listed]
    for query, machines in (({"priority": 1}, {"M1", "M3"}), ({"mode": "HDF"}, {"M2"}), ({"machine": "M0"}, {"M0"})):
        found = stored_gateway.get("/alarms", **query)["alarms"]
        assert {each["machine_id"] for each in found} == machines
    assert {each["state"] for each in stored_gateway.get("/alarms", state="acknowledged")["alarms"]} == set()
    wrong = stored_gateway.client.get("/gateway/alarms", params={"cursor": "nonsense"})
    assert refused(wrong) == (422, "bad_cursor")


def test_the_load_counts_alarms_against_the_target(stored_gateway: Gateway, make: Make) -> None:
    for number in range(12):
        stored_gateway.assess(*raise_alarm(make, "PWF", f"M{number:02}", ago=60 - number))
    stored_gateway.until("/alarms", lambda page: len(page["alarms"]) == 12)
    load = stored_gateway.get("/alarms/load")
    assert (load["alarms"], load["peak"], load["target"]) == (12, 12.0, 1.0)
    (flood,) = load["floods"]
    assert (flood["raises"], flood["first_machine_id"], flood["by_mode"]) == (12, "M00", {"PWF": 12})
    assert stored_gateway.get("/alarms/load", operators=12)["peak"] == 1.0
    wrong = stored_gateway.client.get("/gateway/alarms/load", params={"from": "2020-01-01T00:00:00Z"})
    assert refused(wrong) == (422, "range_too_long")


def test_actions_are_kept_and_replay_to_the_same_bytes(stored_gateway: Gateway, store: Store, make: Make) -> None:
    readings = raise_alarm(make)
    stored_gateway.assess(*readings)
    alarm = done(act(stored_gateway, the_alarm(stored_gateway), "ack", note="on my way"))
    done(act(stored_gateway, alarm, "close", note="new tool"))
    stored_gateway.assess(*(make(f"more-{n}", 30 - n, machine_id="M1", modes=readings[0].modes) for n in range(20)))
    the_alarm(stored_gateway)
    with store.transaction() as connection:
        rows = connection.execute(select(alarm_actions.c.kind, alarm_actions.c.actor)).all()
    assert [tuple(row) for row in rows] == [("acknowledge", "ann"), ("close", "ann")]
    again = replay(
        new_line("M1"), alarm_history.readings(store, "M1", ALL), alarm_history.actions(store, "M1", ALL), shipped()
    )
    assert again.skipped == ()
    live = [encode_transition(each) for each in log_of(store)]
    assert [encode_transition(each) for each in again.transitions[: len(live)]] == live
    assert [each.kind for each in again.transitions][:4] == ["raised", "acknowledged", "closed", "raised"]


@pytest.mark.parametrize("minutes", [-1, 0, 30, 60, 61])
def test_the_overlay_is_the_same_in_sql(
    stored_gateway: Gateway, store: Store, make: Make, now: datetime, minutes: int
) -> None:
    at = now + timedelta(minutes=minutes)
    start, until = (now + timedelta(minutes=30)).isoformat(), (now + timedelta(minutes=60)).isoformat()
    for number in range(3):
        stored_gateway.assess(*raise_alarm(make, "PWF", f"M{number}"))
    shelved, suppressed = the_alarm(stored_gateway, "M0"), the_alarm(stored_gateway, "M1")
    shelved = done(act(stored_gateway, shelved, "shelve", until=until, note="x"))
    window: dict[str, Any] = {"from": start, "until": until}
    done(act(stored_gateway, suppressed, "suppress", **window, note="x"))
    done(act(stored_gateway, the_alarm(stored_gateway, "M2"), "out-of-service", note="x"))
    for overlay in ("none", "shelved", "suppressed", "out_of_service"):
        found = alarms.page(store, Wanted(overlay=overlay), "rank", None, 10, micros(at))
        everything = alarms.page(store, Wanted(), "rank", None, 10, micros(at))
        assert found == [each for each in everything if (each.overlay(micros(at)) or "none") == overlay]


def test_what_is_not_there_or_not_understood(gateway: Gateway, make: Make) -> None:
    assert refused(gateway.client.get(f"/gateway/alarms/{'0' * 32}")) == (404, "unknown_alarm")
    gateway.assess(*raise_alarm(make))
    alarm = the_alarm(gateway)
    path = f"/gateway/alarms/{alarm['alarm_id']}"
    tag = {"if-match": f'"{alarm["version"]}"'}
    post = gateway.client.post
    assert refused(post(f"{path}/ack", content=b"{", headers=tag | {"content-type": "application/json"}))[0] == 422
    assert refused(post(f"{path}/ack", content=b"{}", headers=tag | {"content-type": "text/plain"}))[0] == 415
    assert refused(post(f"{path}/ack", json={"actor": "ann", "nota": "x"}, headers=tag))[0] == 422
    assert refused(post(f"{path}/note", json={"actor": "ann", "note": "a\u0000b"}, headers=tag))[0] == 422
    assert refused(post(f"{path}/ack", json={"actor": "ann", "note": "x"}, headers={"if-match": "*"}))[0] == 422
    assert refused(post(f"{path}/explode", json={"actor": "ann"}, headers=tag))[0] == 422
    assert refused(post(f"/gateway/alarms/{'0' * 32}/ack", json={"actor": "ann"}, headers=tag))[0] == 404
