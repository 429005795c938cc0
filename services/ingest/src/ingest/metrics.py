"""Every metric of ingest. Labels come from closed sets; a machine is never a label."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.http_metrics import HttpMetrics

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class IngestMetrics:
    """Counters of one process; `source` is `http` or `simulator`, `code` one of the documented refusal codes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.http = HttpMetrics(registry, "ingest")
        self.accepted = Counter(
            "pm_ingest_readings_accepted", "Readings the log has acknowledged", ("source",), registry=registry
        )
        self.refused = Counter(
            "pm_ingest_readings_refused", "Readings that can never be taken", ("source", "code"), registry=registry
        )
        self.unacknowledged = Counter(
            "pm_ingest_readings_unacknowledged",
            "Readings the log did not take or did not acknowledge in time",
            ("source", "code"),
            registry=registry,
        )
        self.publish_seconds = Histogram(
            "pm_ingest_publish_seconds",
            "Time from handing a request's readings to the log until the last acknowledgement",
            buckets=SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "pm_ingest_events_in_flight", "Events handed to the log and not yet settled", registry=registry
        )
