"""The answer of the HTTP door: one result per reading, in the order of the body."""

import msgspec

from chassis.problem import FieldError, ProblemDocument


class ItemResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What became of the reading at `index` (from 0; blank lines do not count).

    `status` 202: acknowledged by the log under `event_id`. 422: refused, `code`, `detail` and `errors` (pointers into
    this reading) say why. 503: not acknowledged; send it again with this `event_id` and it counts once.
    """

    index: int
    status: int
    machine_id: str | None = None
    event_id: str | None = None
    code: str | None = None
    detail: str | None = None
    errors: list[FieldError] = []


class ReadingsAnswer(msgspec.Struct, frozen=True):
    """At least one reading was accepted, and every accepted one is acknowledged by the log."""

    accepted: int
    refused: int
    results: list[ItemResult]


class ReadingsProblemDocument(ProblemDocument, frozen=True, omit_defaults=True, kw_only=True):
    """A problem document that also says what became of each reading.

    422: no reading of the body was accepted. 503: those with status 503 have to be sent again, with the ids given here.
    """

    accepted: int = 0
    refused: int = 0
    results: list[ItemResult] = msgspec.field(default_factory=list)
