"""The producer: a bounded window, a thread that talks to the broker, and one that keeps the deadlines.

A caller never waits: events are taken into the window or refused at once. What is refused was not sent; what was sent
and not acknowledged in time is unknown.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, wait
from functools import partial

from chassis.event_log import Event, LogError, LogUnavailable, Position, PublishUnknown
from chassis.kafka_log.congestion import CongestionWindow
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.delivery import Delivery, meaning_of
from chassis.kafka_log.flight import Ticket, answer
from chassis.window import Window

log = logging.getLogger(__name__)
SILENCE_S = 1.0  # a broker that has not answered for this long gets no new events until it does
CONNECT_S = 5.0
_RETRY_S = 0.2
_LOOK_EVERY_S = 0.05


class KafkaEventProducer:
    """A Producer with a window and a client of its own. Connects in the background."""

    def __init__(
        self, connection: Connection, window: Window, congestion: CongestionWindow, delivery_timeout_s: float
    ) -> None:
        self._connection, self._window, self._delivery_timeout_s = connection, window, delivery_timeout_s
        self._congestion = congestion
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._queue: deque[Ticket] = deque()
        self._open: dict[Ticket, None] = {}  # in the order of publishing
        self._failed: Exception | None = None
        self._away: tuple[float, str] | None = (time.monotonic(), "not connected yet")
        self._on_trial = False
        self._stop = threading.Event()
        threads = ((self._run, "kafka-log-producer"), (self._keep_deadlines, "kafka-log-deadlines"))
        self._threads = [threading.Thread(target=run, name=name, daemon=True) for run, name in threads]
        for thread in self._threads:
            thread.start()

    def publish(self, events: Sequence[Event]) -> list[Future[Position]]:
        if not events:
            return []
        with self._lock:
            now = time.monotonic()
            self._refuse_if_away(now)
            ticket = Ticket(events, self._window, self._congestion, now)
            self._open[ticket] = None
            self._queue.append(ticket)
            self._work.notify()
        return ticket.futures

    def _refuse_if_away(self, now: float) -> None:
        if self._stop.is_set():
            raise LogUnavailable("the producer is closed")
        if self._away is not None and now - self._away[0] > SILENCE_S:
            raise LogUnavailable(self._away[1])
        oldest = next(iter(self._open), None)
        if oldest is None:
            return
        if self._on_trial:
            raise LogUnavailable("the broker failed before; one delivery at a time until it answers")
        if (silent_s := now - oldest.taken_at) > SILENCE_S:
            raise LogUnavailable(f"the broker has not answered for {silent_s:.1f} s")

    def close(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        with self._lock:
            waiting = [future for ticket in self._open for future in ticket.futures]
        wait(waiting, timeout_s)
        self._stop.set()
        with self._lock:
            self._work.notify_all()
        self._abandon(PublishUnknown("the producer was closed before the broker acknowledged"))
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                delivery = Delivery(self._connection, self._delivery_timeout_s, CONNECT_S)
            except LogUnavailable as error:
                with self._lock:
                    since = self._away[0] if self._away is not None else time.monotonic()
                    self._away = (since, str(error))
                self._stop.wait(_RETRY_S)
                continue
            self._serve(delivery)
            delivery.drop()

    def _serve(self, delivery: Delivery) -> None:
        """Send what is published until a delivery fails or the producer is closed."""
        with self._lock:
            self._failed, self._away = None, None
        log.info("producer connected")
        while (ticket := self._next()) is not None:
            self._send(delivery, ticket)
        if self._failed is not None:
            log.warning("a delivery failed; a new producer is made", extra={"error": str(self._failed)})
            self._abandon(meaning_of(self._failed))

    def _next(self) -> Ticket | None:
        with self._lock:
            self._work.wait_for(lambda: self._queue or self._failed is not None or self._stop.is_set())
            if self._failed is not None or (self._stop.is_set() and not self._queue):
                return None
            ticket = self._queue.popleft()
            ticket.is_sent = True
            return ticket

    def _send(self, delivery: Delivery, ticket: Ticket) -> None:
        try:
            counts = {topic: delivery.partitions(topic) for topic in {event.topic for event in ticket.events}}
        except LogUnavailable as error:
            self._give_up(ticket, error)
            return
        for index, event in enumerate(ticket.events):
            if self._failed is not None:
                return  # what is left of the ticket is answered with everything else
            delivery.send(event, counts[event.topic], partial(self._done, ticket, index))

    def _done(self, ticket: Ticket, index: int, outcome: Position | Exception) -> None:
        with self._lock:
            future = ticket.claim(index)
            if ticket.is_answered:
                self._open.pop(ticket, None)
            if future is not None and ticket.is_answered and isinstance(outcome, Position):
                ticket.arrived(time.monotonic())
            if future is None:
                return  # answered already: its deadline has passed, or its client was given up
            if isinstance(outcome, Exception):
                self._fail(outcome)
            else:
                self._on_trial = False
        if isinstance(outcome, Exception):
            future.set_exception(meaning_of(outcome))
        else:
            future.set_result(outcome)

    def _fail(self, error: Exception) -> None:
        """Under the lock: this client is given up, and until the next one is there nothing is taken."""
        if self._failed is None:
            self._failed = error
            self._away = (time.monotonic() - 2 * SILENCE_S, f"the latest delivery failed: {error}")
            self._on_trial = True
            self._work.notify()

    def _give_up(self, ticket: Ticket, error: LogError) -> None:
        with self._lock:
            futures = ticket.claim_rest()
            self._open.pop(ticket, None)
        answer(futures, error)

    def _abandon(self, error: LogError) -> None:
        """Answer everything that is open: what was never sent is not stored, the rest is as `error` says."""
        with self._lock:
            unsent, sent = set(self._queue), [ticket for ticket in self._open if ticket.is_sent]
            self._queue.clear()
        for ticket in unsent:
            self._give_up(ticket, LogUnavailable("the broker went away before the event was sent"))
        unknown = PublishUnknown(f"{error}") if not isinstance(error, PublishUnknown) else error
        for ticket in sent:
            self._give_up(ticket, unknown)

    def _keep_deadlines(self) -> None:
        while not self._stop.wait(_LOOK_EVERY_S):
            now = time.monotonic()
            with self._lock:
                waiting = [ticket for ticket in self._queue if now - ticket.taken_at > SILENCE_S]
                for ticket in waiting:
                    self._queue.remove(ticket)
                reason = self._away[1] if self._away is not None else "the broker does not answer"
                oldest = next((ticket for ticket in self._open if ticket.is_sent), None)
                late = oldest is not None and now - oldest.taken_at > self._delivery_timeout_s
                if late:
                    self._fail(TimeoutError(f"no acknowledgement within {self._delivery_timeout_s} s"))
            for ticket in waiting:
                self._give_up(ticket, LogUnavailable(reason))
            if late:
                # The client's own thread may be the one that hangs: what it owes is answered here.
                self._abandon(PublishUnknown("not acknowledged in time; repeat with the same id"))
