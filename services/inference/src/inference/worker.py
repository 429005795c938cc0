"""The stream role: readings in, assessments out. What can never be judged becomes a dead letter with its code."""

import time
from collections.abc import Sequence

from chassis.assessment import Assessment, encode
from chassis.event_log import Event, Record
from chassis.station import Outcome, Rejected
from chassis.telemetry import Telemetry
from chassis.topics import ASSESSMENTS
from inference.door import Judge
from inference.metrics import InferenceMetrics

GROUP = "inference-stream"


class Worker:
    """Handles batches of `pm.readings`; holds no state between them."""

    def __init__(self, judge: Judge, telemetry: Telemetry, metrics: InferenceMetrics) -> None:
        self._judge = judge
        self._telemetry = telemetry
        self._metrics = metrics

    def handle(self, batch: Sequence[Record]) -> Outcome:
        """One assessment or one rejection per record, in order.

        The time of receipt is the log's own, so that a redelivered record gives the same assessment.
        """
        started = time.perf_counter()
        answers = self._judge.judge([record.value for record in batch], [record.appended_at for record in batch])
        outputs: list[Event] = []
        rejects: list[Rejected] = []
        for record, answer in zip(batch, answers, strict=True):
            self._metrics.count("stream", answer)
            if isinstance(answer, Assessment):
                outputs.append(self._event(record, answer))
            else:
                rejects.append(Rejected(record, answer.code, answer.detail))
        self._metrics.seconds.labels("stream").observe(time.perf_counter() - started)
        return Outcome(outputs, rejects)

    def _event(self, record: Record, assessment: Assessment) -> Event:
        headers = (
            *self._telemetry.onward(record),
            ("content-type", b"application/json"),
            ("equipment", assessment.equipment.encode()),
        )
        return Event(ASSESSMENTS, assessment.machine_id.encode(), encode(assessment), headers)
