"""KafkaLog: the EventLog on Apache Kafka."""

from collections.abc import Sequence

from chassis.event_log import LogError
from chassis.kafka_log.congestion import CongestionWindow
from chassis.kafka_log.connection import Connection
from chassis.kafka_log.joining import Group
from chassis.kafka_log.member import GroupMember
from chassis.kafka_log.producer import KafkaEventProducer
from chassis.kafka_log.tail import Tail
from chassis.window import Window

_FULL_RETRY_S = 0.5


class KafkaLog:
    """An EventLog. Opening it reaches for no broker; producers and consumers connect when they are used."""

    def __init__(
        self,
        connection: Connection,
        *,
        window_events: int = 10_000,
        window_bytes: int = 16 * 2**20,
        delivery_timeout_s: float = 10,
        session_timeout_s: float = 10,
        max_poll_interval_s: float = 60,
    ) -> None:
        """A member of a group loses its partitions `session_timeout_s` after its process died, and
        `max_poll_interval_s` after its latest poll when the process lives on without polling.
        """
        self._connection = connection
        self._window_events, self._window_bytes = window_events, window_bytes
        self._delivery_timeout_s = delivery_timeout_s
        self._session_timeout_s, self._max_poll_interval_s = session_timeout_s, max_poll_interval_s
        self._producers: list[KafkaEventProducer] = []
        self._closed = False

    def producer(self) -> KafkaEventProducer:
        """A producer with a window, a client and threads of its own. Never blocks."""
        if self._closed:
            raise LogError("the event log is closed")
        window = Window(self._window_events, self._window_bytes, _FULL_RETRY_S)
        congestion = CongestionWindow(self._window_bytes, _FULL_RETRY_S)
        self._producers.append(KafkaEventProducer(self._connection, window, congestion, self._delivery_timeout_s))
        return self._producers[-1]

    def consumer(self, group: str, topics: Sequence[str]) -> GroupMember:
        """A member of `group`; never blocks, connects with its first poll."""
        clocks = Group(group, tuple(topics), self._session_timeout_s, self._max_poll_interval_s)
        return GroupMember(self._connection, clocks)

    def tail(self, topics: Sequence[str]) -> Tail:
        """A reader from the end of the log as it is now. Blocks for some seconds at most; raises LogUnavailable."""
        return Tail(self._connection, topics)

    def close(self) -> None:
        """Wait for what is in flight, then close the producers. Consumers are closed by who asked for them."""
        self._closed = True
        for producer in self._producers:
            producer.close(self._delivery_timeout_s)
