"""What a stored batch says about its machines. Every change moves forward in event time or not at all.

Only rows that are new in the store come here, so that a record delivered twice changes nothing. Machines are always
written in the order of their ids: two writers then never wait for each other in a circle.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, case, func, or_, update

from gateway.highlights import top_mode, top_reason
from gateway.instants import micros
from gateway.refusals import Refusal
from gateway.store.assessments import Judged
from gateway.store.engine import insert_or_skip
from gateway.store.schema import machines


def register_unknown(connection: Connection, batch: Iterable[Judged], now_us: int) -> None:
    """Register the machines of a batch that nobody has registered."""
    newcomers = {
        judged.assessment.machine_id: {
            "id": judged.assessment.machine_id,
            "equipment": judged.assessment.equipment,
            "product_type": judged.assessment.product_type,
            "registered_at": now_us,
        }
        for judged in batch
    }
    if newcomers:
        connection.execute(insert_or_skip(connection, machines), [newcomers[name] for name in sorted(newcomers)])


def note_assessments(connection: Connection, stored: Sequence[Judged], now_us: int) -> None:
    """Count the stored readings, and keep the newest assessment of each machine by event time."""
    if not stored:
        return
    counts = Counter(judged.assessment.machine_id for judged in stored)
    counted = {
        "stored": machines.c.stored + bindparam("more"),
        "first_seen_at": func.coalesce(machines.c.first_seen_at, now_us),
    }
    connection.execute(
        update(machines).where(machines.c.id == bindparam("machine")).values(counted),
        [{"machine": name, "more": counts[name]} for name in sorted(counts)],
    )
    latest: dict[str, Judged] = {}
    for judged in stored:
        rival = latest.get(judged.assessment.machine_id)
        if rival is None or rival.assessment.observed_at < judged.assessment.observed_at:
            latest[judged.assessment.machine_id] = judged
    newer = or_(machines.c.observed_at.is_(None), machines.c.observed_at < bindparam("observed"))
    fields: dict[str, object] = {name: bindparam(f"new_{name}") for name in _last(stored[0])}
    connection.execute(
        update(machines).where(machines.c.id == bindparam("machine"), newer).values(fields),
        [_newest(latest[name]) for name in sorted(latest)],
    )


def note_refusals(connection: Connection, refusals: Sequence[Refusal], now_us: int, default_equipment: str) -> None:
    """Keep each machine's newest refusal, and since when without a break its readings could not be judged."""
    if not refusals:
        return
    newcomers = {
        refusal.machine_id: {
            "id": refusal.machine_id,
            "equipment": refusal.equipment or default_equipment,
            "registered_at": now_us,
            "first_seen_at": now_us,
        }
        for refusal in refusals
    }
    connection.execute(insert_or_skip(connection, machines), [newcomers[name] for name in sorted(newcomers)])
    still_refused = machines.c.refused_at > func.coalesce(machines.c.observed_at, -1)
    newer = or_(machines.c.refused_at.is_(None), machines.c.refused_at < bindparam("at"))
    connection.execute(
        update(machines)
        .where(machines.c.id == bindparam("machine"), newer)
        .values(
            refused_since=case((still_refused, machines.c.refused_since), else_=bindparam("at")),
            refused_at=bindparam("at"),
            refused_code=bindparam("code"),
            refused_detail=bindparam("detail"),
        ),
        [
            {"machine": refusal.machine_id, "at": refusal.at_us, "code": refusal.code, "detail": refusal.detail}
            for refusal in sorted(refusals, key=lambda r: (r.machine_id, r.at_us))
        ],
    )


def _newest(judged: Judged) -> dict[str, object]:
    last = _last(judged)
    machine = {"machine": judged.assessment.machine_id, "observed": last["observed_at"]}
    return machine | {f"new_{name}": value for name, value in last.items()}


def _last(judged: Judged) -> dict[str, object]:
    assessment = judged.assessment
    return {
        "equipment": assessment.equipment,
        "product_type": assessment.product_type,
        "observed_at": micros(assessment.observed_at),
        "received_at": micros(assessment.received_at),
        "event_id": assessment.event_id,
        "failure_probability": assessment.failure_probability,
        "anomaly_score": assessment.anomaly_score,
        "prediction": assessment.prediction,
        "anomaly": assessment.anomaly,
        "status": assessment.status,
        "top_mode": top_mode(assessment),
        "top_reason": msgspec.json.encode(top_reason(assessment)),
    }
