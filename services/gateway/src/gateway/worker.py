"""The writing station's handler: assessments and dead letters from the log into the store, one transaction a batch."""

import dataclasses
import math
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from chassis.assessment import Assessment, decode
from chassis.dead_letter import DeadLetter, read_dead_letter
from chassis.event_log import Record
from chassis.station import NotNow, Outcome, Rejected
from chassis.topics import DEAD_LETTERS
from gateway.instants import micros
from gateway.metrics import GatewayMetrics
from gateway.refusals import EVENT_ID, MACHINE_ID
from gateway.retention import Retention
from gateway.store import Store, StoreAway, batch
from gateway.store.assessments import Inserted, Judged

GROUP = "gateway-history"
MALFORMED = "malformed_assessment"
CONFLICT = "id_conflict"
UNTIMELY = "outside_retention"


class Worker:
    """Stores batches. A batch that comes again changes nothing."""

    def __init__(
        self,
        store: Store,
        metrics: GatewayMetrics,
        clock: Callable[[], datetime],
        default_equipment: str,
        retention: Retention,
    ) -> None:
        """`clock` gives UTC; `default_equipment` is for machines whose first word could not be judged."""
        self._store, self._metrics, self._clock = store, metrics, clock
        self._default_equipment, self._retention = default_equipment, retention

    def handle(self, records: Sequence[Record]) -> Outcome:
        """Store what can be stored and reject the rest. Raises NotNow while the database is away.

        Nothing on the topic of dead letters is ever rejected: a dead letter of a dead letter would come back here.
        """
        letters = [letter_of(record) for record in records if record.topic == DEAD_LETTERS]
        judged: list[tuple[Record, Judged]] = []
        rejects: list[Rejected] = []
        for record in records:
            if record.topic == DEAD_LETTERS:
                continue
            found = judgement_of(record)
            if isinstance(found, Judged):
                judged.append((record, found))
            else:
                rejects.append(Rejected(record, MALFORMED, found))
        written = self._write([found for _, found in judged], letters)
        for code, detail, refused in (
            (CONFLICT, "another reading is stored under this event id", written.conflicts),
            (UNTIMELY, f"observed on a day that is not kept: {self._retention.days} days are", written.untimely),
        ):
            ids = {id(found) for found in refused}
            rejects += [Rejected(record, code, detail) for record, found in judged if id(found) in ids]
        for reject in rejects:
            self._metrics.rejected.labels(reject.code).inc()
        return Outcome(rejects=rejects)

    def _write(self, judged: Sequence[Judged], letters: Sequence[DeadLetter]) -> Inserted:
        started = time.perf_counter()
        now_us = micros(self._clock())
        try:
            written = batch.write(self._store, judged, letters, now_us, self._default_equipment, self._retention)
        except StoreAway as error:
            raise NotNow(str(error), error.retry_after_s) from error
        self._metrics.store_seconds.observe(time.perf_counter() - started)
        self._metrics.stored.inc(len(written.assessments.stored))
        self._metrics.duplicates.inc(len(written.assessments.duplicates))
        self._metrics.buried.inc(len(written.dead_letters))
        self._metrics.count_alarms(written.alarms.transitions, written.alarms.late)
        return written.assessments


def judgement_of(record: Record) -> Judged | str:
    """The assessment in a record, or a sentence that says why it is none that can be kept."""
    try:
        assessment = decode(record.value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"not an assessment: {error}"
    if (reason := _unfit(assessment)) is not None:
        return reason
    return Judged(assessment, record.value, record.partition, record.offset)


def _unfit(assessment: Assessment) -> str | None:
    """The contract's rules that types do not tell, so that nothing half-right is stored or shown."""
    shares = (assessment.failure_probability, assessment.anomaly_score, *assessment.modes.values())
    modes = "".join(assessment.modes)
    named = MACHINE_ID.fullmatch(assessment.machine_id) and MACHINE_ID.fullmatch(assessment.equipment)
    rules = (
        (named, "an invalid machine id or equipment"),
        (EVENT_ID.fullmatch(assessment.event_id), "an invalid event id"),
        (len(assessment.product_type) <= 16 and assessment.product_type.isprintable(), "an invalid product type"),
        (len(assessment.model.digest) <= 128 and assessment.model.digest.isprintable(), "an invalid model digest"),
        (modes.isprintable() and max(map(len, assessment.modes), default=0) <= 64, "an invalid failure mode"),
        (assessment.observed_at.tzinfo and assessment.received_at.tzinfo, "a time without a zone"),
        (assessment.prediction in (0, 1), "a prediction that is neither 0 nor 1"),
        (min(shares) >= 0 and max(shares) <= 1, "a probability outside of 0 to 1"),
        (all(map(math.isfinite, assessment.signals.values())), "a signal that is not finite"),
    )
    return next((f"the assessment has {fault}" for holds, fault in rules if not holds), None)


def letter_of(record: Record) -> DeadLetter:
    """The dead letter in a record of their topic; any bytes there are one."""
    letter = read_dead_letter(record)
    if letter.refused_at.tzinfo is None:
        # Written by hand: our own dead letters always name their zone.
        return dataclasses.replace(letter, refused_at=record.appended_at)
    return letter
