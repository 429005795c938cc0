"""The facts that end a request to the gateway."""

from chassis.problem import Problem


class UnknownMachine(Problem):
    """No machine has this id; the detail names the ids that look like it."""

    status, title, code = 404, "Unknown machine", "unknown_machine"


class MalformedQuery(Problem):
    """A parameter or a body cannot be used; `errors` says which."""

    status, title, code = 422, "Malformed request", "malformed"


class RangeTooLong(Problem):
    """The range is backwards, longer than allowed, or holds more readings than allowed."""

    status, title, code = 422, "Range cannot be answered", "range_too_long"


class TooManyClients(Problem):
    """The live stream is full."""

    status, title, code = 503, "Too many clients", "too_many_clients"


class StoreUnavailable(Problem):
    """The database cannot be used now."""

    status, title, code = 503, "Store unavailable", "store_unavailable"


class UnknownDeadLetter(Problem):
    """No dead letter with this id is kept."""

    status, title, code = 404, "Unknown dead letter", "unknown_dead_letter"


class RedriveKeyReused(Problem):
    """The Idempotency-Key belongs to another request."""

    status, title, code = 409, "Idempotency-Key reused", "idempotency_key_reused"


class RedriveInProgress(Problem):
    """The same request is being worked on, or was a short while ago."""

    status, title, code = 409, "Redrive in progress", "redrive_in_progress"


class LogAway(Problem):
    """The log takes nothing now; nothing was published."""

    status, title, code = 503, "Log unavailable", "log_unavailable"


class UnknownAlarm(Problem):
    """No alarm with this id is kept."""

    status, title, code = 404, "Unknown alarm", "unknown_alarm"


class NoDecisionRecord(Problem):
    """The alarm was raised by a program that did not keep what decided, or after its readings were dropped."""

    status, title, code = 404, "No decision record", "no_decision_record"


class AlarmConflict(Problem):
    """The action does not fit what the alarm is now; the detail says who changed it last, and when."""

    status, title, code = 409, "Alarm has changed", "alarm_conflict"


class IllegalAlarmAction(Problem):
    """The action lacks something or says something impossible."""

    status, title, code = 422, "Action cannot be carried out", "illegal_action"


class VersionRequired(Problem):
    """The change does not say which version it is meant for."""

    status, title, code = 428, "If-Match required", "version_required"


class UnknownMessage(Problem):
    """No message with this id is kept."""

    status, title, code = 404, "Unknown message", "unknown_message"


class UnsignedMessage(Problem):
    """The signature is missing, is another one, or is too old."""

    status, title, code = 401, "Message not signed", "signature_invalid"


class WebhooksOff(Problem):
    """No secret is set, so that no message can be believed."""

    status, title, code = 503, "Webhooks are off", "webhooks_off"


class UnknownPolicy(Problem):
    """No alarm policy is there for this equipment."""

    status, title, code = 404, "Unknown policy", "unknown_policy"


class InvalidAlarmPolicy(Problem):
    """The document is no alarm policy; `errors` names every reason."""

    status, title, code = 422, "Policy cannot be used", "invalid_policy"


class PolicyConflict(Problem):
    """Somebody has stored another version in the meantime."""

    status, title, code = 409, "Policy has changed", "policy_conflict"


class UnknownReplay(Problem):
    """No replay with this id is kept."""

    status, title, code = 404, "Unknown replay", "unknown_replay"


class ReplayConflict(Problem):
    """The replay is not in a state in which this can be done."""

    status, title, code = 409, "Replay is in another state", "replay_conflict"


class UnknownReplayModel(Problem):
    """No stream role has said that it can score with this model; the detail names those that can be used."""

    status, title, code = 422, "Unknown model", "unknown_model"
