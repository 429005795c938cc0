"""The doors to what a policy costs: a draft tried on the stored history, and the threshold that history asks for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, UnsupportedMediaType
from gateway.alarms.comparison import compare, compare_by_mode, past_of, terms_of
from gateway.alarms.policy import Policy
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.alarms.thresholds import choose_from_evaluation
from gateway.alarms.transition import log_hash
from gateway.alarms.tuning import run, tune, with_threshold
from gateway.bodies import body_of
from gateway.difference_views import bill_view, difference_view, mode_views
from gateway.instants import instant, micros
from gateway.policy_doors import Equipment, in_force, policy_of
from gateway.policy_views import Instant, Name, PolicyPreview, PolicyPreviewRequest, ThresholdChoice
from gateway.problems import InvalidAlarmPolicy, MalformedQuery, RangeTooLong, StoreUnavailable, UnknownPolicy
from gateway.store import Store, findings, replay_models
from gateway.store.alarm_history import Range
from gateway.stored_histories import histories_of, lead_us

_HOUR = timedelta(hours=1)
_PREVIEW_PROBLEMS = (
    UnknownPolicy,
    BodyTooLarge,
    UnsupportedMediaType,
    InvalidAlarmPolicy,
    MalformedQuery,
    RangeTooLong,
    StoreUnavailable,
)


class _Preview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`PolicyPreviewRequest` with its document as it came."""

    policy: msgspec.Raw
    from_: Instant | None = msgspec.field(default=None, name="from")
    to: Instant | None = None
    machines: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=1_000)] | None = None


_preview = msgspec.json.Decoder(_Preview)


def policy_money_routes(
    prefix: str, store: Store, clock: Callable[[], datetime], *, max_days: float, max_readings: int
) -> APIRouter:
    """The routes below `prefix`; a question reads at most `max_readings` stored readings of at most `max_days`."""
    router = APIRouter(prefix=f"{prefix}/policies", tags=["policies"])

    @router.post(
        "/{equipment}/preview",
        summary="Try a draft on the stored history before it is in force",
        responses=answers(200, PolicyPreview, _PREVIEW_PROBLEMS),
        openapi_extra=request_body(PolicyPreviewRequest),
    )
    async def preview_policy(equipment: Equipment, request: Request) -> Response:
        """Both policies run over the same readings, through the state machine of the live alarms. Nothing is kept.

        Long ranges are for replays: they take any number of readings and show how far they have come.
        """
        asked = await body_of(request, _preview)
        draft = standing(policy_of(asked.policy, equipment))
        within = _range(asked.from_, asked.to if asked.to is not None else clock(), max_days)
        return await run_in_threadpool(
            lambda: json_response(_previewed(store, draft, within, asked.machines, max_readings))
        )

    @router.get(
        "/{equipment}/thresholds/{mode}",
        summary="The bill over the threshold of one condition, and the cheapest within the alarm budget",
        responses=answers(200, ThresholdChoice, (UnknownPolicy, MalformedQuery, RangeTooLong, StoreUnavailable)),
    )
    def get_threshold(
        equipment: Equipment,
        mode: Equipment,
        from_: Annotated[AwareDatetime | None, Query(alias="from", description="Default: an hour before `to`")] = None,
        to: Annotated[AwareDatetime | None, Query(description="Default: now")] = None,
    ) -> Response:
        policy = in_force(store, equipment).standing()
        if mode not in policy.by_mode:
            raise UnknownPolicy(f"the policy for {equipment} names no condition {mode}", code="unknown_condition")
        within = _range(from_, to if to is not None else clock(), max_days)
        return json_response(_threshold(store, policy, mode, within, max_readings))

    return router


