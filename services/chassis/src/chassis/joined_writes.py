"""One system call per answer: uvicorn writes the head and the body of an answer one by one, each as its own packet."""

import asyncio
from typing import Any


class JoinedWrites:
    """A transport that keeps a first write until a second one comes or the turn of the event loop ends."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._kept = b""
        self._is_due = False

    def write(self, data: bytes) -> None:
        """Send `data`, at the latest at the end of this turn."""
        if self._kept:
            self.write_now(data)
            return
        self._kept = data
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._due)

    def write_now(self, data: bytes) -> None:
        """Send `data` at once, after what is kept."""
        kept, self._kept = self._kept, b""
        self._transport.write(kept + data if kept else data)

    def close(self) -> None:
        """Close after everything written is sent."""
        self._send()
        self._transport.close()

    def _due(self) -> None:
        self._is_due = False
        self._send()

    def _send(self) -> None:
        if self._kept:
            self.write_now(b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
