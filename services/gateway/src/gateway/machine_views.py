"""What the doors answer about machines."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from chassis.assessment import Assessment, Reason, Status
from gateway.instants import SECOND_US, instant
from gateway.machine_state import Patience, State, state_of
from gateway.store.machines import Counts, Last, Machine, Refused

StateName = Literal["live", "stale", "offline", "never_seen", "cannot_judge"]
_reason = msgspec.json.Decoder(Reason | None)


class StateReason(msgspec.Struct, frozen=True):
    """Why a machine cannot be judged, and since when none of its readings could be."""

    code: str
    detail: str
    since: datetime


class LastAssessment(msgspec.Struct, frozen=True):
    """The newest assessment of a machine, by event time, in short."""

    event_id: str
    observed_at: datetime
    failure_probability: float
    anomaly: bool
    anomaly_score: float
    prediction: int
    status: Status
    top_mode: str | None
    top_reason: Reason | None


class MachineSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A machine at a glance; `age_s` is seconds since its newest assessed reading was observed.

    All states are in event time. `state_reason` is there when the newest reading cannot be judged.
    """

    machine_id: str
    equipment: str
    product_type: str | None
    line: str | None
    state: StateName
    state_reason: StateReason | None
    age_s: float | None
    last: LastAssessment | None


class MachineDetail(MachineSummary, frozen=True, kw_only=True):
    """A machine with its newest assessment whole, and how much is kept of it."""

    registered_at: datetime
    first_seen_at: datetime | None
    stored_readings: int
    dead_letters: int
    last_assessment: Assessment | None


class StateCounts(msgspec.Struct, frozen=True):
    """Machines by state; `at_risk` are the live and stale ones that are predicted to fail."""

    live: int
    stale: int
    offline: int
    never_seen: int
    cannot_judge: int
    at_risk: int


class MachineList(msgspec.Struct, frozen=True):
    """A page of machines. `counts` are over all states, under the same line and text; `total` is of this list."""

    machines: list[MachineSummary]
    next_cursor: str | None
    total: int
    counts: StateCounts
    server_time: datetime


class MachineFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person registers about a machine."""

    equipment: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
    product_type: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{1,16}$")] | None = None
    line: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


class AssessmentPage(msgspec.Struct, frozen=True):
    """Stored assessments of a machine, newest first."""

    assessments: list[Assessment]
    next_cursor: str | None


def summary(machine: Machine, now_us: int, patience: Patience) -> MachineSummary:
    """The machine as of `now_us`."""
    return MachineSummary(**_summary(machine, now_us, patience))


def detail(machine: Machine, now_us: int, patience: Patience, dead_letters: int, body: bytes | None) -> MachineDetail:
    """The machine with `body`, its newest assessment as stored: the bytes go out unchanged."""
    first_seen_us = machine.facts.first_seen_at
    return MachineDetail(
        **_summary(machine, now_us, patience),
        registered_at=instant(machine.facts.registered_at),
        first_seen_at=instant(first_seen_us) if first_seen_us is not None else None,
        stored_readings=machine.facts.stored,
        dead_letters=dead_letters,
        last_assessment=stored(body) if body is not None else None,
    )


def stored(body: bytes) -> Assessment:
    """Stored bytes standing for the Assessment they hold: for encoding only, nothing is decoded."""
    raw: Assessment = msgspec.Raw(body)  # type: ignore[assignment]  # msgspec encodes Raw in the place of any type
    return raw


def state_counts(counts: Counts) -> StateCounts:
    """The counts as they are answered."""
    by_label = {state.label: count for state, count in counts.by_state.items()}
    return StateCounts(**by_label, at_risk=counts.at_risk)


def _summary(machine: Machine, now_us: int, patience: Patience) -> dict[str, Any]:
    facts, last, refused = machine.facts, machine.last, machine.refused
    observed_at_us = last.observed_at if last is not None else None
    state = state_of(observed_at_us, refused.refused_at if refused is not None else None, now_us, patience)
    return {
        "machine_id": facts.id,
        "equipment": facts.equipment,
        "product_type": facts.product_type,
        "line": facts.line,
        "state": state.label,
        "state_reason": _state_reason(refused) if refused is not None and state is State.CANNOT_JUDGE else None,
        "age_s": max(0, now_us - observed_at_us) / SECOND_US if observed_at_us is not None else None,
        "last": _last(last) if last is not None else None,
    }


def _state_reason(refused: Refused) -> StateReason:
    return StateReason(refused.refused_code, refused.refused_detail, instant(refused.refused_since))


def _last(last: Last) -> LastAssessment:
    return LastAssessment(
        event_id=last.event_id,
        observed_at=instant(last.observed_at),
        failure_probability=last.failure_probability,
        anomaly=last.anomaly,
        anomaly_score=last.anomaly_score,
        prediction=last.prediction,
        status=last.status,
        top_mode=last.top_mode,
        top_reason=_reason.decode(last.top_reason),
    )