def _previewed(
    store: Store, draft: StandingPolicy, within: Range, machines: list[str] | None, max_readings: int
) -> PolicyPreview:
    equipment = draft.policy.equipment
    stored = in_force(store, equipment)
    old = stored.standing()
    start = within.from_us - max(lead_us(draft), lead_us(old))
    histories = histories_of(store, equipment, machines, Range(start, within.to_us), max_readings)
    terms = terms_of(draft.policy, within.from_us, within.to_us)
    failures = findings.failures(store, equipment, within.from_us, within.to_us, terms.horizon_us, machines)
    confirmed = findings.confirmed_ids(store, equipment, start, within.to_us)
    before, transitions = past_of(run(histories, old), terms), run(histories, draft)
    after = past_of(transitions, terms)
    found = compare(before, after, failures, confirmed, terms)
    budget = draft.policy.budget
    return PolicyPreview(
        equipment=equipment,
        digest=draft.digest,
        in_force=stored.version,
        from_=instant(within.from_us),
        to=instant(within.to_us),
        machines=len(histories),
        readings=sum(len(history.readings) for history in histories.values()),
        failures=len(failures),
        currency=draft.policy.costs.currency,
        budget=budget,
        within_budget=found.new_bill.busiest <= budget.alarms_per_shift,
        difference=difference_view(found, confirmed),
        modes=mode_views(compare_by_mode(before, after, failures, confirmed, terms)),
        transitions=len(transitions),
        log_hash=log_hash(transitions),
    )


def _threshold(store: Store, policy: StandingPolicy, mode: str, within: Range, max_readings: int) -> ThresholdChoice:
    """By verdicts and outcomes of the range; without any, by the evaluation of the model that scores now."""
    document = policy.policy
    equipment = document.equipment
    terms = terms_of(document, within.from_us, within.to_us)
    failures = findings.failures(store, equipment, within.from_us, within.to_us, terms.horizon_us)
    if not any(failure.mode in ("", mode) or mode in ("failure", "anomaly") for failure in failures):
        return _by_evaluation(store, document, mode)
    histories = histories_of(
        store, equipment, None, Range(within.from_us - lead_us(policy), within.to_us), max_readings
    )
    found = tune(histories, policy, mode, failures, terms)
    return ThresholdChoice(
        equipment=equipment,
        mode=mode,
        basis="validated_history",
        model=None,
        from_=instant(within.from_us),
        to=instant(within.to_us),
        episodes=found.choice.episodes,
        failures=found.choice.failures,
        currency=document.costs.currency,
        budget=document.budget,
        present=found.choice.present,
        chosen=found.choice.chosen,
        curve=found.choice.curve,
        old_bill=bill_view(found.old_bill),
        new_bill=bill_view(found.new_bill),
        proposal=found.proposal,
    )


def _by_evaluation(store: Store, document: Policy, mode: str) -> ThresholdChoice:
    model = replay_models.live(store, document.equipment)
    evaluation = model.evaluation.get(mode) if model is not None else None
    choice = None
    if evaluation is not None:
        choice = choose_from_evaluation(
            evaluation,
            document.costs,
            document.budget.alarms_per_shift,
            document.conditions[mode].raise_at,
            replay_models.machines_of(store, document.equipment),
        )
    return ThresholdChoice(
        equipment=document.equipment,
        mode=mode,
        basis="training_evaluation" if choice is not None else "none",
        model=model.digest if model is not None and choice is not None else None,
        from_=None,
        to=None,
        episodes=choice.episodes if choice is not None else 0,
        failures=choice.failures if choice is not None else 0,
        currency=document.costs.currency,
        budget=document.budget,
        present=choice.present if choice is not None else None,
        chosen=choice.chosen if choice is not None else None,
        curve=choice.curve if choice is not None else [],
        old_bill=None,
        new_bill=None,
        proposal=with_threshold(document, mode, choice.chosen.threshold) if choice is not None else None,
    )


def _range(since: datetime | None, until: datetime, max_days: float) -> Range:
    try:
        start = since if since is not None else until - _HOUR
    except OverflowError as error:
        raise RangeTooLong("`to` is before the beginning of the calendar") from error
    if start >= until:
        raise RangeTooLong("`from` is not before `to`", code="range_backwards")
    if until - start > timedelta(days=max_days):
        raise RangeTooLong(f"a range spans at most {max_days:g} days")
    return Range(micros(start), micros(until))
