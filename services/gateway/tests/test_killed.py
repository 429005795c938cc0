"""kill -9 of a gateway under the hands of its operators: what was answered is there, and nothing is there twice."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.store import Store, alarms
from gateway.store.assessments import Judged
from services.gateway.tests.conftest import NOW
from services.gateway.tests.test_alarm_store import power_failure, put
from tools.services.service import Service

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(400)]
Judge = Callable[..., Judged]
ALARMS, OPERATORS, KILLS = 12, 3, 4
ANSWERED_BETWEEN_KILLS = 15


class Operator(threading.Thread):
    """Notes something on one alarm after the other, each note once, and remembers which ones were answered."""

    def __init__(self, name: str, url: str, alarm_ids: list[str], answered: list[str], seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self._url, self._alarm_ids, self._answered = url, alarm_ids, answered
        self._chance = random.Random(seed)
        self.done = threading.Event()
        self.asked: list[str] = []
        self.surprises: list[str] = []

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=10) as client:
            while not self.done.wait(0.01):
                try:
                    self._note(client)
                except httpx.TransportError:
                    # Killed meanwhile: whether it was done, nobody knows.
                    self.done.wait(0.05)

    def _note(self, client: httpx.Client) -> None:
        path = f"/gateway/alarms/{self._chance.choice(self._alarm_ids)}"
        seen = client.get(path)
        note = f"{self.name} {len(self.asked)}"
        self.asked.append(note)
        answer = client.post(
            f"{path}/note", json={"actor": self.name, "note": note}, headers={"if-match": seen.headers["etag"]}
        )
        if answer.status_code == 200:
            self._answered.append(note)
        elif answer.status_code not in (409, 503):
            self.surprises.append(answer.text)


@pytest.fixture
def gateway(postgres_store: Store, tmp_path: Path) -> Iterator[Service]:
    url = postgres_store.engine.url.render_as_string(hide_password=False)
    settings = {"GATEWAY_DATABASE_URL": url, "LOG_PATH": str(tmp_path / "log.sqlite3")}
    service = Service("gateway", ["-m", "gateway"], "GATEWAY", tmp_path / "gateway.log", settings)
    service.start()
    yield service
    service.stop()


def test_a_killed_gateway_loses_no_action_that_was_answered(
    gateway: Service, postgres_store: Store, judge: Judge
) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    for number in range(ALARMS):
        put(postgres_store, NOW, power_failure(judge, machine=f"M{number}"))
    ids = [alarm.id for alarm in alarms.page(postgres_store, alarms.Wanted(), "rank", None, ALARMS, 0)]
    answered: list[str] = []
    operators = [Operator(f"op{n}", gateway.url, ids, answered, seed + n) for n in range(OPERATORS)]
    for operator in operators:
        operator.start()
    for kill in range(KILLS + 1):
        await_answers(answered, (kill + 1) * ANSWERED_BETWEEN_KILLS)
        if kill < KILLS:
            gateway.kill()
            gateway.start()
    for operator in operators:
        operator.done.set()
    for operator in operators:
        operator.join(30)
    assert [operator.surprises for operator in operators] == [[]] * OPERATORS
    found = Counter(
        each.reason
        for name in ids
        for each in alarms.transitions_of(postgres_store, name, 10_000)
        if each.kind == "noted"
    )
    assert set(answered) <= found.keys()
    assert set(found) <= {note for operator in operators for note in operator.asked}
    assert set(found.values()) == {1}


def await_answers(answered: list[Any], count: int) -> None:
    deadline = time.monotonic() + 120
    while len(answered) < count:
        assert time.monotonic() < deadline, f"{len(answered)} of {count} actions were answered"
        time.sleep(0.01)
