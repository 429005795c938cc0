"""The checker's own eyes on the database: stored assessments and dead letters, read with plain SQL."""

import json
from collections import Counter
from collections.abc import Mapping

from sqlalchemy import create_engine, text

from tests.faults.checker import ASSESSMENTS
from tests.faults.payload import Fact, fact_of, raw_fact
from tests.faults.snapshot import Letter, Place, Row

_ROWS = "SELECT event_id, source_partition, source_offset, body FROM assessments WHERE NOT ({before})"
_EARLIER = "SELECT event_id FROM assessments WHERE {before}"
_LETTERS = "SELECT origin, code, value FROM dead_letters"
_NEWEST = """
    SELECT id, machines.observed_at, (SELECT max(observed_at) FROM assessments WHERE machine_id = id)
    FROM machines WHERE id LIKE :machines
"""
_ROWS_DIGEST = """
    SELECT md5(string_agg(event_id || encode(sha256(body), 'hex'), ',' ORDER BY event_id)) FROM assessments
"""
_LETTERS_DIGEST = "SELECT md5(string_agg(id, ',' ORDER BY id)) FROM dead_letters"


class Tables:
    """Reads the gateway's database."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's."""
        self._engine = create_engine(url, pool_pre_ping=True)

    def rows(self, starts: Mapping[tuple[str, int], int]) -> list[Row]:
        """The assessments that came from `starts` on; those from before belong to another run."""
        found = []
        with self._engine.connect() as connection:
            for event_id, partition, offset, body in connection.execute(text(_ROWS.format(before=_before(starts)))):
                fact = fact_of(bytes(body)) or Fact(event_id, "unreadable")
                # The column decides about the id: a body under a foreign id is a corruption.
                found.append(Row(Fact(event_id, fact.sha256), Place(ASSESSMENTS, partition, offset), bytes(body)))
        return found

    def earlier(self, starts: Mapping[tuple[str, int], int]) -> frozenset[str]:
        """The ids of the assessments that came from before `starts`."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(text(_EARLIER.format(before=_before(starts)))).scalars())

    def places(self) -> list[Place]:
        """The record that each stored assessment came from."""
        with self._engine.connect() as connection:
            found = connection.execute(text("SELECT source_partition, source_offset FROM assessments"))
            return [Place(ASSESSMENTS, partition, offset) for partition, offset in found]

    def letters(self, starts: Mapping[tuple[str, int], int]) -> list[Letter]:
        """The dead letters of records from `starts` on."""
        found = []
        with self._engine.connect() as connection:
            for origin, code, value in connection.execute(text(_LETTERS)):
                topic, partition, offset = origin.rsplit("/", 2) if origin.count("/") == 2 else (origin, "0", "0")
                if int(offset) >= starts.get((topic, int(partition)), 0):
                    found.append(Letter(origin, code, fact_of(bytes(value)), raw_fact(origin, bytes(value))))
        return found

    def count(self) -> int:
        """How many assessments there are."""
        with self._engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM assessments")).scalar_one())

    def count_of(self, run: str) -> int:
        """How many assessments a run has."""
        query = text("SELECT count(*) FROM assessments WHERE event_id LIKE :ids")
        with self._engine.connect() as connection:
            return int(connection.execute(query, {"ids": f"{run}.%"}).scalar_one())

    def count_by_model(self, run: str) -> dict[str, int]:
        """How many assessments of a run each version of the model has made."""
        query = text("SELECT body FROM assessments WHERE event_id LIKE :ids")
        with self._engine.connect() as connection:
            bodies = connection.execute(query, {"ids": f"{run}.%"}).scalars()
            return dict(Counter(str(json.loads(body)["model"]["version"]) for body in bodies))

    def newest(self, run: str) -> tuple[int, list[str]]:
        """How many machines a run has, and those that do not show their newest reading by event time."""
        with self._engine.connect() as connection:
            found = connection.execute(text(_NEWEST), {"machines": f"{run}-%"}).all()
        return len(found), [machine for machine, shown, newest in found if shown != newest]

    def checksum(self) -> str:
        """A digest of what people can see: assessments and dead letters, whatever order they came in."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(_ROWS_DIGEST)).scalar()
            letters = connection.execute(text(_LETTERS_DIGEST)).scalar()
        return f"{rows}/{letters}"

    def close(self) -> None:
        self._engine.dispose()


def _before(starts: Mapping[tuple[str, int], int]) -> str:
    """The condition in SQL on rows that came from before `starts`."""
    of_assessments = [(partition, start) for (topic, partition), start in starts.items() if topic == ASSESSMENTS]
    parts = (f"source_partition = {partition:d} AND source_offset < {start:d}" for partition, start in of_assessments)
    return " OR ".join(parts) or "FALSE"
