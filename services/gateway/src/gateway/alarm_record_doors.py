"""The door to the decision record of an alarm."""

from fastapi import APIRouter
from starlette.responses import Response

from chassis.assessment import decode
from chassis.http_app import json_response
from chassis.openapi import answers
from chassis.topics import ASSESSMENTS
from gateway.alarm_doors import AlarmId, known
from gateway.alarms.decision_record import DecisionRecord, Source, encode_record, record_of
from gateway.problems import MalformedQuery, NoDecisionRecord, StoreUnavailable, UnknownAlarm
from gateway.store import Store, alarm_decisions, alarm_policies, alarms

# All of them, as far as anybody can act on one alarm.
_TRANSITIONS = 100_000


def alarm_record_routes(prefix: str, store: Store) -> APIRouter:
    """The route of decision records below `prefix`."""
    router = APIRouter(prefix=f"{prefix}/alarms", tags=["alarms"])

    @router.get(
        "/{alarm_id}/record",
        summary="Everything that decided about an alarm, to be checked offline with `pm-verify`",
        responses=answers(200, DecisionRecord, (UnknownAlarm, NoDecisionRecord, MalformedQuery, StoreUnavailable)),
    )
    def get_record(alarm_id: AlarmId) -> Response:
        """It stays available after the assessments of that time are dropped. Keep the bytes as they come."""
        alarm = known(store, alarm_id)
        decision = alarm_decisions.find(store, alarm_id)
        policy = alarm_policies.with_digest(store, alarm.policy_digest)
        if decision is None or policy is None:
            raise NoDecisionRecord(f"what decided about alarm {alarm_id} was not kept")
        record = record_of(
            alarm_id,
            Source(ASSESSMENTS, decision.partition, decision.offset),
            decode(decision.assessment),
            policy.standing().policy,
            decision.before,
            alarms.transitions_of(store, alarm_id, _TRANSITIONS),
        )
        name = f'attachment; filename="alarm-{alarm_id}.json"'
        return json_response(encode_record(record), headers={"content-disposition": name})

    return router
