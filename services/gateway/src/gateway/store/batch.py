"""One polled batch, written in one transaction: what is new, what its machines look like now, what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.dead_letter import DeadLetter
from gateway.refusals import refusal_of
from gateway.store import assessments, dead_letters, sightings
from gateway.store.assessments import Inserted, Judged
from gateway.store.engine import Store


@dataclass(frozen=True, slots=True)
class Written:
    """The assessments by what became of them, and the dead letters that are new."""

    assessments: Inserted
    dead_letters: list[DeadLetter]


def write(
    store: Store, judged: Sequence[Judged], letters: Sequence[DeadLetter], now_us: int, default_equipment: str
) -> Written:
    """Store a batch once: written again, it changes nothing. Raises StoreAway, and then nothing was kept."""
    inserted, buried = Inserted(), list[DeadLetter]()
    with store.transaction() as connection:
        if judged:
            sightings.register_unknown(connection, judged, now_us)
            inserted = assessments.insert(connection, judged, now_us)
            sightings.note_assessments(connection, inserted.stored, now_us)
        if letters:
            buried = dead_letters.insert(connection, letters, now_us)
            refusals = [refusal for letter in buried if (refusal := refusal_of(letter)) is not None]
            sightings.note_refusals(connection, refusals, now_us, default_equipment)
    return Written(inserted, buried)
