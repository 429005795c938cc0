"""Every metric of the gateway. Labels come from closed sets; a machine is never a label."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.http_metrics import HttpMetrics

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class GatewayMetrics:
    """Counters of one process; `code` is one of the codes of `worker`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.http = HttpMetrics(registry, "gateway")
        self.stored = Counter("pm_gateway_assessments_stored", "Assessments stored", registry=registry)
        self.duplicates = Counter(
            "pm_gateway_assessments_duplicate", "Assessments that were stored before", registry=registry
        )
        self.rejected = Counter(
            "pm_gateway_assessments_rejected", "Records that became dead letters here", ("code",), registry=registry
        )
        self.buried = Counter("pm_gateway_dead_letters_stored", "Dead letters stored", registry=registry)
        self.dropped = Counter(
            "pm_gateway_rows_dropped", "Rows dropped because of their age", ("kind",), registry=registry
        )
        self.store_seconds = Histogram(
            "pm_gateway_store_seconds", "Time to store one polled batch", buckets=SECONDS, registry=registry
        )
        self.clients = Gauge("pm_gateway_stream_clients", "Clients of the live stream", registry=registry)
        self.refused_clients = Counter(
            "pm_gateway_stream_clients_refused", "Clients refused because the stream was full", registry=registry
        )
        self.frames = Counter("pm_gateway_stream_frames_sent", "Frames sent to clients", registry=registry)
        self.resyncs = Counter(
            "pm_gateway_stream_resyncs", "Clients that had to start again, having missed frames", registry=registry
        )
        self.machines = Gauge("pm_gateway_machines", "Machines by state", ("state",), registry=registry)
        self.transitions = Counter(
            "pm_gateway_alarm_transitions", "Changes of alarms, by what happened", ("kind",), registry=registry
        )
        self.late = Counter(
            "pm_gateway_readings_late", "Readings that came too late to count for alarms", registry=registry
        )
        self.webhooks = Counter(
            "pm_gateway_webhook_attempts",
            "Attempts to deliver a message, by how they ended",
            ("outcome",),
            registry=registry,
        )

    def count_alarms(self, transitions: Mapping[str, int], late: int) -> None:
        """Transitions by kind, and late readings."""
        for kind, number in transitions.items():
            self.transitions.labels(kind).inc(number)
        self.late.inc(late)
