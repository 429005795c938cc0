"""The door to the live stream: server-sent events of the feed, resumable, bounded per client and in all."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from chassis.openapi import answers
from chassis.problem import render
from gateway.alarm_watch import AlarmNews
from gateway.feed import Feed, SentFrame
from gateway.instants import micros
from gateway.live_messages import Resync, StreamEvents
from gateway.metrics import GatewayMetrics
from gateway.problems import MalformedQuery, TooManyClients
from gateway.store import StoreAway

_ID = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}"
_EVENT_ID = re.compile(r"([0-9a-f]{8})-([0-9]{1,15})")
_RETRY_MS = 2_000
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_RESYNC = msgspec.json.encode(Resync(reason="frames were lost"))


class Audience:
    """The clients of one feed. Lives on one event loop; only `wake` may be called from elsewhere."""

    def __init__(
        self,
        feed: Feed,
        alarms: AlarmNews,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        body_of: Callable[[str], bytes | None],
        *,
        seats: int,
        heartbeat_s: float,
        max_behind: int,
    ) -> None:
        """`body_of` gives a machine's newest stored assessment, and may block."""
        self._feed, self._alarms = feed, alarms
        self._metrics, self._clock, self._body_of = metrics, clock, body_of
        self._seats, self._heartbeat_s, self._max_behind = seats, heartbeat_s, max_behind
        # Frame numbers mean something within one process only: another replica has other frames.
        self._name = secrets.token_hex(4)
        self._taken = 0
        self._closed = False
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Serve clients on the running loop from now on."""
        self._loop, self._closed = asyncio.get_running_loop(), False

    def wake(self) -> None:
        """Tell all clients that there is a frame. Safe from any thread; nothing after the loop has ended."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell)

    def close(self) -> None:
        """End all streams after what they are writing now. Safe from any thread."""
        self._closed = True
        self.wake()

    @contextmanager
    def seat(self) -> Iterator[bool]:
        """Hold a seat while the block runs; gives False when none is free."""
        if self._closed or self._taken >= self._seats:
            self._metrics.refused_clients.inc()
            yield False
            return
        self._taken += 1
        self._metrics.clients.set(self._taken)
        try:
            yield True
        finally:
            self._taken -= 1
            self._metrics.clients.set(self._taken)

    async def events(self, last_event_id: str | None, machine_id: str | None) -> AsyncIterator[bytes]:
        """The stream of one client, from where it stopped or from a hello on, until `close`."""
        yield f"retry: {_RETRY_MS}\n\n".encode()
        heard = self._alarms.newest
        at = self._position(last_event_id)
        if at is None:
            if last_event_id is not None:
                yield _event("resync", _RESYNC)
            at, hello = self._hello()
            yield hello
        watch = _Watch(self._feed, machine_id, self._body_of)
        if (event := await watch.news()) is not None:
            yield event
        allowed = None  # a client that resumes may be as far behind as the ring is long
        while not self._closed:
            news = self._news
            frames, told = self._feed.since(at), self._alarms.since(heard)
            if frames is None or told is None or (allowed is not None and len(frames) > allowed):
                self._metrics.resyncs.inc()
                heard = self._alarms.newest
                at, hello = self._hello()
                yield _event("resync", _RESYNC) + hello
            elif told:
                heard += len(told)
                yield b"".join(_event("alarms", data) for data in told)
            elif frames:
                at = frames[-1].sequence
                self._metrics.frames.inc(len(frames))
                yield b"".join(self._numbered("frame", frame.sequence, frame.data) for frame in frames)
                if (event := await watch.after(frames)) is not None:
                    yield event
            elif not await _within(news, self._heartbeat_s):
                yield b": heartbeat\n\n"
            allowed = self._max_behind

    def _hello(self) -> tuple[int, bytes]:
        sequence, hello = self._feed.hello(micros(self._clock()))
        return sequence, self._numbered("hello", sequence, hello)

    def _position(self, last_event_id: str | None) -> int | None:
        match = _EVENT_ID.fullmatch(last_event_id or "")
        if match is None or match[1] != self._name or self._feed.since(int(match[2])) is None:
            return None
        return int(match[2])

    def _numbered(self, name: str, sequence: int, data: bytes) -> bytes:
        return b"id: %s-%d\n" % (self._name.encode(), sequence) + _event(name, data)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


class _Watch:
    """Follows one machine's newest assessment; without a machine it says nothing."""

    def __init__(self, feed: Feed, machine_id: str | None, body_of: Callable[[str], bytes | None]) -> None:
        self._feed, self._machine_id, self._body_of = feed, machine_id, body_of
        self._sent: bytes | None = None

    async def news(self) -> bytes | None:
        """The event with the newest assessment, unless the client has it."""
        if self._machine_id is None:
            return None
        known = self._feed.latest(self._machine_id)
        body = known[1] if known is not None else None
        if body is None:
            body = await run_in_threadpool(self._stored, self._machine_id)
        if body is None or body == self._sent:
            return None
        self._sent = body
        return _event("assessment", body)

    async def after(self, frames: Sequence[SentFrame]) -> bytes | None:
        """The same, if the machine is in one of the frames."""
        known = self._feed.latest(self._machine_id) if self._machine_id is not None else None
        if known is None or not any(known[0] in frame.changed for frame in frames):
            return None
        return await self.news()

    def _stored(self, machine_id: str) -> bytes | None:
        try:
            return self._body_of(machine_id)
        except StoreAway:
            # The stream is worth having without it: the machine's next reading brings one.
            return None


class LiveResponse(StreamingResponse):
    """A stream that takes a seat when it begins, and gives it back however it ends."""

    media_type = "text/event-stream"

    def __init__(self, audience: Audience, last_event_id: str | None, machine_id: str | None) -> None:
        super().__init__(audience.events(last_event_id, machine_id), headers=_HEADERS)
        self._audience = audience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._audience.seat() as seated:
            if seated:
                await super().__call__(scope, receive, send)
                return
        full = TooManyClients("the live stream is full", retry_after_s=5)
        await render(full)(scope, receive, send)


def live_routes(prefix: str, audience: Audience) -> APIRouter:
    """The route of the live stream."""
    router = APIRouter(prefix=prefix, tags=["live"])

    @router.get(
        "/stream",
        summary="The live stream of all machines, as server-sent events",
        responses=answers(200, StreamEvents, (MalformedQuery, TooManyClients), media_type="text/event-stream"),
        response_class=Response,
    )
    async def stream(
        machine: Annotated[str | None, Query(pattern=f"^{_ID}$", description="Also send this machine whole")] = None,
        last_event_id: Annotated[str | None, Header(max_length=64, description="Resume after this event")] = None,
    ) -> Response:
        """Events: `hello` (all machines), then `frame` (what changed, at most ten a second), and `alarms` (which of
        them changed). With `machine` also `assessment`: that machine's newest, whole. `resync`: frames were lost, a
        `hello` follows. A comment line keeps a silent connection open. Send `Last-Event-ID` to resume within a minute
        without gap or double; ask for the alarms anew then.
        """
        return LiveResponse(audience, last_event_id, machine)

    return router


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


async def _within(news: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return False
    return True
