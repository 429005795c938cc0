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


def test_the_oldest_unsettled_record_grows_older_until_it_is_settled() -> None:
    registry = CollectorRegistry()
    metrics = StationMetrics(registry, "gateway")
    behind, done = {TopicPartition("pm.readings", 0): 3}, {TopicPartition("pm.readings", 0): 0}

    def age_after(seconds: float, lag: dict[TopicPartition, int]) -> float | None:
        metrics.polled("s", lag, NOW + timedelta(seconds=seconds))
        return registry.get_sample_value("pm_gateway_station_oldest_record_age_seconds", {"station": "s"})

    metrics.took("s", [record(5), record(2)], NOW)
    assert age_after(60, done) == 65, "a batch that waits for a dependency is not done"
    metrics.settled("s", [], [])
    assert age_after(60, behind) == 62, "what is left is at most as old as the newest that is done"
    assert age_after(60, done) == 0
    metrics.took("s", [record(5)], NOW)
    metrics.dropped("s")
    assert age_after(60, done) == 0, "another member's now"


def test_missed_records_are_counted_once() -> None:
    registry = CollectorRegistry()
    metrics = StationMetrics(registry, "gateway")
    for total in (0, 7, 7, 9):
        metrics.missed("s", total)
    assert registry.get_sample_value("pm_gateway_station_missed_records_total", {"station": "s"}) == 9
