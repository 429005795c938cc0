"""One Kafka producer client, from its connection to the first delivery that fails.

A client that has failed once is dropped: after an outage of two of three brokers, an idempotent producer of
kafka-python 3.0.12 took sends for ever without delivering them, past its own timeout; and the sequence numbers of what
is unknown must not be mixed with new events. Used by one thread; answers come on the client's own thread.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from kafka import KafkaProducer
from kafka import errors as kafka_errors

from chassis.event_log import Event, LogError, LogUnavailable, Position, PublishUnknown
from chassis.kafka_log.connection import REQUEST_TIMEOUT_MS, Connection
from chassis.kafka_log.partition import partition_of

log = logging.getLogger(__name__)
LINGER_MS = 5
_BATCH_BYTES = 128 * 1024
_MAX_REQUEST_BYTES = 4 * 2**20  # the topic's own limit decides, not the client's default of 1 MiB
_METADATA_MS = 1_000
_DROP_S = 15.0
# The broker or the client said no before anything was appended: the event is not stored.
_REFUSALS = (
    kafka_errors.MessageSizeTooLargeError,
    kafka_errors.RecordListTooLargeError,
    kafka_errors.TopicAuthorizationFailedError,
    kafka_errors.InvalidTopicError,
)


class Delivery:
    """A connected producer client. Opening blocks; raises LogUnavailable when no broker answers."""

    def __init__(self, connection: Connection, delivery_timeout_s: float, connect_s: float) -> None:
        request_ms = min(REQUEST_TIMEOUT_MS, int(delivery_timeout_s * 500))
        self._client: Any = connection.open(
            KafkaProducer,
            connect_s,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            linger_ms=LINGER_MS,
            batch_size=_BATCH_BYTES,
            max_request_size=_MAX_REQUEST_BYTES,
            max_block_ms=_METADATA_MS,
            request_timeout_ms=request_ms,
            # Ours comes first; this one only ends what we have given up.
            delivery_timeout_ms=int(delivery_timeout_s * 1_000) + request_ms + LINGER_MS,
            metrics_enabled=False,
        )
        self._turn = 0

    def partitions(self, topic: str) -> int:
        """How many partitions `topic` has. Raises LogUnavailable when it does not exist or nobody knows."""
        try:
            return len(self._client.partitions_for(topic))
        except kafka_errors.KafkaError as error:
            raise LogUnavailable(f"the brokers do not tell of {topic} (pm-topics makes it): {error}") from error

    def send(self, event: Event, partitions: int, done: Callable[[Position | Exception], None]) -> None:
        """Hand `event` to the client; `done` is called once, here or on the client's thread."""
        if event.key is None:
            self._turn += 1
            partition = self._turn % partitions
        else:
            partition = partition_of(event.key, partitions)
        try:
            future = self._client.send(
                event.topic, value=event.value, key=event.key, headers=list(event.headers), partition=partition
            )
        except Exception as error:
            done(error)
            return
        future.add_callback(lambda sent: done(Position(sent.topic, sent.partition, sent.offset)))
        future.add_errback(done)

    def drop(self) -> None:
        """Give the client up at once; its connections and thread are ended in the background."""
        threading.Thread(target=self._end, name="kafka-log-drop", daemon=True).start()

    def close(self, timeout_s: float) -> None:
        """End a client that has nothing in flight."""
        self._end(timeout_s)

    def _end(self, timeout_s: float = _DROP_S) -> None:
        # KafkaProducer.close() begins with a flush that raises when something is left, before it has stopped its
        # thread. So the thread is stopped first: it fails what is left, and then there is nothing to flush.
        sender = self._client._sender
        sender.force_close()
        deadline = time.monotonic() + timeout_s
        sender.join(timeout_s)
        if sender.is_alive():
            log.warning("a producer client that was given up does not end", extra={"waited_s": timeout_s})
            return
        try:
            self._client.close(max(0.0, deadline - time.monotonic()))
        except kafka_errors.KafkaError as error:
            log.warning("a producer client did not close cleanly", extra={"error": str(error)})


def meaning_of(error: Exception) -> LogError:
    """What a failed delivery means for the caller: not stored, or unknown."""
    if isinstance(error, _REFUSALS):
        return LogUnavailable(f"the broker refuses the event: {error}")
    if isinstance(error, LogError):
        return error
    return PublishUnknown(f"not acknowledged: {error}; repeat with the same id")
