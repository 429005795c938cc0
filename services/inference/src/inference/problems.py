"""The facts that end a request to inference."""

from chassis.problem import FieldError, Problem
from models.reading import Refusal


class NotJudgeable(Problem):
    """The reading is malformed or must not be judged; `code` says which, `errors` where."""

    status, title, code = 422, "Reading cannot be judged", "not_judgeable"


class TooManyReadings(Problem):
    status, title, code = 413, "Too many readings", "too_many_readings"


class UnknownModel(Problem):
    status, title, code = 404, "Unknown model", "unknown_model"


class UnknownEquipment(Problem):
    status, title, code = 404, "Unknown equipment", "unknown_equipment"


class ModelNotReady(Problem):
    """The artifact was refused at start-up; the log says why. Nothing is judged until it is replaced."""

    status, title, code = 503, "Model not ready", "model_not_ready"


def not_judgeable(refusal: Refusal) -> NotJudgeable:
    """The problem that tells a caller what the decoder or the plausibility check refused."""
    errors = [FieldError(issue.pointer, issue.detail, issue.code, issue.suggested) for issue in refusal.errors]
    return NotJudgeable(refusal.detail, errors=errors, code=refusal.code)
