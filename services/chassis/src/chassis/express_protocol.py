"""Uvicorn's HTTP protocol with express lanes: a plain request of a lane is answered as soon as its body is there.

The application is not told of it: no task, no scope, no messages. Whatever turns out not to be plain starts the
ordinary way a moment later, with everything that has arrived.
"""

import asyncio
from types import MappingProxyType
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.express import ExpressLane, Lanes
from chassis.joined_writes import JoinedWrites


class ExpressProtocol(HttpToolsProtocol):
    """One connection. The parser calls the `on_...` methods in the order of the request's parts."""

    lanes: Lanes = MappingProxyType({})

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lane: ExpressLane | None = None
        self._body = b""
        self._is_spent = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop with the accepted connection."""
        super().connection_made(cast(asyncio.Transport, JoinedWrites(transport, self.loop)))

    def data_received(self, data: bytes) -> None:
        """One express answer for each piece of data, so that a client with many requests in one waits its turn."""
        self._is_spent = False
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Take the lane, or go the ordinary way."""
        self._lane = self._found()
        if self._lane is None:
            super().on_headers_complete()
        self._body = b""

    def on_body(self, body: bytes) -> None:
        """Keep the body as long as the lane would take it."""
        if self._lane is None:
            super().on_body(body)
            return
        self._body += body
        if len(self._body) > self._lane.max_body_bytes:
            self._leave()

    def on_message_complete(self) -> None:
        """Answer, or leave it to the application."""
        if self._lane is not None and not self._answered(self._lane):
            self._leave()
        if self._lane is None:
            super().on_message_complete()
        self._lane = None

    def shutdown(self) -> None:
        """A request that is half here is still answered, by the ordinary way, which closes after it."""
        if self._lane is not None:
            self._leave()
        super().shutdown()

    def _found(self) -> ExpressLane | None:
        lane = self.lanes.get(self.url)
        if lane is None or self._is_spent or not lane.takes(self.headers):
            return None
        if self.parser.get_method() != b"POST" or self.parser.get_http_version() != "1.1":
            return None
        # Answers keep the order of requests, and who does not read what he is sent is held up by the ordinary way.
        is_free = self.cycle is None or self.cycle.response_complete
        return lane if is_free and not self.flow.write_paused else None

    def _answered(self, lane: ExpressLane) -> bool:
        answer = lane.answered(self._body, self.server_state.default_headers)
        if answer is None:
            return False
        self._is_spent = True
        cast(JoinedWrites, self.transport).write_now(answer)
        self.on_response_complete()
        return True

    def _leave(self) -> None:
        """The ordinary way, from the beginning."""
        self._lane = None
        super().on_headers_complete()
        super().on_body(self._body)


def protocol_with(lanes: Lanes) -> type[ExpressProtocol]:
    """The protocol of a server with these lanes; uvicorn makes one object of it per connection."""
    return type("ExpressProtocol", (ExpressProtocol,), {"lanes": lanes})
