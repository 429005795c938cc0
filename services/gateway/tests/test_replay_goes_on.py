"""A replay through another model that is stopped, goes on, and hears of readings twice."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from chassis.event_log import Event
from chassis.replay import KIND, encode_card
from chassis.topics import REPLAY_ASSESSMENTS
from gateway.store import Store
from gateway.store.replay_schema import replay_readings
from services.gateway.tests.other_model import CARD, OTHER, Make, answers_about, inference
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_policies import power_faults, refused, tell
from services.gateway.tests.test_replays import ask, finished


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


def test_scores_that_come_again_when_their_machine_is_done_are_dropped(
    stored_gateway: Gateway, store: Store, make: Make, now: datetime
) -> None:
    tell(stored_gateway, power_faults(make, "M1", [100], 0.9) + power_faults(make, "M2", [200], 0.9))
    hearing = threading.Event()
    with inference(stored_gateway, make, lambda found: found if found.machine_id == "M1" or hearing.is_set() else None):
        replay = ask(stored_gateway, now, model=OTHER)
        path = f"/replays/{replay['replay_id']}"
        stored_gateway.until(path, lambda found: found["machines_done"] == 1 and found["published"] == 1_190)
        stored_gateway.publish(*answers_about(stored_gateway, "M1", 595))
        # Behind them in their partition; the second model is not in the batch of the first, which is worked off then.
        for known, digest in enumerate(("sha256:behind", "sha256:further behind"), start=2):
            card = encode_card(msgspec.structs.replace(CARD, digest=digest))
            stored_gateway.publish(Event(REPLAY_ASSESSMENTS, b"M1", card, ((KIND, b"model"),)))
            stored_gateway.until("/models", are_known(known))
        assert stored_gateway.get(path)["scored"] == 595
        with store.transaction() as connection:
            assert connection.execute(select(replay_readings.c.id)).all() == []
        hearing.set()
        stored_gateway.client.post(f"/gateway{path}/cancel")
        stored_gateway.client.post(f"/gateway{path}/resume")
        found = finished(stored_gateway, replay)
    assert (found["state"], found["scored"], found["machines_done"]) == ("done", 1_190, 2)


def are_known(number: int) -> Callable[[Any], bool]:
    return lambda found: len(found["models"]) == number
