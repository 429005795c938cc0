"""The one thread of a process that writes to the embedded log: group commit behind bounded windows.

It drains its queue, writes everything in one transaction and answers after COMMIT. Consumers' jobs (commit, membership)
ride in the same transactions. A second thread answers callers whose deadline passes while the disk does not.
"""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

from chassis.embedded_queue import Bell, Job, Ticket
from chassis.embedded_store import Store, entry_of
from chassis.event_log import Event, LogError, LogUnavailable, Position, PublishUnknown
from chassis.window import Window, size_of

log = logging.getLogger(__name__)
T = TypeVar("T")
TRANSACTION_EVENTS = 2_000
DEADLINE_CHECK_S = 0.25
PRUNE_RECORDS = 500
PRUNE_EVERY_S = 1.0
PRUNE_AT_LATEST_S = 30.0


class Written(NamedTuple):
    """What a transaction brought: the positions of its events and the results of its jobs, in order."""

    positions: list[Position]
    results: list[Any]


class Writer:
    """Owns the writing connection. `publish` and `submit` may be called from any thread."""

    def __init__(self, store: Store, bell: Bell, *, delivery_timeout_s: float, retention_s: float) -> None:
        self._store, self._bell = store, bell
        self._delivery_timeout_s, self._retention_s = delivery_timeout_s, retention_s
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._late = threading.Condition(self._lock)
        self._queue: deque[Ticket | Job] = deque()
        self._open: dict[Ticket, None] = {}
        self._closed = False
        self._pruned_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="embedded-log-writer", daemon=True)
        self._deadlines = threading.Thread(target=self._answer_late, name="embedded-log-deadlines", daemon=True)
        self._thread.start()
        self._deadlines.start()

    def publish(self, events: Sequence[Event], window: Window) -> Ticket:
        """Queue all events or none. Raises LogFull or LogUnavailable at once; never waits for the disk."""
        entries = [entry_of(event, self._store.partitions) for event in events]
        size = sum(map(size_of, events))
        ticket = Ticket(entries, size, window, time.monotonic() + self._delivery_timeout_s)
        for _ in events:
            future: Future[Position] = Future()
            # A caller that stops waiting must not be able to cancel what is on its way to the disk.
            future.set_running_or_notify_cancel()
            ticket.futures.append(future)
        with self._lock:
            if self._closed:
                raise LogUnavailable("the event log is closed")
            window.take(len(events), size)
            self._open[ticket] = None
            self._queue.append(ticket)
            self._work.notify()
        return ticket

    def submit(self, run: Callable[[Store], T], timeout_s: float | None = None) -> T:
        """Run a job in the next transaction and wait for its COMMIT. Raises LogUnavailable when that fails."""
        job = Job(run, Future())
        with self._lock:
            if self._closed:
                raise LogUnavailable("the event log is closed")
            self._queue.append(job)
            self._work.notify()
        try:
            result: T = job.future.result(self._delivery_timeout_s if timeout_s is None else timeout_s)
        except TimeoutError:
            raise LogUnavailable("the event log does not answer") from None
        return result

    def abandon(self, tickets: Sequence[Ticket]) -> None:
        """Answer what is still open among `tickets` with PublishUnknown."""
        for ticket in tickets:
            self._answer(ticket, PublishUnknown("not acknowledged in time; repeat with the same id"))

    def close(self, timeout_s: float) -> None:
        """Write what is queued, then end the threads; what is left after `timeout_s` seconds is unknown."""
        with self._lock:
            self._closed = True
            self._work.notify()
            self._late.notify()
        self._thread.join(timeout_s)
        self._deadlines.join(timeout_s)
        with self._lock:
            left = list(self._open)
        self.abandon(left)
        if not self._thread.is_alive():
            self._store.connection.close()

    def _run(self) -> None:
        try:
            while (batch := self._next()) is not None:
                if batch:
                    self._write(batch)
                self._prune_if_due()
        finally:
            with self._lock:
                self._closed = True

    def _next(self) -> list[Ticket | Job] | None:
        """Everything queued, up to a transaction's worth; empty when it is time to prune; None at the end."""
        with self._lock:
            until_prune_s = self._pruned_at + PRUNE_EVERY_S - time.monotonic()
            self._work.wait_for(lambda: self._queue or self._closed, max(0.0, until_prune_s))
            if self._closed and not self._queue:
                return None
            batch: list[Ticket | Job] = []
            events = 0
            while self._queue and events < TRANSACTION_EVENTS:
                item = self._queue.popleft()
                batch.append(item)
                events += len(item.entries) if isinstance(item, Ticket) else 1
            return batch

    def _write(self, batch: list[Ticket | Job]) -> None:
        taken = [item for item in batch if isinstance(item, Ticket)]
        tickets = [ticket for ticket in taken if not ticket.answered]
        jobs = [item for item in batch if isinstance(item, Job)]
        outcome = self._transact(tickets, jobs)
        # Room is made before the answers: who waited for an answer may publish again at once.
        for ticket in taken:
            ticket.window.give_back(len(ticket.entries), ticket.size)
        if isinstance(outcome, Written):
            at = iter(outcome.positions)
            for ticket in tickets:
                self._answer(ticket, [next(at) for _ in ticket.entries])
            for job, result in zip(jobs, outcome.results, strict=True):
                job.future.set_result(result)
        else:
            for ticket in tickets:
                self._answer(ticket, outcome)
            for job in jobs:
                job.future.set_exception(LogUnavailable(str(outcome)))
        self._bell.ring()

    def _transact(self, tickets: list[Ticket], jobs: list[Job]) -> Written | LogError:
        committing = False
        try:
            self._store.connection.execute("BEGIN IMMEDIATE")
            entries = [entry for ticket in tickets for entry in ticket.entries]
            positions = self._store.append(entries, time.time_ns() // 1_000)
            results = [job.run(self._store) for job in jobs]
            committing = True
            self._store.connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back(error)
            # A COMMIT that fails may have reached the disk; anything before it has not.
            if committing:
                return PublishUnknown(f"the event log could not confirm: {error}")
            return LogUnavailable(f"the event log cannot be written: {error}")
        return Written(positions, results)

    def _roll_back(self, error: sqlite3.Error) -> None:
        log.error("embedded log cannot be written", extra={"error": str(error)})
        if self._store.connection.in_transaction:
            self._store.connection.execute("ROLLBACK")
        self._store.forget()

    def _answer(self, ticket: Ticket, answer: list[Position] | LogError) -> None:
        with self._lock:
            if ticket.answered:
                return
            ticket.answered = True
            del self._open[ticket]
        if isinstance(answer, LogError):
            for future in ticket.futures:
                future.set_exception(answer)
        else:
            for future, position in zip(ticket.futures, answer, strict=True):
                future.set_result(position)

    def _answer_late(self) -> None:
        while True:
            with self._lock:
                if self._closed:
                    return
                now = time.monotonic()
                late = [ticket for ticket in self._open if ticket.deadline <= now]
                if not late:
                    self._late.wait(DEADLINE_CHECK_S)
            self.abandon(late)

    def _prune_if_due(self) -> None:
        """Retention, off the hot path: when the queue is empty, or when that has not happened for long."""
        waited = time.monotonic() - self._pruned_at
        if waited < PRUNE_EVERY_S or (self._queue and waited < PRUNE_AT_LATEST_S):
            return
        oldest_us = time.time_ns() // 1_000 - int(self._retention_s * 1e6)
        try:
            self._store.connection.execute("BEGIN IMMEDIATE")
            dropped = self._store.prune(oldest_us, PRUNE_RECORDS)
            self._store.connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back(error)
            dropped = 0
        # A full slice says there is more: go on at once unless somebody waits.
        self._pruned_at = time.monotonic() - (PRUNE_EVERY_S if dropped >= PRUNE_RECORDS else 0)
