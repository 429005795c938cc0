"""Stored policies: every version of every equipment; the highest is in force. Versions are never changed."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, Row, and_, func, select

from gateway.alarms.policy import Policy as Document
from gateway.alarms.policy import decode_policy, default_policy, digest_of, encode_policy
from gateway.alarms.standing_policy import StandingPolicy, standing
from gateway.alarms.transition import SYSTEM
from gateway.store.alarm_schema import policies
from gateway.store.bulk import among, insert_or_skip
from gateway.store.engine import Store

SHIPPED = "the policy that ships"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One stored version. `made_at` is wall clock; `document` is canonical JSON."""

    equipment: str
    version: int
    digest: str
    author: str
    reason: str
    made_at: int
    document: bytes

    def standing(self) -> StandingPolicy:
        """The policy, ready for the state machine."""
        return standing_of(self.document)


def in_force(connection: Connection, equipment: Collection[str], now_us: int) -> dict[str, StandingPolicy]:
    """The policies in force of these equipments. One that ships and was never stored becomes version 1.

    An equipment without a policy is missing from the answer: its machines have no alarms.
    """
    found = _newest(connection, equipment)
    for name in sorted(set(equipment) - found.keys()):
        if (shipped := default_policy(name)) is not None:
            row = _row(shipped, 1, SYSTEM, SHIPPED, now_us)
            connection.execute(insert_or_skip(connection, policies).values(row))
            # Another writer may have been faster; its row is the same or newer.
            found |= _newest(connection, [name])
    return {name: version.standing() for name, version in found.items()}


def newest(store: Store, equipment: str) -> PolicyVersion | None:
    """The version in force, None when none is stored."""
    with store.transaction() as connection:
        return _newest(connection, [equipment]).get(equipment)


def every(store: Store) -> list[PolicyVersion]:
    """The versions in force of every equipment that has one, by its name."""
    with store.transaction() as connection:
        names = connection.execute(select(policies.c.equipment).distinct()).scalars().all()
        found = _newest(connection, names)
    return [found[name] for name in sorted(found)]


def numbered(store: Store, equipment: str, version: int) -> PolicyVersion | None:
    """One version."""
    query = select(*policies.c).where(policies.c.equipment == equipment, policies.c.version == version)
    with store.transaction() as connection:
        row = connection.execute(query).one_or_none()
        return _version(row) if row is not None else None


def shipped(equipment: str) -> PolicyVersion | None:
    """The policy that ships, as version 0; None when none does. It becomes version 1 when it is first needed."""
    if (document := default_policy(equipment)) is None:
        return None
    return PolicyVersion(**_row(document, 0, SYSTEM, SHIPPED, 0))  # type: ignore[arg-type]  # named as the columns


def with_digest(store: Store, digest: str) -> PolicyVersion | None:
    """The first stored version with this digest."""
    query = select(*policies.c).where(policies.c.digest == digest).order_by(policies.c.version).limit(1)
    with store.transaction() as connection:
        row = connection.execute(query).one_or_none()
        return _version(row) if row is not None else None


def versions(store: Store, equipment: str, limit: int) -> list[PolicyVersion]:
    """Up to `limit` versions, the newest first."""
    query = select(*policies.c).where(policies.c.equipment == equipment)
    with store.transaction() as connection:
        rows = connection.execute(query.order_by(policies.c.version.desc()).limit(limit))
        return [_version(row) for row in rows]


def add(store: Store, document: Document, after: int, author: str, reason: str, now_us: int) -> PolicyVersion | None:
    """Store the version after version `after` (0: the first); None when somebody else has done so already."""
    row = _row(document, after + 1, author, reason, now_us)
    table = policies.c
    with store.transaction() as connection:
        there = connection.execute(
            select(func.coalesce(func.max(table.version), 0)).where(table.equipment == document.equipment)
        ).scalar_one()
        inserting = insert_or_skip(connection, policies).values(row).returning(table.version)
        if there != after or connection.execute(inserting).scalar() is None:
            return None
    return PolicyVersion(**row)  # type: ignore[arg-type]  # the names are those of the columns


def _newest(connection: Connection, equipment: Collection[str]) -> dict[str, PolicyVersion]:
    table = policies.c
    named = among(connection, table.equipment, sorted(equipment))
    last = select(table.equipment, func.max(table.version).label("version")).where(named)
    newest_ones = last.group_by(table.equipment).subquery()
    same = and_(table.equipment == newest_ones.c.equipment, table.version == newest_ones.c.version)
    rows = connection.execute(select(*table).select_from(policies.join(newest_ones, same)))
    return {row.equipment: _version(row) for row in rows}


def _row(document: Document, version: int, author: str, reason: str, now_us: int) -> dict[str, object]:
    return {
        "equipment": document.equipment,
        "version": version,
        "digest": digest_of(document),
        "author": author,
        "reason": reason,
        "made_at": now_us,
        "document": encode_policy(document),
    }


def _version(row: Row[*tuple[object, ...]]) -> PolicyVersion:
    return PolicyVersion(*row)  # type: ignore[arg-type]  # the columns are those of the class


@lru_cache(maxsize=256)
def standing_of(document: bytes) -> StandingPolicy:
    """The policy in a document, ready for the state machine."""
    return standing(decode_policy(document))
