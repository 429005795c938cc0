"""The door to how often alarms came over the last weeks, and which model judged then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers
from gateway.instants import instant, micros
from gateway.problems import MalformedQuery, StoreUnavailable
from gateway.retention import DAY_US
from gateway.store import Store, alarm_rate


class ModelSpell(msgspec.Struct, frozen=True):
    """A model that judged, and when the first reading of the range that it judged was observed."""

    from_: datetime = msgspec.field(name="from")
    version: str
    digest: str


class AlarmRate(msgspec.Struct, frozen=True):
    """Alarms of an equipment that nothing hid: `windows` are those of each 24 hours from `from` on, the last ends now.

    `models` are the ones that judged, in order, as far back as readings are kept; the first may have judged before. One
    that judged for less than a day may be missing.
    """

    equipment: str
    from_: datetime = msgspec.field(name="from")
    to: datetime
    windows: list[int]
    models: list[ModelSpell]


def alarm_rate_routes(prefix: str, store: Store, clock: Callable[[], datetime], default_equipment: str) -> APIRouter:
    """The route of the alarm rate below `prefix`."""
    router = APIRouter(prefix=f"{prefix}/alarms", tags=["alarms"])

    @router.get(
        "/rate",
        summary="Alarms per day over the last weeks, and which model judged then",
        responses=answers(200, AlarmRate, (MalformedQuery, StoreUnavailable)),
    )
    def get_rate(
        equipment: Annotated[str | None, Query(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")] = None,
        days: Annotated[int, Query(ge=1, le=90, description="How far back")] = 30,
    ) -> Response:
        named = equipment if equipment is not None else default_equipment
        now = clock()
        from_us = micros(now - timedelta(days=days))
        counts = alarm_rate.raised(store, named, from_us, days, DAY_US)
        found = alarm_rate.spells(store, named, from_us, days, DAY_US)
        models = [ModelSpell(instant(each.from_us), each.model.version, each.model.digest) for each in found]
        return json_response(AlarmRate(named, instant(from_us), now, counts, models))

    return router
