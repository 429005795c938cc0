"""Logs made by hand: they remember what was published, and settle it when the test says so."""

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Lock

from chassis.event_log import Consumer, Event, LogError, LogUnavailable, Position


class FakeProducer:
    """Acknowledges at once, unless told to hold, to refuse, or to answer single events with an error."""

    def __init__(self) -> None:
        self.published: list[Event] = []
        self.is_holding = False
        self.refusal: LogUnavailable | None = None
        self.answers: dict[bytes | None, LogError] = {}
        self.is_closed = False
        self._waiting: list[tuple[Event, Future[Position]]] = []
        self._lock = Lock()

    def publish(self, events: Sequence[Event]) -> list[Future[Position]]:
        if self.refusal is not None:
            raise self.refusal
        futures: list[Future[Position]] = [Future() for _ in events]
        with self._lock:
            self._waiting += zip(events, futures, strict=True)
            self.published += events
        if not self.is_holding:
            self.settle()
        return futures

    def settle(self) -> None:
        """Acknowledge what waits; an event whose key is in `answers` gets that error instead."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for offset, (event, future) in enumerate(waiting):
            if error := self.answers.get(event.key):
                future.set_exception(error)
            else:
                future.set_result(Position(event.topic, 0, offset))

    def close(self, timeout_s: float) -> None:
        self.is_closed = True


class FakeLog:
    """A log with one producer. Ingest never consumes."""

    def __init__(self) -> None:
        self.fake = FakeProducer()

    def producer(self) -> FakeProducer:
        return self.fake

    def consumer(self, group: str, topics: Sequence[str]) -> Consumer:
        raise AssertionError("ingest never consumes")

    def tail(self, topics: Sequence[str]) -> Consumer:
        raise AssertionError("ingest never consumes")

    def close(self) -> None:
        raise AssertionError("the log is the caller's to close")
