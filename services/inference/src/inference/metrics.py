"""Every metric of inference. Labels come from closed sets; a machine is never a label."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.assessment import Assessment
from chassis.http_metrics import HttpMetrics
from models.refusal import Refusal

SECONDS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1)


class InferenceMetrics:
    """Counters of one process; `door` is `predict`, `batch`, `stream` or `replay`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.http = HttpMetrics(registry, "inference")
        self.assessed = Counter(
            "pm_inference_assessments", "Readings judged", ("door", "status", "prediction"), registry=registry
        )
        self.refused = Counter("pm_inference_refusals", "Readings not judged", ("door", "code"), registry=registry)
        self.seconds = Histogram(
            "pm_inference_scoring_seconds",
            "Time to judge one request or one polled batch",
            ("door",),
            buckets=SECONDS,
            registry=registry,
        )
        self.model = Gauge(
            "pm_inference_model_info", "The loaded model", ("name", "version", "digest"), registry=registry
        )
        self.ready = Gauge("pm_inference_model_ready", "1 when the artifact passed every check", registry=registry)
        self._assessed: dict[tuple[str, str, int], Counter] = {}

    def count(self, door: str, answer: Assessment | Refusal) -> None:
        """Count one answer. Finding a labelled counter costs more than counting, so those of assessments are kept."""
        if isinstance(answer, Refusal):
            self.refused.labels(door, answer.code).inc()
            return
        labels = door, answer.status, answer.prediction
        counter = self._assessed.get(labels)
        if counter is None:
            counter = self._assessed[labels] = self.assessed.labels(door, answer.status, str(answer.prediction))
        counter.inc()
