"""The watch over an event loop and its memory, against a real process that does what it must not."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.stalls import Stalls
from tests.server import free_port, poll_until

LOOP = """
import asyncio, sys, time
kept = []
async def serve(reader, writer):
    path = (await reader.readuntil(b"\\r\\n\\r\\n")).split()[1]
    if path == b"/block":
        time.sleep(0.6)  # as a client of a broker does that is called on the loop
    if path == b"/grow":
        kept.append(b"x" * 100 * 2**20)
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""


@pytest.fixture
def loop() -> Iterator[tuple[str, int]]:
    """The address and the process of a small server."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", LOOP, str(port)])
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(url).status_code == 200
        except httpx.TransportError:
            return False

    try:
        poll_until(answers, 30, "the server answers")
        yield url, process.pid
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("path", ["/calm", "/block", "/grow"])
def test_a_loop_that_stands_still_and_memory_that_grows_are_seen(loop: tuple[str, int], path: str) -> None:
    with Stalls(*loop) as stalls:
        poll_until(lambda: stalls.answers >= 5, 30, "five looks")
        httpx.get(f"{loop[0]}{path}", timeout=30)
        seen = stalls.answers
        poll_until(lambda: stalls.answers >= seen + 5, 30, "five looks more")
    assert not stalls.wrong
    if path != "/grow":  # to get a hundred megabytes takes a busy host its time
        assert (stalls.longest_s > 0.25) is (path == "/block")
    assert (stalls.grown > 64 * 2**20) is (path == "/grow")
