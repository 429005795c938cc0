"""The replay station of the stream role: stored readings in, scores of the model that each of them asks for out."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from chassis.assessment import Assessment, encode
from chassis.event_log import Event, Record
from chassis.replay import KIND, UNKNOWN_MODEL, Ticket, encode_card, kind_of, ticket_of
from chassis.station import Outcome, Rejected
from chassis.topics import REPLAY_ASSESSMENTS
from inference.metrics import InferenceMetrics
from inference.scorers import Scorer
from models.refusal import Refusal

GROUP = "inference-replay"
MALFORMED = "malformed_replay"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JSON = ("content-type", b"application/json")


class ReplayWorker:
    """Handles batches of `pm.replay.readings`; holds no state between them."""

    def __init__(
        self,
        scorers: Mapping[str, Scorer],
        metrics: InferenceMetrics,
        share: float,
        rest: Callable[[float], object] = time.sleep,
    ) -> None:
        """`share` of this station's time is work; the `rest` (in seconds) is left to the live readings."""
        self._scorers, self._metrics = scorers, metrics
        self._share, self._rest = share, rest

    def handle(self, batch: Sequence[Record]) -> Outcome:
        """One score or refusal per replayed reading, and the cards of all models for a roll call.

        The times are those of the live reading, so that the live model gives the live assessment again.
        """
        started = time.perf_counter()
        outcome = Outcome()
        by_model: dict[str, list[tuple[Record, Ticket]]] = {}
        for record in batch:
            if kind_of(record.headers) == "roll-call":
                outcome.outputs.extend(_card(scorer) for scorer in self._scorers.values())
            elif (ticket := ticket_of(record.headers)) is None:
                outcome.rejects.append(Rejected(record, MALFORMED, "the headers name no replayed reading"))
            else:
                by_model.setdefault(ticket.model, []).append((record, ticket))
        for model, asked in by_model.items():
            outcome.outputs.extend(self._answers(model, asked))
        took = time.perf_counter() - started
        self._metrics.seconds.labels("replay").observe(took)
        self._rest(took * (1 / self._share - 1))
        return outcome

    def _answers(self, model: str, asked: Sequence[tuple[Record, Ticket]]) -> list[Event]:
        scorer = self._scorers.get(model)
        if scorer is None:
            known = ", ".join(each.card.version for each in self._scorers.values())
            why = f"inference has no model {model}; it can score with: {known}"
            return [_refusal(record, ticket, UNKNOWN_MODEL, why) for record, ticket in asked]
        received = [_EPOCH + timedelta(microseconds=ticket.received_us) for _, ticket in asked]
        answers = scorer.judge.judge([record.value for record, _ in asked], received)
        return [self._event(record, ticket, answer) for (record, ticket), answer in zip(asked, answers, strict=True)]

    def _event(self, record: Record, ticket: Ticket, answer: Assessment | Refusal) -> Event:
        self._metrics.count("replay", answer)
        if isinstance(answer, Refusal):
            return _refusal(record, ticket, answer.code, answer.detail)
        return Event(REPLAY_ASSESSMENTS, record.key, encode(answer), (*ticket.headers("assessment"), _JSON))


def _refusal(record: Record, ticket: Ticket, code: str, detail: str) -> Event:
    return Event(REPLAY_ASSESSMENTS, record.key, record.value, ticket.headers("refusal", code, detail))


def _card(scorer: Scorer) -> Event:
    card = scorer.card
    return Event(REPLAY_ASSESSMENTS, card.digest.encode(), encode_card(card), ((KIND, b"model"), _JSON))
