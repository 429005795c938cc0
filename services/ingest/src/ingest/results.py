"""The answer of the HTTP door: one result per reading, in the order of the body."""

import msgspec
from msgspec import UNSET, UnsetType

from chassis.problem import FieldError, ProblemDocument


class ItemResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the reading at `index` (from 0; blank lines do not count).

    `status` 202: acknowledged by the log under `event_id`. 422: refused, `code`, `detail` and `errors` (pointers into
    this reading) say why. 503: not acknowledged; send it again with this `event_id` and it counts once.
    """

    index: int
    status: int
    machine_id: str | UnsetType = UNSET
    event_id: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    detail: str | UnsetType = UNSET
    errors: list[FieldError] | UnsetType = UNSET


class ReadingsAnswer(msgspec.Struct, frozen=True):
    """At least one reading was accepted, and every accepted one is acknowledged by the log."""

    accepted: int
    refused: int
    results: list[ItemResult]


class ReadingsProblemDocument(ProblemDocument, frozen=True, omit_defaults=True, kw_only=True):
    """A problem document that also says what became of each reading.

    422: no reading of the body was accepted. 503: those with status 503 have to be sent again, with the ids given here.
    """

    accepted: int | UnsetType = UNSET
    refused: int | UnsetType = UNSET
    results: list[ItemResult] | UnsetType = UNSET
