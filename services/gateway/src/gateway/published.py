"""The bodies that the OpenAPI document describes."""

from gateway.alarm_load_views import AlarmLoad
from gateway.alarm_rate_doors import AlarmRate
from gateway.alarm_verdict_views import OutcomeRequest, OutcomeView, TrackRecordList, VerdictRequest
from gateway.alarm_views import AlarmAction, AlarmDetail, AlarmPage
from gateway.alarms.decision_record import DecisionRecord
from gateway.data_health import DataHealth
from gateway.dead_letter_views import DeadLetterDetail, DeadLetterPage, RedriveAnswer, RedriveRequest
from gateway.history import Timeline
from gateway.live_messages import StreamEvents
from gateway.machine_views import AssessmentPage, MachineDetail, MachineFacts, MachineList
from gateway.policy_views import POLICY_STRUCTS
from gateway.recent_signals import RecentSignals
from gateway.replay_views import REPLAY_STRUCTS
from gateway.webhook_views import WebhookPage, WorkOrderReport

STRUCTS = [
    MachineList,
    MachineDetail,
    MachineFacts,
    AssessmentPage,
    Timeline,
    RecentSignals,
    DataHealth,
    DeadLetterPage,
    DeadLetterDetail,
    RedriveRequest,
    RedriveAnswer,
    AlarmPage,
    AlarmDetail,
    AlarmAction,
    AlarmLoad,
    AlarmRate,
    VerdictRequest,
    OutcomeRequest,
    OutcomeView,
    TrackRecordList,
    DecisionRecord,
    WebhookPage,
    WorkOrderReport,
    *POLICY_STRUCTS,
    *REPLAY_STRUCTS,
    StreamEvents,
]
