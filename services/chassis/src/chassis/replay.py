"""The contract of `pm.replay.readings` and `pm.replay.assessments`: stored readings out, scores of another model back.

What a record is, and which replay it belongs to, stands in its headers; inference hands them on untouched. A roll call
asks for the models there are; one member of the group answers with a card for each.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

from chassis.event_log import Headers

Kind = Literal["reading", "assessment", "refusal", "roll-call", "model"]
KIND, REPLAY, MODEL, EVENT_ID, OBSERVED, RECEIVED, CODE, DETAIL = (
    "kind",
    "replay-id",
    "model",
    "event-id",
    "observed-us",
    "received-us",
    "code",
    "detail",
)
UNKNOWN_MODEL = "unknown_model"


class Evaluation(msgspec.Struct, frozen=True):
    """How the score of one condition ranked `rows` labelled rows: (threshold, alarms, hits), from high to low."""

    rows: int
    failures: int
    points: list[tuple[float, int, int]]


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """A model that inference can score with. `is_live`: it scores the live readings.

    `evaluation` is that of the training, by condition: failure modes, `failure` and `anomaly`.
    """

    name: str
    version: str
    digest: str
    equipment: str
    is_live: bool
    trained_on: str
    rows: int
    created_at: str
    evaluation: dict[str, Evaluation]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a replayed reading carries there and back. Times are microseconds since 1970 UTC, as they were live."""

    replay_id: str
    model: str
    event_id: str
    observed_us: int
    received_us: int

    def headers(self, kind: Kind, code: str = "", detail: str = "") -> Headers:
        """The headers of a record for this reading; a refusal says why."""
        ours: Headers = (
            (KIND, kind.encode()),
            (REPLAY, self.replay_id.encode()),
            (MODEL, self.model.encode()),
            (EVENT_ID, self.event_id.encode()),
            (OBSERVED, str(self.observed_us).encode()),
            (RECEIVED, str(self.received_us).encode()),
        )
        why: Headers = ((CODE, code.encode()), (DETAIL, detail[:512].encode()))
        return (*ours, *why) if code else ours


def kind_of(headers: Headers) -> str:
    """What a record says it is; empty when it says nothing."""
    return dict(headers).get(KIND, b"").decode(errors="replace")


def why_of(headers: Headers) -> tuple[str, str]:
    """Code and detail of a refusal."""
    found = dict(headers)
    return found.get(CODE, b"").decode(errors="replace"), found.get(DETAIL, b"").decode(errors="replace")


def ticket_of(headers: Headers) -> Ticket | None:
    """The ticket in a record's headers; None when they hold none that can be read."""
    found = dict(headers)
    try:
        return Ticket(
            found[REPLAY].decode("ascii"),
            found[MODEL].decode("ascii"),
            found[EVENT_ID].decode("ascii"),
            int(found[OBSERVED]),
            int(found[RECEIVED]),
        )
    except (KeyError, ValueError):
        return None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(ModelCard)


def encode_card(card: ModelCard) -> bytes:
    """JSON bytes."""
    return _encoder.encode(card)


def decode_card(value: bytes) -> ModelCard:
    """The card in `value`. Raises msgspec.ValidationError or msgspec.DecodeError for anything else."""
    return _decoder.decode(value)
