"""What a station tells while it works, and the Prometheus metrics made of it.

Labels are stations, topics, partitions and reason codes: closed sets, never a machine id.
"""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.event_log import Event, Record, TopicPartition

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class StationObserver(Protocol):
    """Told by a station of what happens; `station` is its name. Called in the station's thread."""

    def took(self, station: str, records: Sequence[Record], now: datetime) -> None:
        """A batch was polled."""
        ...

    def handled(self, station: str, seconds: float) -> None:
        """The handler returned."""
        ...

    def settled(self, station: str, outputs: Sequence[Event], reject_codes: Sequence[str]) -> None:
        """A batch was published, acknowledged and committed."""
        ...

    def held(self, station: str, reason: str) -> None:
        """A batch could not be settled and will be tried again; `reason` is the name of the error's class."""
        ...

    def dropped(self, station: str) -> None:
        """The batch in hand was given up uncommitted; what is still the station's comes again."""
        ...

    def polled(self, station: str, lag: Mapping[TopicPartition, int], now: datetime) -> None:
        """About once a second: the station is alive and this far behind."""
        ...

    def missed(self, station: str, total: int) -> None:
        """About once a second: how many records retention has dropped unread since the station began."""
        ...


@dataclass(frozen=True, slots=True)
class _Age:
    """When the records of a batch were appended: those in hand, or the latest ones that were."""

    oldest: datetime
    newest: datetime
    is_in_hand: bool = True

    def seconds(self, now: datetime) -> float:
        return max(0.0, (now - self.oldest).total_seconds())


class StationMetrics:
    """A StationObserver that counts for Prometheus; one per service, shared by its stations."""

    def __init__(self, registry: CollectorRegistry, service: str) -> None:
        """`service` is the middle of each name, as in `pm_gateway_station_records_total`."""
        prefix = f"pm_{service}_station"

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"{prefix}_{name}", text, ("station", *labels), registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"{prefix}_{name}", text, ("station", *labels), registry=registry)

        self._records = counter("records", "Records taken from the log, repetitions included", "topic")
        self._outputs = counter("outputs", "Acknowledged events that came out of records", "topic")
        self._rejected = counter("rejected", "Records that became dead letters", "code")
        self._held = counter("held", "Batches that had to be tried again", "reason")
        self._lag = gauge("lag_records", "Records not yet delivered", "topic", "partition")
        self._missed = counter("missed_records", "Records that retention dropped before they were read")
        self._age = gauge("oldest_record_age_seconds", "Age of the oldest record that is not settled; 0 when all are")
        self._beat = gauge("heartbeat_timestamp_seconds", "Unix time of the latest poll")
        self._seconds = Histogram(
            f"{prefix}_handle_seconds", "Time to handle a batch", ("station",), buckets=SECONDS, registry=registry
        )
        self._partitions: dict[str, frozenset[TopicPartition]] = {}
        self._missed_before: dict[str, int] = {}
        self._ages: dict[str, _Age] = {}

    def took(self, station: str, records: Sequence[Record], now: datetime) -> None:
        for topic, count in Tally(record.topic for record in records).items():
            self._records.labels(station, topic).inc(count)
        times = [record.appended_at for record in records]
        self._ages[station] = _Age(min(times), max(times))
        self._age.labels(station).set(self._ages[station].seconds(now))

    def handled(self, station: str, seconds: float) -> None:
        self._seconds.labels(station).observe(seconds)

    def settled(self, station: str, outputs: Sequence[Event], reject_codes: Sequence[str]) -> None:
        if (age := self._ages.get(station)) is not None:
            # What comes next was appended after what is done.
            self._ages[station] = _Age(age.newest, age.newest, is_in_hand=False)
        for topic, count in Tally(event.topic for event in outputs).items():
            self._outputs.labels(station, topic).inc(count)
        for code, count in Tally(reject_codes).items():
            self._rejected.labels(station, code).inc(count)

    def held(self, station: str, reason: str) -> None:
        self._held.labels(station, reason).inc()

    def dropped(self, station: str) -> None:
        if (age := self._ages.get(station)) is not None:
            self._ages[station] = _Age(age.oldest, age.newest, is_in_hand=False)

    def polled(self, station: str, lag: Mapping[TopicPartition, int], now: datetime) -> None:
        self._beat.labels(station).set(now.timestamp())
        age = self._ages.get(station)
        behind = age is not None and (age.is_in_hand or any(lag.values()))
        self._age.labels(station).set(age.seconds(now) if age is not None and behind else 0)
        # A partition that moved to another member must not keep its last lag here.
        for topic, partition in self._partitions.get(station, frozenset()) - lag.keys():
            self._lag.remove(station, topic, str(partition))
        self._partitions[station] = frozenset(lag)
        for (topic, partition), records in lag.items():
            self._lag.labels(station, topic, str(partition)).set(records)

    def missed(self, station: str, total: int) -> None:
        self._missed.labels(station).inc(total - self._missed_before.get(station, 0))
        self._missed_before[station] = total
