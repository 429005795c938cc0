"""The work of a replay, part by part: readings published for another model, histories through the state machine.

Every part is kept in the store before the next begins, so that a replay goes on where it was after a cancel, a restart
or a move to another gateway.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Literal

import msgspec

from chassis.assessment import Assessment, decode
from chassis.event_log import Event, LogUnavailable, Producer, PublishUnknown
from chassis.replay import Ticket
from chassis.topics import REPLAY_READINGS
from gateway.alarms.line import Basis, Line
from gateway.alarms.observation import Observation
from gateway.alarms.replay import RecordedAction
from gateway.alarms.replay import replay as replayed
from gateway.alarms.slot import MachineAlarms
from gateway.instants import SECOND_US, micros
from gateway.replay_result import result_of
from gateway.store import Store, alarm_history, alarm_policies, replay_progress, replays
from gateway.store.alarm_history import Range
from gateway.store.replay_progress import ReplayedMachine
from gateway.store.replays import PUBLISHED, WAITING, Replay

LEASE_US = 60 * SECOND_US
# Readings per part: about a twentieth of a second of work, so that a cancel is heard at once.
PART = 1_000
# Readings that may be under way to another model and back: bounds the topics, and what a cancel throws away.
IN_FLIGHT = 4_000
_ACK_S = 10.0
_SILENCE_S = 60.0
Step = Literal["went_on", "waits", "ended"]


class NotOurs(Exception):
    """The replay was cancelled, or another gateway has taken it over: nothing of the last part was kept."""


@dataclass(slots=True)
class _Open:
    """The history of a machine that is being run: what is left of it, and what people did."""

    machine: ReplayedMachine
    line: Line
    left: Iterator[Observation]
    actions: list[RecordedAction]


class ReplayWork:
    """One replay in the hands of this gateway. `step` does a part; not safe to share between threads."""

    def __init__(
        self,
        replay: Replay,
        store: Store,
        producer: Callable[[], Producer],
        clock: Callable[[], datetime],
        owner: str,
    ) -> None:
        """`producer` opens one, or gives the one that is open. `owner` holds the lease of the replay."""
        self.replay = replay
        self._store, self._producer, self._clock, self._owner = store, producer, clock, owner
        self._policy = alarm_policies.standing_of(replay.policy)
        self._open: _Open | None = None
        self._heard_at, self._heard = time.monotonic(), -1

    def step(self) -> Step:
        """Do a part. `waits`: another model has to say something first; `ended`: the replay is done.

        Raises NotOurs, StoreAway, LogUnavailable, TooManyRows.
        """
        if self._open is not None:
            self._run_part(self._open)
            return "went_on"
        stage = PUBLISHED if self.replay.model else WAITING
        machine = replay_progress.next_machine(self._store, self.replay.id, stage)
        if machine is not None:
            self._open = self._opened(machine)
            return "went_on"
        if self.replay.model and self._publish_part():
            return "went_on"
        found = replay_progress.progress(self._store, [self.replay.id])[self.replay.id]
        if found.machines_done < found.machines:
            self._note_silence(found.scored)
            return "waits"
        result = result_of(self._store, self.replay, found.skipped)
        replays.finish(self._store, self.replay.id, self._owner, msgspec.json.encode(result), self._now_us())
        return "ended"

    def _run_part(self, opened: _Open) -> None:
        """Run the next readings of a machine through the state machine, and keep what comes of it."""
        part = list(islice(opened.left, PART))
        is_last = len(part) < PART
        until = (part[-1].at_us, part[-1].event_id) if part and not is_last else None
        now = [each for each in opened.actions if until is None or _place(each.basis) <= until]
        done = replayed(opened.line, part, now, self._policy)
        machine = opened.machine
        readings, skipped = machine.readings + len(part), machine.skipped + len(done.skipped)
        kept = replay_progress.keep_part(
            self._store,
            self.replay,
            self._owner,
            self._now_us() + LEASE_US,
            machine,
            done.line,
            done.transitions,
            readings=readings,
            skipped=skipped,
            is_last=is_last,
        )
        if not kept:
            raise NotOurs
        opened.machine = replace(machine, readings=readings, skipped=skipped)
        opened.line, opened.actions = done.line, opened.actions[len(now) :]
        if is_last:
            self._open = None

    def _opened(self, machine: ReplayedMachine) -> _Open:
        """The machine's history from where the last part ended."""
        name, line = machine.machine_id, machine.state
        if line is None:
            seq = replay_progress.live_seq_before(self._store, name, self.replay.start_at)
            line = Line(MachineAlarms(name, seq))
        within = Range(self.replay.start_at, self.replay.to_at)
        done = line.basis
        after = (done.at_us, done.event_id) if done.at_us is not None else (within.from_us, "")
        rest = Range(after[0], within.to_us)
        if self.replay.model:
            judged = replay_progress.scores(self._store, self.replay.id, name, after)
        else:
            judged = alarm_history.judged(self._store, name, rest)
        history = alarm_history.in_order(judged, alarm_history.refused(self._store, name, rest))
        end = (machine.end_at, machine.end_event_id)
        left = (seen for seen in history if after < (seen.at_us, seen.event_id) <= end)
        actions = alarm_history.actions(self._store, name, within)
        # With the first part also what was done before the first reading.
        actions = [each for each in actions if _place(each.basis) <= end]
        if done.at_us is not None:
            actions = [each for each in actions if _place(each.basis) > after]
        return _Open(machine, line, left, actions)

    def _publish_part(self) -> bool:
        """Publish the next readings for another model, all acknowledged; False when enough are under way."""
        if replay_progress.outstanding(self._store, self.replay.id) > IN_FLIGHT - PART:
            return False
        machine = replay_progress.next_machine(self._store, self.replay.id, WAITING)
        if machine is None:
            return False
        after = (machine.sent_at, machine.sent_event_id) if machine.sent_at is not None else (self.replay.start_at, "")
        stored = alarm_history.bodies(self._store, machine.machine_id, Range(after[0], self.replay.to_at), after)
        part = [decode(body) for body in islice(stored, PART)]
        end = (machine.end_at, machine.end_event_id)
        part = [each for each in part if (micros(each.observed_at), each.event_id) <= end]
        self._publish([self._event(each) for each in part])
        last = (micros(part[-1].observed_at), part[-1].event_id) if part else None
        kept = replay_progress.keep_sent(
            self._store,
            self.replay,
            self._owner,
            self._now_us() + LEASE_US,
            machine.machine_id,
            last,
            machine.published + len(part),
            is_last=len(part) < PART,
        )
        if not kept:
            raise NotOurs
        return True

    def _publish(self, events: list[Event]) -> None:
        """Raises LogUnavailable when an event was not acknowledged; published again, it is scored and kept once."""
        for start in range(0, len(events), 200):
            futures = self._producer().publish(events[start : start + 200])
            wait(futures, _ACK_S)
            for future in futures:
                if not future.done():
                    raise LogUnavailable("the log has not acknowledged in time")
                try:
                    future.result()
                except PublishUnknown as error:
                    raise LogUnavailable(str(error)) from error

    def _event(self, each: Assessment) -> Event:
        ticket = Ticket(
            self.replay.id, self.replay.model, each.event_id, micros(each.observed_at), micros(each.received_at)
        )
        return Event(REPLAY_READINGS, each.machine_id.encode(), reading_of(each), ticket.headers("reading"))

    def _note_silence(self, scored: int) -> None:
        """When scores stay away for long, people are told what may be missing."""
        now = time.monotonic()
        if scored != self._heard:
            if self._heard >= 0 and now - self._heard_at > _SILENCE_S:
                replays.note(self._store, self.replay.id, self._owner, None)
            self._heard, self._heard_at = scored, now
        elif now - self._heard_at > _SILENCE_S:
            waits = f"no score has come for {now - self._heard_at:.0f} s: does the stream role of inference run?"
            replays.note(self._store, self.replay.id, self._owner, waits)
        if not replays.renew(self._store, self.replay.id, self._owner, self._now_us() + LEASE_US):
            raise NotOurs

    def _now_us(self) -> int:
        return micros(self._clock())


def reading_of(each: Assessment) -> bytes:
    """The reading in an assessment, as the normalised flat JSON of `pm.readings`."""
    whose = {"machine_id": each.machine_id, "equipment": each.equipment, "product_type": each.product_type}
    return msgspec.json.encode(whose | {"observed_at": each.observed_at, "event_id": each.event_id} | each.signals)


def _place(basis: Basis) -> tuple[float, str]:
    return (float("-inf"), "") if basis.at_us is None else (basis.at_us, basis.event_id)
