"""A TCP proxy that can be told to be a bad network: slow, cut, resetting, or losing exactly one reply.

It runs on an event loop in a thread of its own and stands between a service and its broker or database.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")
_CHUNK = 64 * 1024
_CONTROL_S = 10.0
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with 0 s: closing sends RST


class _Link:
    """One client's connection and its way to the server."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client, self.server = client, server
        self.loses_reply = False

    def reset(self) -> None:
        _reset(self.client)
        _reset(self.server)


def _reset(writer: asyncio.StreamWriter) -> None:
    if not writer.transport.is_closing():
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def _watch(writer: asyncio.StreamWriter) -> None:
    """As every proxy does: a peer that the network took away without a word is noticed, and the other end told."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in ((socket.TCP_KEEPIDLE, 10), (socket.TCP_KEEPINTVL, 5), (socket.TCP_KEEPCNT, 3)):
        connection.setsockopt(socket.IPPROTO_TCP, option, value)


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`upstream`. A context manager; every method is for other threads.

    `resets`, `lost_replies` and `held` count what was done to connections and chunks: the proof that a fault bit.
    """

    def __init__(self, upstream: int = 0) -> None:
        """`upstream` may be set later, before the first client comes. Takes a free port at once."""
        self.upstream = upstream
        self.port = 0
        self.latency_s = 0.0
        self.bytes_per_s: float | None = None
        self.connections = self.resets = self.lost_replies = self.held = self.refusals = 0
        self._lose_after: tuple[bytes, int] = (b"", 0)
        self._links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._flows = {"up": asyncio.Event(), "down": asyncio.Event()}
        for flow in self._flows.values():
            flow.set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ask(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ask(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CONTROL_S)
        self._loop.close()

    def down(self) -> None:
        """Nobody listens any more, and every connection is reset."""
        self._ask(self._unlisten())
        self.reset()

    def reset(self) -> None:
        """Reset every connection (RST to both sides); new ones are welcome."""
        self._ask(self._reset())

    def cut(self, *directions: str) -> None:
        """Nothing passes in the directions ("up": to the server, "down": replies; default both) until `heal`.

        Connections stay; what was under way arrives after healing, as after a cut cable.
        """
        self._ask(self._set_flow(directions or ("up", "down"), passes=False))

    def heal(self) -> None:
        """Undo everything: listen, pass, at full speed."""
        self.latency_s, self.bytes_per_s, self._lose_after = 0.0, None, (b"", 0)
        self._ask(self._set_flow(("up", "down"), passes=True))
        self._ask(self._listen())

    def lose_reply_after(self, words: bytes, times: int) -> None:
        """The next `times` requests with `words` reach the server; its reply is lost and the connection reset."""
        self._lose_after = (words, times)

    def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_CONTROL_S)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=_CHUNK)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _unlisten(self) -> None:
        if self._server is None:
            return
        # asyncio leaks a connection that it has accepted, but not yet set up, when its server is closed: nobody is
        # accepted any more, then those under way get their turn, then the server is closed.
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        await asyncio.sleep(0)
        self._server.close()
        self._server = None

    async def _set_flow(self, directions: tuple[str, ...], *, passes: bool) -> None:
        for direction in directions:
            flow = self._flows[direction]
            flow.set() if passes else flow.clear()

    async def _reset(self) -> None:
        for link in list(self._links):
            self.resets += 1
            link.reset()

    async def _close(self) -> None:
        await self._unlisten()
        await self._set_flow(("up", "down"), passes=True)
        # Reset connections end their own tasks; nothing is cancelled in the middle. A client that was just accepted
        # has its connection to the server only a moment later, so it is looked for again.
        deadline = self._loop.time() + _CONTROL_S / 2
        while (others := asyncio.all_tasks() - {asyncio.current_task()}) and self._loop.time() < deadline:
            for link in list(self._links):
                link.reset()
            await asyncio.wait(others, timeout=0.1)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.upstream, limit=_CHUNK)
        except OSError:
            self.refusals += 1
            _reset(writer)
            return
        for end in (writer, server_writer):
            _watch(end)
        link = _Link(writer, server_writer)
        self._links.add(link)
        try:
            await asyncio.gather(
                self._pump(link, "up", reader, server_writer), self._pump(link, "down", server_reader, writer)
            )
        except OSError:
            pass  # either side went away; the other learns it by the reset below
        finally:
            self._links.discard(link)
            link.reset()

    async def _pump(
        self, link: _Link, direction: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        flow = self._flows[direction]
        while chunk := await reader.read(_CHUNK):
            if self.latency_s:
                await asyncio.sleep(self.latency_s)
            if self.bytes_per_s:
                await asyncio.sleep(len(chunk) / self.bytes_per_s)
            if not flow.is_set():
                self.held += 1
                await flow.wait()
            if direction == "up":
                self._mark(link, chunk)
            elif link.loses_reply:
                # The reply is here, so the server has done it; only now is it ambiguous for the client.
                self.lost_replies += 1
                link.reset()
                return
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    def _mark(self, link: _Link, chunk: bytes) -> None:
        words, times = self._lose_after
        if times and words in chunk:
            self._lose_after = (words, times - 1)
            link.loses_reply = True
