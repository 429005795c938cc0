"""The generator against a real server: every answer is understood, and the unknown is repeated until it is known."""

import json
from pathlib import Path

import pytest

from tests.faults.answers import said
from tests.faults.history import History
from tests.faults.load import Load, Pace
from tests.faults.readings import readings
from tests.server import Standalone, poll_until


@pytest.mark.timeout(400)
def test_every_reading_is_known_in_the_end_though_the_server_is_killed(state: Path, tmp_path: Path) -> None:
    server = Standalone(state)
    try:
        server.start()
        history = History(tmp_path / "history.jsonl")
        load = Load(server.url, history, list(readings("run", 3_000, seed=1)), Pace(rate=1_500, timeout_s=3))
        load.start()
        poll_until(lambda: load.settled >= 800, 90, "the load has begun")
        server.kill()
        poll_until(lambda: any(a.outcome == "unknown" and a.t_ack for a in history), 60, "an attempt has no answer")
        server.start()
        load.join(150)
        history.close()
        assert history.counts() == {"accepted": 2_994, "refused": 6}
        assert History.read(tmp_path / "history.jsonl").outcomes() == history.outcomes()
        assert max(attempt.attempt for attempt in history) > 1
    finally:
        server.end()


def test_a_load_that_cannot_reach_anyone_gives_up_and_says_unknown() -> None:
    history = History()
    load = Load("http://127.0.0.1:1", history, list(readings("run", 10, seed=1)), Pace(give_up_s=0.5))
    load.start()
    load.join(20)
    assert history.counts() == {"unknown": 10}


def _answer(*items: tuple[int, str | None]) -> bytes:
    results = [{"index": n, "status": status, "code": code} for n, (status, code) in enumerate(items)]
    return json.dumps({"results": results}).encode()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (202, _answer((202, None), (422, "out_of_range")), [("accepted", False), ("refused", False)]),
        (503, _answer((202, None), (503, "publish_unknown")), [("accepted", False), ("unknown", True)]),
        (503, _answer((503, "log_full"), (503, "log_unavailable")), [("refused", True), ("refused", True)]),
        (503, b"{}", [("unknown", True)] * 2),
        (502, b"<html>", [("unknown", True)] * 2),
        (500, b"[]", [("unknown", True)] * 2),
        (202, _answer((202, None)), [("unknown", True)] * 2),
        (429, b"{}", [("refused", True)] * 2),
        (413, b"{}", [("refused", False)] * 2),
    ],
)
def test_an_answer_without_a_promise_is_unknown(status: int, body: bytes, expected: list[tuple[str, bool]]) -> None:
    assert [(each.outcome, each.again) for each in said(status, body, 2)] == expected
