"""The live stream: resumable without gap or double, bounded per client and in all, ended politely."""

import asyncio
from datetime import datetime

from starlette.types import Message

from chassis.assessment import encode
from chassis.problem import CONTENT_TYPE
from gateway.feed import Verdict
from gateway.instants import micros
from gateway.live import Audience, LiveResponse
from gateway.live_messages import ChangedAlarm
from services.gateway.tests.stage import Make, Stage, read


def test_a_client_gets_a_hello_and_then_frames(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stage.play(1)
        stream = stage.audience.events(None, None)
        (hello,) = await read(stream, 1)
        assert (hello.name, hello.data["machines"], hello.data["sequence"]) == ("hello", ["M1"], 1)
        stage.play(2)
        frames = await read(stream, 2)
        assert [(frame.name, frame.data["sequence"]) for frame in frames] == [("frame", 2), ("frame", 3)]
        ids = [event.id for event in (hello, *frames)]
        assert len(set(ids)) == 3

    asyncio.run(story())


def test_a_client_resumes_where_it_stopped(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now, behind=5)
        stage.audience.open()
        stage.play(1)
        (hello,) = await read(stage.audience.events(None, None), 1)
        stage.play(40)
        frames = await read(stage.audience.events(hello.id, None), 40)
        assert [frame.data["sequence"] for frame in frames] == list(range(2, 42))

    asyncio.run(story())


def test_a_client_that_was_away_too_long_or_elsewhere_starts_again(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stage.play(1)
        (hello,) = await read(stage.audience.events(None, None), 1)
        assert hello.id is not None
        stage.play(100)
        name = hello.id.partition("-")[0]
        for stale in (hello.id, "00000000-101", f"{name}-999", f"{name}-x", "\n", ""):
            again = await read(stage.audience.events(stale, None), 2)
            assert [event.name for event in again] == ["resync", "hello"], stale

    asyncio.run(story())


def test_a_slow_client_loses_frames_and_starts_again(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now, behind=5)
        stage.audience.open()
        stage.play(1)
        stream = stage.audience.events(None, None)
        await read(stream, 1)
        stage.play(1)
        await read(stream, 1)
        stage.play(6)
        resync, hello = await read(stream, 2)
        assert (resync.name, hello.name, hello.data["sequence"]) == ("resync", "hello", 8)
        stage.play(1)
        assert (await read(stream, 1))[0].data["sequence"] == 9

    asyncio.run(story())


def test_alarms_that_change_are_told_to_whoever_listens_then(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stage.alarms.add([ChangedAlarm("a0", "M1")])
        stream = stage.audience.events(None, None)
        assert [event.name for event in await read(stream, 1)] == ["hello"]
        stage.alarms.add([ChangedAlarm("a1", "M1"), ChangedAlarm("a2", "M2")])
        stage.alarms.add([ChangedAlarm("a1", "M1")])
        stage.play(1)
        events = await read(stream, 2)
        events += await read(stream, 1)
        assert [(event.name, event.id is None) for event in events] == [("alarms", True)] * 2 + [("frame", False)]
        assert [[alarm["alarm_id"] for alarm in event.data["alarms"]] for event in events[:2]] == [["a1", "a2"], ["a1"]]

    asyncio.run(story())


def test_a_client_that_lost_news_of_alarms_starts_again(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stream = stage.audience.events(None, None)
        await read(stream, 1)
        for _ in range(101):
            stage.alarms.add([ChangedAlarm("a1", "M1")])
        assert [event.name for event in await read(stream, 2)] == ["resync", "hello"]
        stage.alarms.add([ChangedAlarm("a2", "M1")])
        (event,) = await read(stream, 1)
        assert event.data["alarms"][0]["alarm_id"] == "a2"

    asyncio.run(story())


def test_a_watched_machine_comes_whole_once_per_reading(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stage.play(1, "M1")
        stream = stage.audience.events(None, "M1")
        hello, first = await read(stream, 2)
        assert (hello.name, first.name, first.data["event_id"]) == ("hello", "assessment", "e1")
        stage.play(1, "M2")
        stage.play(2, "M1")
        events = await read(stream, 3)
        events += await read(stream, 1)
        assert [event.name for event in events] == ["frame", "frame", "frame", "assessment"]
        assert events[-1].data["event_id"] == "e4"

    asyncio.run(story())


def test_a_watched_machine_that_is_silent_comes_from_the_store(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        without = await read(stage.audience.events(None, "M9"), 1)
        stage.stored = encode(make(machine_id="M9"))
        _, stored = await read(stage.audience.events(None, "M9"), 2)
        assert [event.name for event in without] == ["hello"]
        assert stored.data["machine_id"] == "M9"

    asyncio.run(story())


def test_a_reading_that_only_the_store_saw_comes_from_the_store(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stage.play(1)
        stream = stage.audience.events(None, "M1")
        await read(stream, 2)
        stage.stored = encode(make("elsewhere", ago=-5))
        stage.feed.load([("M1", Verdict(micros(now) + 5_000_000, 0.9, 1, False, None), None)])
        stage.feed.cut(micros(now) + 5_000_000)
        frame, stored = await read(stream, 1) + await read(stream, 1)
        assert (frame.data["condition"], stored.data["event_id"]) == ([1 << 3], "elsewhere")

    asyncio.run(story())


def test_silence_is_broken_by_a_comment(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now, heartbeat_s=0.01)
        stage.audience.open()
        stream = stage.audience.events(None, None)
        await read(stream, 1)
        async with asyncio.timeout(5):
            assert await anext(stream) == b": heartbeat\n\n"

    asyncio.run(story())


def test_closing_ends_every_stream_at_once(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now)
        stage.audience.open()
        stream = stage.audience.events(None, None)
        await read(stream, 1)
        waiting = asyncio.ensure_future(anext(stream, None))
        await asyncio.sleep(0)
        stage.audience.close()
        async with asyncio.timeout(1):
            assert await waiting is None

    asyncio.run(story())


class Call:
    """One HTTP call to an ASGI response: what was sent, and a client that hangs up when told."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.gone, self.streaming = asyncio.Event(), asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if message.get("more_body"):
            self.streaming.set()

    async def run(self, audience: Audience) -> None:
        response = LiveResponse(audience, None, None)
        await response({"type": "http", "asgi": {"spec_version": "2.3"}}, self.receive, self.send)


def test_the_stream_is_bounded_and_a_seat_is_given_back(make: Make, now: datetime) -> None:
    async def story() -> None:
        stage = Stage(make, now, seats=1)
        stage.audience.open()
        first, second, third = Call(), Call(), Call()
        running = asyncio.ensure_future(first.run(stage.audience))
        async with asyncio.timeout(5):
            await first.streaming.wait()
            await second.run(stage.audience)
            headers = dict(second.sent[0]["headers"])
            assert second.sent[0]["status"] == 503
            assert (headers[b"content-type"], headers[b"retry-after"]) == (CONTENT_TYPE.encode(), b"5")
            first.gone.set()
            await running
            third.gone.set()
            await third.run(stage.audience)
        assert third.sent[0]["status"] == 200
        opened = dict(third.sent[0]["headers"])
        assert opened[b"content-type"].startswith(b"text/event-stream")
        assert (opened[b"x-accel-buffering"], opened[b"cache-control"]) == (b"no", b"no-store")

    asyncio.run(story())
