"""How far the writing station has come, for people: the same news that Prometheus gets, as one snapshot."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry

from chassis.event_log import Record, TopicPartition
from chassis.station_metrics import StationMetrics

Snapshot = tuple[Mapping[TopicPartition, int], float, datetime | None]
# The station of the live readings; how far replays have come is not asked here.
LIVE = "gateway"


class Progress(StationMetrics):
    """The stations' metrics, with lag and age of the live one kept. Told in the stations' threads, read in others."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry, "gateway")
        self._snapshot: Snapshot = ({}, 0.0, None)

    def took(self, station: str, records: Sequence[Record], now: datetime) -> None:
        super().took(station, records, now)
        if station != LIVE:
            return
        oldest_age_s = max(0.0, (now - min(record.appended_at for record in records)).total_seconds())
        self._snapshot = (self._snapshot[0], oldest_age_s, now)

    def polled(self, station: str, lag: Mapping[TopicPartition, int], now: datetime) -> None:
        super().polled(station, lag, now)
        if station != LIVE:
            return
        self._snapshot = (dict(lag), self._snapshot[1] if any(lag.values()) else 0.0, now)

    def snapshot(self) -> Snapshot:
        """Records not yet taken by partition, the age in seconds of the oldest in the latest batch, and as of when."""
        return self._snapshot
