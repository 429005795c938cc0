"""Putting refused records back on the topic they came from: marked in the store, published, acknowledged.

A letter is marked before it is published. What the log certainly did not take is unmarked; what it may have taken stays
marked, and may go again only after a while. Readings are keyed by event id, so that one published twice is stored once.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from datetime import datetime

import msgspec

from chassis.event_log import Event, EventLog, LogUnavailable, Position, Producer, PublishUnknown
from gateway.dead_letter_views import RedriveAnswer, RedrivenLetter, RedriveOutcome, RedriveRequest
from gateway.instants import SECOND_US, micros
from gateway.problems import LogAway, RedriveInProgress, RedriveKeyReused
from gateway.refusals import REDRIVE_OF
from gateway.store import Store, dead_letters, redrives
from gateway.store.dead_letters import Letter

log = logging.getLogger(__name__)
_SLICE = 50
_SLICE_BYTES = 2**20
_VALUE_BYTES = 2**30
_ACK_S = 12.0
_IN_PROGRESS_S = 60
_answer = msgspec.json.Decoder(RedriveAnswer)


class Redriver:
    """Redrives on request, from any thread. `wait_s` is how long the outcome of a redrive is awaited at most."""

    def __init__(self, store: Store, event_log: EventLog, clock: Callable[[], datetime], wait_s: float) -> None:
        self._store, self._log, self._clock, self._wait_s = store, event_log, clock, wait_s
        self._producer: Producer | None = None
        self._opening = threading.Lock()

    def close(self) -> None:
        """Release the producer."""
        if self._producer is not None:
            self._producer.close(1.0)

    def redrive(self, redrive_id: str, request: RedriveRequest) -> RedriveAnswer:
        """Do what `request` asks, once for each `redrive_id`.

        Raises LogAway when nothing was published, RedriveKeyReused, RedriveInProgress, StoreAway.
        """
        now_us = micros(self._clock())
        known = redrives.ask(self._store, redrive_id, msgspec.json.encode(request), now_us)
        if known is not None:
            if known.request != msgspec.json.encode(request):
                raise RedriveKeyReused("another request was made with this Idempotency-Key")
            if known.answer is not None:
                return _answer.decode(known.answer)
            age_s = (now_us - known.asked_at) / SECOND_US
            if age_s < _IN_PROGRESS_S or not redrives.take_over(self._store, redrive_id, known.asked_at, now_us):
                raise RedriveInProgress("this request is being worked on", retry_after_s=_IN_PROGRESS_S)
        answer = self._work(redrive_id, request, now_us)
        redrives.settle(self._store, redrive_id, msgspec.json.encode(answer))
        return answer

    def _work(self, redrive_id: str, request: RedriveRequest, now_us: int) -> RedriveAnswer:
        again_before_us = now_us - round(self._wait_s * SECOND_US)
        ids = request.ids
        if ids is None:
            assert request.code is not None
            ids = redrives.candidates(self._store, request.code, request.limit, again_before_us)
        ids = list(dict.fromkeys(ids))
        found = dead_letters.some(self._store, ids, 0)
        able = [name for name in ids if name in found and found[name].is_redrivable]
        mine = redrives.take(self._store, redrive_id, able, now_us, again_before_us) if able else set[str]()
        outcomes: dict[str, RedriveOutcome] = {name: _untouched(found.get(name)) for name in ids if name not in mine}
        going = [name for name in ids if name in mine]
        outcomes |= self._publish(going)
        back = [name for name in going if outcomes[name] == "not_published"]
        redrives.give_back(self._store, redrive_id, back)
        if going and len(back) == len(going):
            redrives.forget(self._store, redrive_id)
            raise LogAway("the log takes nothing now; nothing was published", retry_after_s=2)
        published = sum(outcome == "published" for outcome in outcomes.values())
        log.info("dead letters redriven", extra={"redrive": redrive_id, "published": published, "asked": len(ids)})
        return RedriveAnswer(redrive_id, published, [RedrivenLetter(name, outcomes[name]) for name in ids])

    def _publish(self, ids: Sequence[str]) -> dict[str, RedriveOutcome]:
        """Publish in slices, each acknowledged before the next; when the log takes no more, the rest stays here."""
        outcomes: dict[str, RedriveOutcome] = dict.fromkeys(ids, "not_published")
        deadline = time.monotonic() + _ACK_S
        for start in range(0, len(ids), _SLICE):
            names = ids[start : start + _SLICE]
            letters = dead_letters.some(self._store, names, _VALUE_BYTES)
            for part in _parts([letters[name] for name in names if name in letters]):
                if time.monotonic() >= deadline:
                    return outcomes
                try:
                    futures = self._open().publish([_event(letter) for letter in part])
                except LogUnavailable:
                    return outcomes
                wait(futures, max(0.0, deadline - time.monotonic()))
                outcomes |= {letter.id: _outcome(future) for letter, future in zip(part, futures, strict=True)}
        return outcomes

    def _open(self) -> Producer:
        with self._opening:
            if self._producer is None:
                self._producer = self._log.producer()
            return self._producer


def _parts(letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters in lists of at most a mebibyte, or of one letter."""
    parts: list[list[Letter]] = []
    size = 0
    for letter in letters:
        size += letter.size
        if not parts or size > _SLICE_BYTES:
            parts.append([])
            size = letter.size
        parts[-1].append(letter)
    return parts


def _event(letter: Letter) -> Event:
    topic = letter.topic
    assert topic is not None
    kept = tuple((name, content) for name, content in letter.original_headers() if name != REDRIVE_OF)
    return Event(topic, letter.key, letter.value, (*kept, (REDRIVE_OF, letter.id.encode())))


def _outcome(future: Future[Position]) -> RedriveOutcome:
    if not future.done():
        return "unknown"
    try:
        future.result()
    except PublishUnknown:
        return "unknown"
    except LogUnavailable:
        return "not_published"
    return "published"


def _untouched(letter: Letter | None) -> RedriveOutcome:
    if letter is None:
        return "not_found"
    if not letter.is_redrivable:
        return "not_redrivable"
    return letter.status if letter.status in ("stored", "dead_again") else "awaiting"
