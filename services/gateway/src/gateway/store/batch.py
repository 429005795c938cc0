"""One polled batch, written in one transaction: what is new, what its machines look like now, what was refused.

Everybody who writes takes locks in one order: machines, event ids, dead letters, policies, and each of them by its key.
What belongs to one machine (its alarms) needs no lock of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from chassis.dead_letter import DeadLetter
from gateway.instants import micros
from gateway.refusals import REDRIVE_OF, event_of, refusal_of
from gateway.retention import Retention
from gateway.store import alarm_step, assessments, days, dead_letters, redrives, sightings
from gateway.store.alarm_step import Buried, Stepped
from gateway.store.assessments import Inserted, Judged
from gateway.store.dead_letters import letter_id
from gateway.store.engine import Store


@dataclass(frozen=True, slots=True)
class Written:
    """The assessments by what became of them, the dead letters that are new, and what the alarms made of both."""

    assessments: Inserted
    dead_letters: list[DeadLetter]
    alarms: Stepped = field(default_factory=Stepped)


def write(
    store: Store,
    judged: Sequence[Judged],
    letters: Sequence[DeadLetter],
    now_us: int,
    default_equipment: str,
    retention: Retention,
) -> Written:
    """Store a batch once: written again, it changes nothing. Raises StoreAway, and then nothing was kept.

    When the connection broke during the commit the batch may be kept all the same; that, too, is "written again".
    """
    timely, untimely = list[Judged](), list[Judged]()
    for found in judged:
        takes = retention.takes(micros(found.assessment.observed_at), now_us)
        (timely if takes else untimely).append(found)
    kept = [letter for letter in letters if micros(letter.refused_at) >= retention.dead_letters_us(now_us)]
    refusals = {id(letter): refusal for letter in kept if (refusal := refusal_of(letter)) is not None}
    days.make(store, {days.day_of(micros(found.assessment.observed_at)) for found in timely})
    inserted, buried, stepped = Inserted(), list[DeadLetter](), Stepped()
    with store.transaction() as connection:
        # Of a file, whose writers take turns, the first statement must be one that writes.
        known = frozenset[str]() if store.is_embedded else store.known_machines
        held = sightings.hold(connection, timely, refusals.values(), now_us, default_equipment, known)
        if timely:
            inserted = assessments.insert(connection, timely, now_us)
            held = sightings.note_assessments(connection, held, inserted.stored, now_us)
        if kept:
            buried = dead_letters.insert(connection, kept, now_us)
        fresh = [
            Buried(refusals[id(letter)], letter_id(letter.origin), micros(letter.refused_at))
            for letter in buried
            if id(letter) in refusals
        ]
        sightings.note_refusals(connection, held, [letter.refusal for letter in fresh], now_us)
        _note_outcomes(connection, inserted, buried)
        stepped = alarm_step.step(connection, inserted.stored, fresh, default_equipment, now_us, store.announced)
    store.known_machines |= held.keys()
    inserted.untimely += untimely
    return Written(inserted, buried, stepped)


def _note_outcomes(connection: Connection, inserted: Inserted, buried: Sequence[DeadLetter]) -> None:
    """What was put back on its topic and comes by here again has come to an end, good or bad."""
    there = {found.assessment.event_id for found in (*inserted.stored, *inserted.duplicates)}
    if there:
        redrives.note_stored(connection, there)
    successors, events = dict[str, str](), dict[str, str]()
    for letter in buried:
        name = letter_id(letter.origin)
        if (redriven := dict(letter.headers).get(REDRIVE_OF)) is not None:
            successors[redriven.decode(errors="replace")] = name
        if (event_id := event_of(letter.value)) is not None:
            events[event_id] = name
    if buried:
        redrives.note_dead_again(connection, successors, events)
