"""The door to what machines read lately, for checks of drift: a sample of the fleet beside the training data."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers
from gateway.instants import instant, micros
from gateway.problems import MalformedQuery, StoreUnavailable
from gateway.store import Store, recent_signals

Equipment = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", examples=["milling"])]


class RecentSignals(msgspec.Struct, frozen=True):
    """Readings of all machines of an equipment, column by column; every column has `readings` values.

    They are spread evenly over the time from `from` on, when the first of them was stored. Units are the profile's.
    """

    equipment: str
    from_: datetime = msgspec.field(name="from")
    to: datetime
    readings: int
    signals: dict[str, list[float]]


def recent_signal_routes(prefix: str, store: Store, clock: Callable[[], datetime]) -> APIRouter:
    """The route of recent signals below `prefix`."""
    router = APIRouter(prefix=prefix, tags=["history"])

    @router.get(
        "/signals/{equipment}",
        summary="A sample of what all machines of an equipment read lately",
        responses=answers(200, RecentSignals, (MalformedQuery, StoreUnavailable)),
    )
    def recent(
        equipment: Equipment,
        hours: Annotated[int, Query(ge=1, le=168, description="How far back")] = 24,
        limit: Annotated[int, Query(ge=50, le=10_000, description="About how many readings at most")] = 2_000,
    ) -> Response:
        now = clock()
        found = recent_signals.sample(store, equipment, micros(now - timedelta(hours=hours)), micros(now), limit)
        columns = {name: column.tolist() for name, column in found.signals.items()}
        return json_response(RecentSignals(equipment, instant(found.from_us), now, found.readings, columns))

    return router
