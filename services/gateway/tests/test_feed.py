"""The live feed: a hello and the frames after it always give the whole picture."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.assessment import Assessment, encode
from gateway.feed import Feed, SentFrame, Verdict, per_mille
from gateway.instants import micros
from gateway.machine_state import Patience, State, state_of
from gateway.refusals import Refusal

Make = Callable[..., Assessment]
S = 1_000_000
PATIENCE = Patience(10, 300)


@dataclass
class Screen:
    """What a browser makes of the messages."""

    ids: list[str] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    modes: list[str] = field(default_factory=list)
    sequence: int = 0

    def hello(self, data: bytes) -> None:
        message = json.loads(data)
        self.ids, self.modes, self.sequence = message["machines"], message["modes"], message["sequence"]
        self.columns = self.read(message["columns"], message["server_time"])

    def read(self, columns: dict[str, list[Any]], server_time: int) -> dict[str, list[Any]]:
        conditions: list[int] = columns["condition"]
        return {
            "probability": columns["probability"],
            "state": [condition & 7 for condition in conditions],
            "flags": [condition >> 3 & 3 for condition in conditions],
            "mode": [self.modes[(condition >> 5) - 1] if condition >> 5 else None for condition in conditions],
            "observed_at": [age if age is None else server_time - 100 * age for age in columns["age"]],
        }

    def frame(self, frame: SentFrame) -> None:
        message = json.loads(frame.data)
        assert message["sequence"] == self.sequence + 1, "a gap or a double"
        self.sequence += 1
        for index, machine_id in message.get("new", []):
            assert index == len(self.ids)
            self.ids.append(machine_id)
            for column in self.columns.values():
                column.append(None)
        self.modes += message.get("new_modes", [])
        changed = self.read(message, message["server_time"])
        for name, column in self.columns.items():
            for index, value in zip(message["index"], changed[name], strict=True):
                column[index] = value

    def picture(self) -> dict[str, tuple[Any, ...]]:
        return dict(zip(self.ids, zip(*self.columns.values(), strict=True), strict=True))


def feed_with(make: Make, *machines: str) -> Feed:
    feed = Feed(PATIENCE, 60)
    for machine_id in machines:
        feed.assess(make(machine_id=machine_id), b"{}")
    return feed


def test_a_frame_holds_what_changed_and_silence_makes_none(make: Make, now: datetime) -> None:
    feed, now_us = feed_with(make, "M1", "M2"), micros(now)
    first = feed.cut(now_us)
    assert first is not None
    message = json.loads(first.data)
    assert (message["index"], message["new"]) == ([0, 1], [[0, "M1"], [1, "M2"]])
    assert (message["probability"], message["condition"], message["age"]) == ([20, 20], [1 << 5, 1 << 5], [0, 0])
    assert message["new_modes"] == ["OSF"]
    assert feed.cut(now_us + S // 10) is None
    feed.assess(make("e2", ago=-1, machine_id="M2", failure_probability=0.9), b"{}")
    second = feed.cut(now_us + S)
    assert second is not None
    assert json.loads(second.data)["index"] == [1]
    assert "new" not in json.loads(second.data)


def test_time_alone_turns_live_into_stale_and_offline(make: Make, now: datetime) -> None:
    feed, now_us = feed_with(make, "M1"), micros(now)
    states = {}
    for second in range(400):
        if (frame := feed.cut(now_us + second * S)) is not None:
            states[second] = [condition & 7 for condition in json.loads(frame.data)["condition"]]
    assert states == {0: [State.LIVE], 11: [State.STALE], 301: [State.OFFLINE]}


def test_late_news_changes_nothing(make: Make, now: datetime) -> None:
    feed = feed_with(make, "M1")
    feed.cut(micros(now))
    feed.assess(make("late", ago=5, machine_id="M1", failure_probability=0.9), b"late")
    feed.load([("M1", Verdict(micros(now) - S, 0.7, 1, True, None), None)])
    assert feed.cut(micros(now)) is None
    assert feed.latest("M1") == (0, b"{}")


def test_the_ring_forgets_after_its_time_and_says_so(make: Make, now: datetime) -> None:
    feed, now_us = feed_with(make, "M1"), micros(now)
    feed.cut(now_us)
    for number in range(1, 120):
        feed.assess(make(f"e{number}", ago=-number, machine_id="M1"), b"{}")
        feed.cut(now_us + number * S)
    assert feed.sequence == 120
    kept = feed.since(120 - 61)
    assert kept is not None
    assert [frame.sequence for frame in kept] == list(range(60, 121))
    assert feed.since(120) == []
    assert feed.since(58) is None
    assert feed.since(121) is None


news = st.tuples(
    st.sampled_from(["judged", "refused", "loaded", "cut", "cut"]),
    st.sampled_from(["M1", "M2", "M3", "M4"]),
    st.integers(-400, 30),
    st.integers(0, 12),
)


@given(st.lists(news, max_size=60), st.integers(0, 59))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hello_and_frames_give_the_whole_picture_wherever_one_joins(
    make: Make, now: datetime, story: list[tuple[str, str, int, int]], joins_at: int
) -> None:
    feed, screen, late = Feed(PATIENCE, 3600), Screen(), Screen()
    now_us = micros(now)
    truth: dict[str, tuple[int | None, int | None]] = {}
    screen.hello(feed.hello(now_us)[1])
    for step, (kind, machine, at_s, pause_s) in enumerate(story):
        at_us = micros(now) + at_s * S
        observed, refused = truth.get(machine, (None, None))
        if kind == "judged":
            modes = {f"MODE{step % 3}": 0.4}
            feed.assess(make(f"e{step}", ago=-at_s, machine_id=machine, modes=modes), encode(make()))
            observed = max(at_us, observed) if observed is not None else at_us
        elif kind == "loaded":
            feed.load([(machine, Verdict(at_us, 0.5, 1, False, None), at_us + S)])
            observed = max(at_us, observed) if observed is not None else at_us
            refused = max(at_us + S, refused) if refused is not None else at_us + S
        elif kind == "refused":
            feed.refuse(Refusal(machine, None, at_us, "out_of_range", ""))
            refused = max(at_us, refused) if refused is not None else at_us
        else:
            now_us += pause_s * S
            if (frame := feed.cut(now_us)) is not None:
                screen.frame(frame)
            continue
        truth[machine] = (observed, refused)
        if step == joins_at:
            late.hello(feed.hello(now_us)[1])
    now_us += 2 * S
    if (frame := feed.cut(now_us)) is not None:
        screen.frame(frame)
    if late.columns:
        for frame in feed.since(late.sequence) or []:
            late.frame(frame)
        assert late.picture() == screen.picture()
    shown = {machine: (row[1], row[-1]) for machine, row in screen.picture().items()}
    assert shown == {
        machine: (state_of(observed, refused, now_us, PATIENCE), observed // 1000 if observed is not None else None)
        for machine, (observed, refused) in truth.items()
    }


def test_a_certainty_is_never_claimed_by_rounding() -> None:
    assert [per_mille(value) for value in (0, 0.0001, 0.0204, 0.99999, 1)] == [0, 1, 20, 999, 1000]
