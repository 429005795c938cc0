"""The other system that messages go to, over real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Desk:
    """The other system: answers what `answers` says, in turn, and 204 afterwards; remembers what it was told."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def hear(self, headers: dict[str, str], body: bytes) -> int:
        self.heard.append((headers, body))
        return self.answers.pop(0) if self.answers else 204


@contextmanager
def receiving() -> Iterator[Desk]:
    """The other system on a port of loopback."""
    desk = Desk()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(desk.hear({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    desk.url = f"http://127.0.0.1:{server.server_port}/hook?plant=1"
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
