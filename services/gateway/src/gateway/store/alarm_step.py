"""The alarm step of a batch: what is new in the store goes through its machines' lines, in the same transaction.

The machines must be locked. Only readings that are new come here, so that a record delivered twice changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gateway.alarms.line import Moved, close_up, take
from gateway.alarms.observation import Observation, observation_of, unjudged
from gateway.alarms.standing_policy import StandingPolicy
from gateway.alarms.transition import Transition, encode_transition
from gateway.instants import SECOND_US
from gateway.refusals import Refusal
from gateway.store import alarm_decisions, alarm_lines, alarm_policies, alarm_rows, webhooks
from gateway.store.alarm_lines import StoredLine
from gateway.store.alarm_schema import alarm_events, late_readings
from gateway.store.assessments import Judged
from gateway.store.bulk import insert_all, insert_or_skip
from gateway.store.engine import Store

# A reading may wait this much longer than its window before it is let through in silence: batches come in bursts.
_PATIENCE_US = SECOND_US


@dataclass(frozen=True, slots=True)
class Buried:
    """A reading that could not be judged, and the id of its dead letter; `refused_us` is when it was refused."""

    refusal: Refusal
    letter_id: str
    refused_us: int

    def observation(self) -> Observation:
        """It freezes timers. Its id is that of the letter: the event may come again, judged, under its own."""
        return unjudged(f"letter:{self.letter_id}", self.refusal.at_us, self.refused_us)


@dataclass(slots=True)
class Stepped:
    """What the step did: transitions by kind, and how many readings came too late to count."""

    transitions: Counter[str] = field(default_factory=Counter)
    late: int = 0


def step(
    connection: Connection,
    stored: Sequence[Judged],
    buried: Sequence[Buried],
    default_equipment: str,
    now_us: int,
    announced: Collection[str],
) -> Stepped:
    """Run new readings, in order of arrival, through the lines of their machines, and store what comes of it.

    `announced` are the kinds of transitions that other systems are told of.
    """
    arrived: dict[str, list[Observation]] = {}
    equipment: dict[str, str] = {}
    for judged in stored:
        said = judged.assessment
        arrived.setdefault(said.machine_id, []).append(observation_of(said))
        equipment[said.machine_id] = said.equipment
    for letter in buried:
        name = letter.refusal.machine_id
        arrived.setdefault(name, []).append(letter.observation())
        equipment.setdefault(name, "")
    if not arrived:
        return Stepped()
    lines = alarm_lines.read(connection, equipment)
    for letter in buried:
        known = lines[letter.refusal.machine_id]
        if not known.equipment:
            named = letter.refusal.equipment or default_equipment
            lines[letter.refusal.machine_id] = StoredLine(known.line, named, known.version)
    policies = alarm_policies.in_force(connection, {known.equipment for known in lines.values()}, now_us)
    moved = {
        name: take(lines[name].line, tuple(arrived[name]), policies[lines[name].equipment])
        for name in sorted(arrived)
        if lines[name].equipment in policies
    }
    return keep(connection, lines, moved, policies, now_us, announced)


def settle(store: Store, now_us: int, limit: int) -> tuple[int, Stepped]:
    """Let through what waits at machines that have fallen silent, at most `limit` of them.

    Returns how many there were. Raises StoreAway.
    """
    names = alarm_lines.due(store, now_us, limit)
    if not names:
        return 0, Stepped()
    with store.transaction() as connection:
        alarm_lines.hold_machines(connection, names)
        lines = alarm_lines.read(connection, dict.fromkeys(names, ""))
        policies = alarm_policies.in_force(connection, {known.equipment for known in lines.values()}, now_us)
        moved = dict[str, Moved]()
        for name, known in sorted(lines.items()):
            # A batch may have come in between and have made it wait for longer.
            policy = policies.get(known.equipment)
            if policy is not None and known.due_us is not None and known.due_us <= now_us:
                moved[name] = close_up(known.line, now_us, policy)
        return len(names), keep(connection, lines, moved, policies, now_us, store.announced)


def keep(
    connection: Connection,
    lines: Mapping[str, StoredLine],
    moved: Mapping[str, Moved],
    policies: Mapping[str, StandingPolicy],
    now_us: int,
    announced: Collection[str],
) -> Stepped:
    """Store what moved, by machine: lines, log, alarms, late readings, and messages about it."""
    after = [StoredLine(moved[name].line, lines[name].equipment, lines[name].version) for name in sorted(moved)]
    due_us = {name: now_us + policy.window_us + _PATIENCE_US for name, policy in policies.items()}
    alarm_lines.write(connection, after, due_us)
    transitions = [each for name in sorted(moved) for each in moved[name].transitions]
    if transitions:
        insert_all(connection, alarm_events, [_event(each, now_us) for each in transitions])
        slots = {(name, mode): slot for name in moved for mode, slot in moved[name].line.alarms.slots.items()}
        equipment = {name: lines[name].equipment for name in moved}
        alarm_rows.fold(connection, transitions, slots, equipment)
        alarm_decisions.note(connection, [each for name in sorted(moved) for each in moved[name].raises])
        webhooks.announce(connection, transitions, announced, equipment, now_us)
    late = [(name, seen) for name in sorted(moved) for seen in moved[name].late]
    _note_late(connection, late)
    return Stepped(Counter(each.kind for each in transitions), len(late))


def _note_late(connection: Connection, late: Iterable[tuple[str, Observation]]) -> None:
    rows = [{"machine_id": name, "observed_at": seen.at_us, "event_id": seen.event_id} for name, seen in late]
    if rows:
        connection.execute(insert_or_skip(connection, late_readings), rows)


def _event(each: Transition, now_us: int) -> dict[str, object]:
    return {
        "machine_id": each.machine_id,
        "seq": each.seq,
        "alarm_id": each.alarm_id,
        "at": each.at_us,
        "recorded_at": now_us,
        "body": encode_transition(each),
    }
