"""The models that inference says it can score with."""

from msgspec import structs
from sqlalchemy import func, select

from chassis.replay import ModelCard, decode_card, encode_card
from gateway.store.alarm_schema import alarm_lines
from gateway.store.bulk import insert_or_skip
from gateway.store.engine import Store
from gateway.store.replay_schema import models


def keep(store: Store, card: ModelCard, now_us: int) -> None:
    """Keep a card. Of the live models of an equipment the one that said so last is it."""
    row = {
        "equipment": card.equipment,
        "version": card.version,
        "is_live": card.is_live,
        "told_at": now_us,
        "card": encode_card(card),
    }
    with store.transaction() as connection:
        adding = insert_or_skip(connection, models).values(row | {"digest": card.digest})
        if connection.execute(adding.returning(models.c.digest)).scalar() is None:
            connection.execute(models.update().where(models.c.digest == card.digest).values(row))
        if card.is_live:
            others = (models.c.equipment == card.equipment) & (models.c.digest != card.digest)
            connection.execute(models.update().where(others).values(is_live=False))


def told_since(store: Store, equipment: str | None, since_us: int) -> list[ModelCard]:
    """The models that have been told of since then, the live one first, then by version."""
    table = models.c
    query = select(table.card, table.is_live).where(table.told_at >= since_us)
    if equipment is not None:
        query = query.where(table.equipment == equipment)
    with store.transaction() as connection:
        rows = connection.execute(query.order_by(table.equipment, table.is_live.desc(), table.version)).all()
    return [structs.replace(decode_card(card), is_live=is_live) for card, is_live in rows]


def live(store: Store, equipment: str) -> ModelCard | None:
    """The model that scores the live readings of an equipment, as far as it has been told."""
    query = select(models.c.card).where(models.c.equipment == equipment, models.c.is_live.is_(True))
    with store.transaction() as connection:
        card = connection.execute(query.order_by(models.c.told_at.desc()).limit(1)).scalar_one_or_none()
        return decode_card(card) if card is not None else None


def machines_of(store: Store, equipment: str) -> int:
    """How many machines of an equipment have been heard of; at least one."""
    query = select(func.count()).select_from(alarm_lines).where(alarm_lines.c.equipment == equipment)
    with store.transaction() as connection:
        return max(1, connection.execute(query).scalar_one())
