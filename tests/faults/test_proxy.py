"""The bad network of the tests, against a real echo server: each fault is seen by a client, and healed."""

import contextlib
import gc
import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy
from tests.server import poll_until


class Echo(socketserver.BaseRequestHandler):
    """Answers every chunk with itself."""

    heard: list[bytes]

    def handle(self) -> None:
        while True:
            try:
                chunk = self.request.recv(65_536)
            except OSError:
                return
            if not chunk:
                return
            self.heard.append(chunk)
            self.request.sendall(chunk)


@pytest.fixture
def heard() -> list[bytes]:
    """What has reached the server."""
    return []


@pytest.fixture
def proxy(heard: list[bytes]) -> Iterator[Proxy]:
    handler = type("Handler", (Echo,), {"heard": heard})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with Proxy(server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()
        thread.join(5)


def connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def ask(client: socket.socket, words: bytes) -> bytes:
    client.sendall(words)
    return client.recv(65_536)


def test_what_is_not_faulty_passes(proxy: Proxy) -> None:
    with connect(proxy) as client:
        assert ask(client, b"hello") == b"hello"
    assert proxy.connections == 1


def test_down_resets_connections_and_refuses_new_ones_until_healed(proxy: Proxy) -> None:
    with connect(proxy) as client:
        assert ask(client, b"hello") == b"hello"
        proxy.down()
        assert proxy.resets == 1
        with pytest.raises(ConnectionResetError):
            ask(client, b"are you there")
        with pytest.raises(ConnectionRefusedError):
            connect(proxy)
    port = proxy.port
    proxy.heal()
    assert proxy.port == port
    with connect(proxy) as client:
        assert ask(client, b"again") == b"again"


@pytest.mark.parametrize(("direction", "arrives"), [("up", False), ("down", True)])
def test_a_cut_in_one_direction_holds_only_that_one(
    proxy: Proxy, heard: list[bytes], direction: str, arrives: bool
) -> None:
    with connect(proxy) as client:
        assert ask(client, b"hello") == b"hello"
        proxy.cut(direction)
        client.sendall(b"held")
        poll_until(lambda: proxy.held == 1, 5, "the chunk is held")
        assert (heard[-1] == b"held") is arrives
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(10)
        proxy.heal()
        client.settimeout(5)
        assert client.recv(10) == b"held"


def test_a_lost_reply_comes_after_the_server_has_done_it(proxy: Proxy, heard: list[bytes]) -> None:
    proxy.lose_reply_after(b"COMMIT", 1)
    with connect(proxy) as client:
        assert ask(client, b"INSERT") == b"INSERT"
        with pytest.raises(ConnectionResetError):
            ask(client, b"COMMIT;")
    assert heard == [b"INSERT", b"COMMIT;"]
    assert proxy.lost_replies == 1
    with connect(proxy) as client:
        assert ask(client, b"COMMIT;") == b"COMMIT;"


def test_latency_and_bandwidth_delay_both_ways(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.latency_s = 0.1
        before = time.monotonic()
        assert ask(client, b"hello") == b"hello"
        assert time.monotonic() - before >= 0.2
        proxy.latency_s, proxy.bytes_per_s = 0.0, 10_000
        before = time.monotonic()
        assert ask(client, b"x" * 1_000) == b"x" * 1_000
        assert time.monotonic() - before >= 0.2


def test_a_server_that_is_away_shows_as_a_reset(proxy: Proxy) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        proxy.upstream = probe.getsockname()[1]
    with pytest.raises(ConnectionResetError), connect(proxy) as client:  # at once, or at the first word
        ask(client, b"anybody")
    assert proxy.refusals == 1


def test_connections_that_come_while_it_goes_down_are_not_left_open(proxy: Proxy) -> None:
    """asyncio warns of each that was: accepted, and never set up because its server was closed meanwhile."""
    over = threading.Event()

    def knock() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), connect(proxy):
                pass

    visitors = [threading.Thread(target=knock, daemon=True) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    for _ in range(100):
        proxy.down()
        proxy.heal()
    over.set()
    for visitor in visitors:
        visitor.join(5)
    gc.collect()
