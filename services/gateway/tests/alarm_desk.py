"""What people do at the alarm desk, for the tests: an alarm comes up, is found, acted upon, and the answer is read."""

from collections.abc import Callable
from typing import Any

from chassis.assessment import Assessment, RuleResult
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_alarm_store import NO_MODES

Make = Callable[..., Assessment]
POWER = RuleResult("PWF", "power", 9_500.0, 9_000.0, "above", "W", fired=True)


def raise_alarm(make: Make, mode: str = "PWF", machine: str = "M1", ago: float = 60) -> list[Assessment]:
    """Twenty seconds of one failure mode, one reading a second."""
    scores = NO_MODES | {mode: 0.9}
    fields: dict[str, Any] = {"machine_id": machine, "modes": scores, "rules": [POWER] if mode == "PWF" else []}
    return [make(f"{machine}-{mode}-{n}", ago - n, failure_probability=0.9, **fields) for n in range(20)]


def the_alarm(gateway: Gateway, machine: str = "M1") -> dict[str, Any]:
    """The one open alarm of a machine, as soon as it is there."""
    page = gateway.until("/alarms", lambda page: page["alarms"], machine=machine)
    (alarm,) = page["alarms"]
    return dict(alarm)


def act(gateway: Gateway, alarm: dict[str, Any], action: str, version: int | None = None, **body: Any) -> Any:
    """The answer to an action by ann, on the version that `alarm` has."""
    tag = f'"{alarm["version"] if version is None else version}"'
    path = f"/gateway/alarms/{alarm['alarm_id']}/{action}"
    return gateway.client.post(path, json={"actor": "ann"} | body, headers={"if-match": tag})


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    return dict(answer.json())


def refused(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
