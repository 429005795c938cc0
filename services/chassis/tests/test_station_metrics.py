"""What a station tells Prometheus."""

from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from chassis.event_log import Event, Record, TopicPartition
from chassis.station_metrics import StationMetrics

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def record(age_s: float) -> Record:
    return Record("pm.readings", 0, 0, b"M1", b"{}", (), NOW - timedelta(seconds=age_s))


def test_records_outputs_and_rejects_are_counted_by_closed_sets() -> None:
    registry = CollectorRegistry()
    metrics = StationMetrics(registry, "inference")
    metrics.took("stream", [record(1), record(5)], NOW)
    metrics.settled("stream", [Event("pm.assessments", b"M1", b"{}")], ["out_of_range", "out_of_range"])
    metrics.held("stream", "NotNow")
    metrics.handled("stream", 0.02)

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(f"pm_inference_station_{name}", {"station": "stream", **labels})

    assert value("records_total", topic="pm.readings") == 2
    assert value("outputs_total", topic="pm.assessments") == 1
    assert value("rejected_total", code="out_of_range") == 2
    assert value("held_total", reason="NotNow") == 1
    assert value("handle_seconds_count") == 1
    assert value("oldest_record_age_seconds") == 5


def test_a_partition_that_moved_away_takes_its_lag_with_it() -> None:
    registry = CollectorRegistry()
    metrics = StationMetrics(registry, "gateway")

    def lag(partition: int) -> float | None:
        labels = {"station": "s", "topic": "pm.readings", "partition": str(partition)}
        return registry.get_sample_value("pm_gateway_station_lag_records", labels)

    metrics.polled("s", {TopicPartition("pm.readings", 0): 4, TopicPartition("pm.readings", 1): 2}, NOW)
    assert (lag(0), lag(1)) == (4, 2)
    metrics.polled("s", {TopicPartition("pm.readings", 1): 0}, NOW)
    assert (lag(0), lag(1)) == (None, 0)
    beat = registry.get_sample_value("pm_gateway_station_heartbeat_timestamp_seconds", {"station": "s"})
    assert beat == NOW.timestamp()
    assert registry.get_sample_value("pm_gateway_station_oldest_record_age_seconds", {"station": "s"}) == 0
