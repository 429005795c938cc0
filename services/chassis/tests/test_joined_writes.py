"""What is written in one turn of the event loop leaves as one piece, in order, and nothing is kept for later."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from chassis.joined_writes import JoinedWrites


class Wire:
    """Takes what a transport would send."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.sent.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def _in_a_loop(test: Callable[[Wire, JoinedWrites], Awaitable[None]]) -> Callable[[], None]:
    async def run() -> None:
        wire = Wire()
        await test(wire, JoinedWrites(cast(asyncio.Transport, wire), asyncio.get_running_loop()))

    def in_loop() -> None:
        asyncio.run(run())

    return in_loop


@_in_a_loop
async def test_head_and_body_leave_together_and_at_once(wire: Wire, transport: JoinedWrites) -> None:
    transport.write(b"head ")
    transport.write(b"body")
    assert wire.sent == [b"head body"]
    await asyncio.sleep(0)
    assert wire.sent == [b"head body"]


@_in_a_loop
async def test_a_head_without_a_body_leaves_at_the_end_of_the_turn(wire: Wire, transport: JoinedWrites) -> None:
    transport.write(b"head of a stream")
    assert wire.sent == []
    await asyncio.sleep(0)
    assert wire.sent == [b"head of a stream"]


@_in_a_loop
async def test_many_writes_keep_their_order(wire: Wire, transport: JoinedWrites) -> None:
    for number in range(7):
        transport.write(b"%d" % number)
    await asyncio.sleep(0)
    transport.write(b"7")
    await asyncio.sleep(0)
    assert b"".join(wire.sent) == b"01234567"


@_in_a_loop
async def test_closing_sends_the_rest_first(wire: Wire, transport: JoinedWrites) -> None:
    transport.write(b"the last words")
    transport.close()
    await asyncio.sleep(0)
    assert wire.sent == [b"the last words"]
    assert transport.is_closing()
