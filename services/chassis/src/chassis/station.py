"""The station: from one topic to the next without losing a record. Every service that reads the log is one.

The five numbered steps of `step` and their order are the at-least-once guarantee: an offset is committed only after
everything that came out of the records before it is acknowledged. What a failure does:

    Rejected             this record can never work: a dead letter, its neighbours go on
    NotNow               a dependency is away: pause, stay a member of the group, try the same batch again
    LogUnavailable       the log is away: the same
    PublishUnknown       nothing is committed, the batch is read and handled again; what is behind it is idempotent
    Fenced               the partitions belong to another member now; the records come again there
    anything else        flies: the process ends without committing
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from dataclasses import dataclass, field
from datetime import datetime

from chassis.dead_letter import dead_letter_of
from chassis.event_log import (
    Event,
    EventLog,
    Fenced,
    LogFull,
    LogUnavailable,
    Position,
    PublishUnknown,
    Record,
    TopicPartition,
)
from chassis.station_metrics import StationObserver
from chassis.telemetry import Telemetry

log = logging.getLogger(__name__)
PAUSED_POLL_S = 0.2
LAG_EVERY_S = 1.0
REPORT_AGAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that can never work. `code` is a metric label, so from a closed set; `detail` is for people."""

    record: Record
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a batch. A record may lead to any number of outputs, and to none."""

    outputs: list[Event] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)


class NotNow(Exception):
    """Raised by a handler: a dependency is away. The same batch comes again in about `retry_after_s` seconds."""

    def __init__(self, detail: str, retry_after_s: float = 1.0) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Station:
    """Reads `topics` as a member of `group`, lets `handle` judge each batch and publishes what comes out.

    `handle` gets the records of one poll in order and must be repeatable: after a crash the same records come again.
    """

    def __init__(
        self,
        *,
        name: str,
        log: EventLog,
        group: str,
        topics: Sequence[str],
        handle: Callable[[Sequence[Record]], Outcome],
        clock: Callable[[], datetime],
        observer: StationObserver,
        telemetry: Telemetry,
        batch: int = 500,
        poll_timeout_s: float = 0.2,
        ack_timeout_s: float = 10,
    ) -> None:
        """`name` is the service in dead letters and the label of metrics; `clock` gives UTC; `batch` is in records."""
        self.name = name
        self._group, self._handle, self._clock = group, handle, clock
        self._observer, self._telemetry = observer, telemetry
        self._batch, self._take = batch, batch
        self._poll_timeout_s, self._ack_timeout_s = poll_timeout_s, ack_timeout_s
        self._producer, self._consumer = log.producer(), log.consumer(group, topics)
        self._stop, self._assigned = threading.Event(), False
        self._polled_at = self._alive_at = time.monotonic()
        self._lag, self._lag_at, self._reported = 0, 0.0, ("", 0.0)

    def run(self, stop: threading.Event) -> None:
        """Step until `stop` is set; the batch in hand is finished and committed, then the group is left."""
        self._stop = stop
        try:
            while not stop.is_set():
                try:
                    self.step()
                except LogUnavailable as error:
                    self._report("station cannot reach the log", error)
                    stop.wait(error.retry_after_s)
        finally:
            self.close()

    def step(self) -> int:
        """One round; returns how many records were handled and committed. Raises LogUnavailable when poll does."""
        records = self._poll(self._take, self._poll_timeout_s)  # 1. Poll.
        if not records:
            self._alive_at = self._polled_at if not self._lag else self._alive_at
            return 0
        self._observer.took(self.name, records, self._clock())
        return self._work(records)

    def _work(self, records: list[Record]) -> int:
        while True:
            try:
                outcome = self._handled(records)  # 2. Handle the batch.
                futures = self._published(outcome)  # 3. Publish what came out of it.
                self._acknowledged(futures)  # 4. Wait for every acknowledgement.
                self._commit(records)  # 5. Commit.
            except (Fenced, PublishUnknown) as error:
                return self._drop(records, error)
            except LogFull as error:
                # Outputs that do not fit the window in one piece fit in two.
                self._take = max(1, len(records) // 2)
                self._wait_paused(error.retry_after_s)
                return self._drop(records, error)
            except (NotNow, LogUnavailable) as error:
                self._report("station waits for a dependency", error)
                self._alive_at = time.monotonic()
                if not self._wait_paused(error.retry_after_s) or not self._owns(records):
                    return self._drop(records, error)
            else:
                self._take = min(self._batch, self._take * 2)
                self._alive_at, self._reported = time.monotonic(), ("", 0.0)
                self._observer.settled(self.name, outcome.outputs, [reject.code for reject in outcome.rejects])
                return len(records)

    def _handled(self, records: list[Record]) -> Outcome:
        started = time.perf_counter()
        with self._telemetry.processing(records, self._group):
            outcome = self._handle(records)
        self._observer.handled(self.name, time.perf_counter() - started)
        return outcome

    def _published(self, outcome: Outcome) -> list[Future[Position]]:
        now = self._clock()
        buried = [
            dead_letter_of(reject.record, reject.code, reject.detail, self.name, now) for reject in outcome.rejects
        ]
        return self._producer.publish([*outcome.outputs, *buried])

    def _acknowledged(self, futures: list[Future[Position]]) -> None:
        deadline = time.monotonic() + self._ack_timeout_s
        while (left_s := deadline - time.monotonic()) > 0:
            # Seldom: a poll may move partitions, and what is published and not committed then comes again there.
            _, pending = wait(futures, min(left_s, 3.0), return_when=FIRST_EXCEPTION)
            for future in futures:
                if future.done():
                    future.result()
            if not pending:
                return
            self._keep_membership()
        raise PublishUnknown(f"no acknowledgement within {self._ack_timeout_s} s")

    def _commit(self, records: list[Record]) -> None:
        # Within a partition offsets rise, so the last one of each partition stays.
        self._consumer.commit({TopicPartition(r.topic, r.partition): r.offset + 1 for r in records})

    def _drop(self, records: list[Record], reason: Exception) -> int:
        """Forget the batch uncommitted: what is still ours is read again, the rest comes to its new owner."""
        self._observer.dropped(self.name)
        self._report("station reads a batch again", reason)
        owned = self._consumer.assignment()
        starts: dict[TopicPartition, int] = {}
        for record in records:
            starts.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        for partition, offset in starts.items():
            if partition in owned:
                self._consumer.seek(partition, offset)
        return 0

    def _owns(self, records: list[Record]) -> bool:
        return self._consumer.assignment() >= {TopicPartition(r.topic, r.partition) for r in records}

    def _wait_paused(self, wait_s: float) -> bool:
        """Let `wait_s` seconds pass as a member of the group; False when the station is asked to stop."""
        deadline = time.monotonic() + wait_s
        while not self._stop.is_set() and (left_s := deadline - time.monotonic()) > 0:
            self._keep_membership(min(left_s, PAUSED_POLL_S))
        return not self._stop.is_set()

    def _keep_membership(self, timeout_s: float = 0.0) -> None:
        self._consumer.pause()
        try:
            self._poll(1, timeout_s)
        except LogUnavailable:
            # Reported already by whoever waits here; a log that is away must not turn the waiting into a busy loop.
            self._stop.wait(timeout_s)
        finally:
            self._consumer.resume()

    def _poll(self, take: int, timeout_s: float) -> list[Record]:
        # The lag comes first: once records are in hand nothing may fail any more before they are worked on.
        try:
            if time.monotonic() - self._lag_at >= LAG_EVERY_S:
                lag = self._consumer.lag()
                self._lag, self._lag_at = sum(lag.values()), time.monotonic()
                self._observer.polled(self.name, lag, self._clock())
                self._observer.missed(self.name, self._consumer.missed())
            records = self._consumer.poll(take, timeout_s)
        except LogUnavailable:
            self._alive_at = time.monotonic()  # waiting for a log that is away is no hang
            raise
        finally:
            self._polled_at = time.monotonic()
        self._assigned = self._assigned or bool(self._consumer.assignment())
        return records

    def _report(self, event: str, error: Exception) -> None:
        reason, now = type(error).__name__, time.monotonic()
        self._observer.held(self.name, reason)
        if reason != self._reported[0] or now - self._reported[1] > REPORT_AGAIN_S:
            self._reported = (reason, now)
            log.warning(event, extra={"station": self.name, "reason": reason, "detail": str(error)})

    def heartbeat_age_s(self) -> float:
        """Seconds since the last poll returned."""
        return time.monotonic() - self._polled_at

    def stuck_s(self) -> float:
        """Seconds without progress while there is something to do; waiting for a dependency that said so is alive."""
        return time.monotonic() - self._alive_at

    def is_assigned(self) -> bool:
        """Whether the group has given this station partitions at least once."""
        return self._assigned

    def close(self) -> None:
        """Leave the group, so that others take over at once, and release the producer."""
        self._consumer.close(self._ack_timeout_s)
        self._producer.close(self._ack_timeout_s)
