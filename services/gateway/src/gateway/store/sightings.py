"""What a stored batch says about its machines. Every change moves forward in event time or not at all.

Only rows that are new in the store come here, so that a record delivered twice changes nothing. All machines of a
batch are held first, in the order of their ids: two writers then never wait for each other in a circle.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from gateway.highlights import top_mode, top_reason
from gateway.instants import micros
from gateway.refusals import Refusal
from gateway.store.assessments import Judged
from gateway.store.bulk import News, among, insert_new, renewed, update_each
from gateway.store.schema import machines


@dataclass(frozen=True, slots=True)
class Held:
    """A machine that is locked until the transaction ends: what it looked like before."""

    observed_at: int | None
    refused_at: int | None
    refused_since: int | None


def hold(
    connection: Connection,
    judged: Iterable[Judged],
    refusals: Iterable[Refusal],
    now_us: int,
    default_equipment: str,
    known: Collection[str],
) -> dict[str, Held]:
    """Register the machines that nobody has registered, and lock all of them, by machine id.

    `known` are registered for all we know; a database that came back from a backup may know better.
    """
    refused: dict[str, Refusal] = {}
    for refusal in refusals:
        refused.setdefault(refusal.machine_id, refusal)
    said = {word.assessment.machine_id: word.assessment for word in judged}
    if not (names := sorted(refused.keys() | said.keys())):
        return {}

    def register(name: str) -> dict[str, object]:
        # An assessment knows more of its machine than a refusal does.
        if name in said:
            return _newcomer(name, said[name].equipment, said[name].product_type, now_us)
        return _newcomer(name, refused[name].equipment or default_equipment, None, now_us)

    insert_new(connection, machines, [register(name) for name in names if name not in known])
    held = _locked(connection, names)
    if len(held) < len(names):
        insert_new(connection, machines, [register(name) for name in names if name not in held])
        held = _locked(connection, names)
    return held


def _locked(connection: Connection, names: Sequence[str]) -> dict[str, Held]:
    table = machines.c
    locking = select(table.id, table.observed_at, table.refused_at, table.refused_since)
    locking = locking.where(among(connection, table.id, names)).order_by(table.id).with_for_update(key_share=True)
    return {row[0]: Held(*row[1:]) for row in connection.execute(locking)}


def note_assessments(
    connection: Connection, held: Mapping[str, Held], stored: Sequence[Judged], now_us: int
) -> dict[str, Held]:
    """Count the stored readings, and keep the newest assessment of each machine by event time.

    Returns what is held, brought forward.
    """
    counts = Counter(judged.assessment.machine_id for judged in stored)
    latest: dict[str, Judged] = {}
    for judged in stored:
        rival = latest.get(judged.assessment.machine_id)
        if rival is None or rival.assessment.observed_at < judged.assessment.observed_at:
            latest[judged.assessment.machine_id] = judged
    counted: list[dict[str, object]] = []
    renewed: list[dict[str, object]] = []
    forward = dict(held)
    for name in sorted(latest):
        before, count = held[name], {"id": name, "stored": counts[name], "first_seen_at": now_us}
        observed_at = micros(latest[name].assessment.observed_at)
        if before.observed_at is None or before.observed_at < observed_at:
            renewed.append(count | _last(latest[name]))
            forward[name] = Held(observed_at, before.refused_at, before.refused_since)
        else:
            counted.append(count)
    for rows in (counted, renewed):
        update_each(connection, machines, rows, _counted)
    return forward


def note_refusals(connection: Connection, held: Mapping[str, Held], refusals: Sequence[Refusal], now_us: int) -> None:
    """Keep each machine's newest refusal, and since when without a break its readings could not be judged."""
    marked: dict[str, Held] = {}
    newest: dict[str, Refusal] = {}
    for refusal in sorted(refusals, key=lambda r: (r.machine_id, r.at_us)):
        before = marked.get(refusal.machine_id, held[refusal.machine_id])
        if before.refused_at is not None and before.refused_at >= refusal.at_us:
            continue
        still_refused = before.refused_at is not None and (
            before.observed_at is None or before.refused_at > before.observed_at
        )
        since = before.refused_since if still_refused else refusal.at_us
        marked[refusal.machine_id] = Held(before.observed_at, refusal.at_us, since)
        newest[refusal.machine_id] = refusal
    rows: list[dict[str, object]] = [
        {
            "id": name,
            "first_seen_at": now_us,
            "refused_since": marked[name].refused_since,
            "refused_at": refusal.at_us,
            "refused_code": refusal.code,
            "refused_detail": refusal.detail,
        }
        for name, refusal in newest.items()
    ]
    update_each(connection, machines, rows, _seen)


def _seen(news: News) -> dict[str, ColumnElement[Any]]:
    first = func.coalesce(machines.c.first_seen_at, news["first_seen_at"])
    return renewed(news) | {"first_seen_at": first}


def _counted(news: News) -> dict[str, ColumnElement[Any]]:
    return _seen(news) | {"stored": machines.c.stored + news["stored"]}


def _newcomer(machine_id: str, equipment: str, product_type: str | None, now_us: int) -> dict[str, object]:
    return {"id": machine_id, "equipment": equipment, "product_type": product_type, "registered_at": now_us}


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
