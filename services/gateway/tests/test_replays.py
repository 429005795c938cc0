"""Replays through the doors: equal to live, stopped and gone on, and through another model that answers on the log."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from chassis.assessment import Assessment, encode
from chassis.event_log import Event
from chassis.replay import KIND, ModelCard, Ticket, encode_card, kind_of, ticket_of
from chassis.topics import REPLAY_ASSESSMENTS, REPLAY_READINGS
from gateway.instants import micros
from gateway.retention import DAY_US, Retention
from gateway.store import Store, upkeep
from gateway.store.replay_schema import replay_events, replay_machines
from services.gateway.tests.alarm_desk import act, done
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_policies import body_of_day, document, power_faults, put, refused, stricter, tell

Make = Callable[..., Assessment]
OTHER = "sha256:other"


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


@contextmanager
def inference(gateway: Gateway, make: Make, answer: Callable[[Assessment], Assessment | None]) -> Iterator[None]:
    """Another model, which says of a reading what `answer` says; None says nothing at all."""
    stop = threading.Event()

    def run() -> None:
        consumer, producer = gateway.log.consumer("inference-replay", [REPLAY_READINGS]), gateway.log.producer()
        while not stop.is_set():
            records = consumer.poll(200, 0.05)
            events = []
            for record in records:
                if kind_of(record.headers) == "roll-call":
                    events.append(Event(REPLAY_ASSESSMENTS, None, encode_card(CARD), ((KIND, b"model"),)))
                elif (ticket := ticket_of(record.headers)) and (said := answer(scored(make, record.value, ticket))):
                    events.append(Event(REPLAY_ASSESSMENTS, record.key, encode(said), ticket.headers("assessment")))
            for future in producer.publish(events):
                future.result(10)
        consumer.close(1)
        producer.close(1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        gateway.until("/models", lambda found: found["models"])
        yield
    finally:
        stop.set()
        thread.join(10)


CARD = ModelCard(
    name="milling",
    version="other",
    digest=OTHER,
    equipment="milling",
    is_live=False,
    trained_on="little",
    rows=10,
    created_at="2026-05-01",
    evaluation={},
)


def scored(make: Make, body: bytes, ticket: Ticket) -> Assessment:
    """A quiet assessment of the reading on the topic."""
    reading = msgspec.json.decode(body)
    assert reading["event_id"] == ticket.event_id
    at = msgspec.convert(reading["observed_at"], datetime)
    modes = {"HDF": 0.0, "PWF": 0.0, "OSF": 0.0, "TWF": 0.0}
    fields = {"machine_id": reading["machine_id"], "observed_at": at, "received_at": at, "modes": modes}
    return make(ticket.event_id, **fields)


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


def test_a_replay_is_stopped_and_goes_on(stored_gateway: Gateway, make: Make, now: datetime) -> None:
    tell(stored_gateway, power_faults(make, "M1", [100], 0.9) + power_faults(make, "M2", [200], 0.9))
    hearing = threading.Event()
    with inference(stored_gateway, make, lambda found: found if hearing.is_set() else None):
        replay = ask(stored_gateway, now, model=OTHER)
        path = f"/replays/{replay['replay_id']}"
        waiting = stored_gateway.until(path, lambda found: found["published"] == 1_190)
        assert 0 < waiting["progress"] < 1
        assert stored_gateway.client.post(f"/gateway{path}/resume").json()["state"] == "running", "nothing to resume"
        cancelled = stored_gateway.client.post(f"/gateway{path}/cancel").json()
        assert (cancelled["state"], cancelled["result"]) == ("cancelled", None)
        hearing.set()
        resumed = stored_gateway.client.post(f"/gateway{path}/resume").json()
        assert resumed["state"] in ("queued", "running")
        found = finished(stored_gateway, replay)
    assert (found["state"], found["scored"], found["machines_done"]) == ("done", 1_190, 2)
    assert refused(stored_gateway.client.post(f"/gateway{path}/cancel")) == (409, "replay_conflict")
    assert refused(stored_gateway.client.post(f"/gateway{path}/resume")) == (409, "replay_conflict")


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
