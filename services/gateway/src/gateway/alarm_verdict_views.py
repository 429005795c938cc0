"""What the doors take and answer about verdicts, outcomes and the track record."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from gateway.alarms.policy import Costs
from gateway.alarms.track_record import Finding, Precision, TrackRecord, added_up, precision_of
from gateway.instants import instant
from gateway.store.verdicts import Outcome, Standing, Tally, Verdict

Scope = Literal["version", "machine_class"]
Grouping = Literal["mode", "machine_class", "version"]
Money = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Hours = Annotated[float, msgspec.Meta(ge=0, le=100_000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
Actor = Annotated[str, msgspec.Meta(max_length=64)]
Note = Annotated[str, msgspec.Meta(max_length=2_000)]


class VerdictRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found: the alarm was right, it was not, nothing was found, or the work was planned anyway.

    `failed_at` is when the failure came or was found; `cost` is what the visit cost, `down_h` the hours it kept the
    machine down. `actor` unless the header says it.
    """

    finding: Finding
    actor: Actor | None = None
    true_mode: Name | None = None
    failed_at: Instant | None = None
    cost: Money | None = None
    down_h: Hours = 0.0
    note: Note = ""


class OutcomeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A failure that no alarm announced."""

    machine_id: Name
    mode: Name
    failed_at: Instant
    actor: Actor | None = None
    cost: Money | None = None
    down_h: Hours | None = None
    note: Note = ""


class VerdictView(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict that counts."""

    finding: Finding
    true_mode: str | None
    failed_at: datetime | None
    cost: float | None
    down_h: float
    note: str
    actor: str
    given_at: datetime


class OutcomeView(msgspec.Struct, frozen=True, kw_only=True):
    """A failure that no alarm announced, as it is stored."""

    outcome_id: str
    machine_id: str
    mode: str
    failed_at: datetime
    cost: float | None
    down_h: float | None
    note: str
    actor: str
    told_at: datetime


class AlarmPrecision(Precision, frozen=True, kw_only=True):
    """How often alarms of this condition and machine class were real; `scope` as in `AlarmTrackRecord`."""

    scope: Scope


class AlarmTrackRecord(msgspec.Struct, frozen=True):
    """How often alarms of this condition and machine class were right.

    `scope` is `version` when the alarm's own model has verdicts enough, else `machine_class`: over all models.
    """

    scope: Scope
    currency: str
    record: TrackRecord


class TrackRecordGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One group and its record; what the groups do not tell apart is null."""

    mode: str | None
    machine_class: str | None
    version: str | None
    record: TrackRecord


class TrackRecordList(msgspec.Struct, frozen=True, kw_only=True):
    """The track record of an equipment by group, the most judged first, and over all."""

    equipment: str
    currency: str
    groups: list[TrackRecordGroup]
    total: TrackRecord


def verdict_view(verdict: Verdict) -> VerdictView:
    """The verdict with its times as people read them."""
    return VerdictView(
        finding=verdict.finding,
        true_mode=verdict.true_mode,
        failed_at=instant(verdict.failed_at) if verdict.failed_at is not None else None,
        cost=verdict.cost,
        down_h=verdict.down_h,
        note=verdict.note,
        actor=verdict.actor,
        given_at=instant(verdict.given_at),
    )


def outcome_view(outcome: Outcome) -> OutcomeView:
    """The outcome with its times as people read them."""
    return OutcomeView(
        outcome_id=outcome.id,
        machine_id=outcome.machine_id,
        mode=outcome.mode,
        failed_at=instant(outcome.failed_at),
        cost=outcome.cost,
        down_h=outcome.down_h,
        note=outcome.note,
        actor=outcome.actor,
        told_at=instant(outcome.told_at),
    )


def record_for(standing: Standing, version: str, costs: Costs, min_verdicts: int) -> AlarmTrackRecord:
    """The record that an alarm carries, from what was found about its condition and machine class."""
    own = _record(standing, version, costs, min_verdicts)
    scope: Scope = "version" if own.enough else "machine_class"
    return AlarmTrackRecord(scope, costs.currency, own if own.enough else _record(standing, None, costs, min_verdicts))


def _record(standing: Standing, version: str | None, costs: Costs, min_verdicts: int) -> TrackRecord:
    """Of one version, or of all."""

    def counts(of: str) -> bool:
        return version is None or of == version

    findings = [each for of, each in standing.findings if counts(of)]
    missed = sum(count for of, count in standing.missed if counts(of))
    return added_up(findings, missed, [lead for of, lead in standing.leads if counts(of)], costs, min_verdicts)


def precision_for(tallies: list[Tally], version: str, min_verdicts: int) -> AlarmPrecision:
    """The same in short, from the counts of the alarm's condition and machine class."""
    own = _precision([each for each in tallies if each.version == version], min_verdicts)
    scope: Scope = "version" if own.enough else "machine_class"
    found = own if own.enough else _precision(tallies, min_verdicts)
    return AlarmPrecision(scope=scope, **msgspec.structs.asdict(found))


def _precision(tallies: list[Tally], min_verdicts: int) -> Precision:
    judged = sum(each.count for each in tallies if each.finding != "planned")
    return precision_of(sum(each.count for each in tallies if each.finding == "confirmed"), judged, min_verdicts)
