"""The handler of the replay station: what inference says on `pm.replay.assessments`, into the tables of replays."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from chassis.assessment import decode
from chassis.event_log import Record
from chassis.replay import UNKNOWN_MODEL, Ticket, decode_card, kind_of, ticket_of, why_of
from chassis.station import NotNow, Outcome, Rejected
from gateway.alarms.observation import Observation, observation_of, unjudged
from gateway.instants import micros
from gateway.refusals import machine_of, printable
from gateway.store import Store, StoreAway, replay_models, replay_progress, replays
from gateway.store.replay_progress import Scored

GROUP = "gateway-replay"
MALFORMED = "malformed_replay"
log = logging.getLogger(__name__)


class ReplayWorker:
    """Keeps scores of replays that run, and the cards of models. A batch that comes again changes nothing."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def handle(self, records: Sequence[Record]) -> Outcome:
        """Raises NotNow while the database is away. Scores of a replay that was cancelled are dropped."""
        scored: list[Scored] = []
        refused: dict[str, str] = {}
        rejects: list[Rejected] = []
        for record in records:
            try:
                if kind_of(record.headers) == "model":
                    self._keep_card(record)
                    continue
                ticket = _ticket(record)
                code, detail = why_of(record.headers)
                if code == UNKNOWN_MODEL:
                    refused[ticket.replay_id] = printable(detail)
                else:
                    scored.append(Scored(ticket.replay_id, _machine(record), _observation(record, ticket)))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
                rejects.append(Rejected(record, MALFORMED, str(error)))
            except StoreAway as error:
                raise NotNow(str(error), error.retry_after_s) from error
        self._keep(scored, refused)
        return Outcome(rejects=rejects)

    def _keep(self, scored: list[Scored], refused: dict[str, str]) -> None:
        try:
            for replay_id, why in refused.items():
                replays.refuse(self._store, replay_id, why, micros(self._clock()))
            if not scored:
                return
            wanted = replay_progress.running(self._store, {each.replay_id for each in scored})
            if kept := [each for each in scored if each.replay_id in wanted]:
                replay_progress.keep_scored(self._store, kept)
        except StoreAway as error:
            raise NotNow(str(error), error.retry_after_s) from error

    def _keep_card(self, record: Record) -> None:
        card = decode_card(record.value)
        replay_models.keep(self._store, card, micros(self._clock()))
        log.info("a model can be replayed", extra={"version": card.version, "digest": card.digest})


def _ticket(record: Record) -> Ticket:
    if (ticket := ticket_of(record.headers)) is None:
        raise ValueError("the headers name no replayed reading")
    return ticket


def _machine(record: Record) -> str:
    if (machine_id := machine_of(record.key)) is None:
        raise ValueError("the key names no machine")
    return machine_id


def _observation(record: Record, ticket: Ticket) -> Observation:
    if kind_of(record.headers) == "refusal":
        # Another model may be made for a narrower profile: what it cannot judge freezes the timers, as it does live.
        return unjudged(ticket.event_id, ticket.observed_us, ticket.received_us)
    found = observation_of(decode(record.value))
    if (found.at_us, found.event_id) != (ticket.observed_us, ticket.event_id):
        raise ValueError("the assessment is not the one of its headers")
    return found
