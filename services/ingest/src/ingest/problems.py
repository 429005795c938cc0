"""The facts that end a request to ingest."""

from collections.abc import Sequence

import msgspec

from chassis.problem import FieldError, Malformed, Problem, UnsupportedMediaType
from ingest.results import ItemResult, ReadingsProblemDocument
from models.reading import Refusal

ERRORS_LIMIT = 100
_ISSUES_LIMIT = 20


class MalformedBody(Malformed):
    """The body as a whole is not what its content type says; nothing was published. `code` says which format."""

    title, code = "Malformed body", "malformed_body"


class WrongContentType(UnsupportedMediaType):
    """The content type is none that readings come in."""


class TooManyReadings(Problem):
    status, title, code = 413, "Too many readings", "too_many_readings"


class ReadingRefused(Problem):
    """The only reading of the request is malformed or must not be taken; `code` says which, `errors` where."""

    status, title, code = 422, "Reading refused", "refused"


class _WithResults(Problem):
    """A problem whose document also carries the result of each reading."""

    def __init__(
        self,
        detail: str,
        results: Sequence[ItemResult],
        *,
        errors: Sequence[FieldError] = (),
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail, errors=errors, retry_after_s=retry_after_s)
        self.results = list(results)

    def document(self) -> ReadingsProblemDocument:
        """The problem document with `accepted`, `refused` and `results` as extension members (RFC 9457 §3.2)."""
        return ReadingsProblemDocument(
            **msgspec.structs.asdict(super().document()),
            accepted=sum(result.status == 202 for result in self.results),
            refused=sum(result.status == 422 for result in self.results),
            results=self.results,
        )


class AllReadingsRefused(_WithResults):
    """Every reading of the body was refused; nothing was published."""

    status, title, code = 422, "No reading accepted", "all_readings_refused"


class NotAcknowledged(_WithResults):
    """The log did not take, or did not acknowledge in time, at least one reading. Repeat with the ids in `results`."""

    status, title, code = 503, "Not acknowledged", "not_acknowledged"


def field_errors(refusal: Refusal) -> list[FieldError]:
    """The first 20 issues of a refusal as field errors, with pointers into the reading."""
    issues = refusal.errors[:_ISSUES_LIMIT]
    return [FieldError(issue.pointer, issue.detail, issue.code, issue.suggested) for issue in issues]


def reading_refused(refusal: Refusal) -> ReadingRefused:
    """The problem that answers a request with one refused reading."""
    return ReadingRefused(refusal.detail, errors=field_errors(refusal), code=refusal.code)


def all_refused(results: Sequence[ItemResult]) -> AllReadingsRefused:
    """The problem that answers a body of which nothing was accepted.

    Its `errors` are the first 100, with pointers into the body (`/0/torque`); without a field, at the reading.
    """
    errors: list[FieldError] = []
    for result in results:
        place = f"/{result.index}"
        issues = result.errors or [FieldError("", str(result.detail), str(result.code))]
        errors += [FieldError(place + issue.pointer, issue.detail, issue.code, issue.suggested) for issue in issues]
        if len(errors) >= ERRORS_LIMIT:
            break
    detail = f"none of the {len(results)} readings was accepted; results say why"
    return AllReadingsRefused(detail, results, errors=errors[:ERRORS_LIMIT])
