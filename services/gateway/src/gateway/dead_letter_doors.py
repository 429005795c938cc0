"""The doors to dead letters: look through them, look at one, put them back on their topic."""

import re
from typing import Annotated
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, UnsupportedMediaType
from gateway.bodies import body_of
from gateway.cursors import cursor as cursor_of
from gateway.cursors import place
from gateway.dead_letter_views import (
    DeadLetterDetail,
    DeadLetterPage,
    RedriveAnswer,
    RedriveRequest,
    detail,
    item,
)
from gateway.problems import (
    LogAway,
    MalformedQuery,
    RedriveInProgress,
    RedriveKeyReused,
    StoreUnavailable,
    UnknownDeadLetter,
)
from gateway.redrive import Redriver
from gateway.store import Store, dead_letters
from gateway.store.dead_letters import Status, Wanted

_LIST_BYTES = 512
_DETAIL_BYTES = 64 * 1024
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_request = msgspec.json.Decoder(RedriveRequest)
LetterId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0" * 32])]
_REDRIVE_PROBLEMS = (RedriveInProgress, RedriveKeyReused, MalformedQuery, StoreUnavailable, LogAway)
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Chosen by the client; the same request under the same key publishes once",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
}


def dead_letter_routes(prefix: str, store: Store, redriver: Redriver) -> APIRouter:
    """The routes of dead letters below `prefix`."""
    router = APIRouter(prefix=f"{prefix}/dead-letters", tags=["dead letters"])

    @router.get(
        "",
        summary="Dead letters, the newest refusal first",
        responses=answers(200, DeadLetterPage, (MalformedQuery, StoreUnavailable)),
    )
    def list_dead_letters(
        code: Annotated[str | None, Query(pattern="^[a-z][a-z0-9_]{0,63}$", description="Only this reason")] = None,
        machine: Annotated[str | None, Query(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")] = None,
        service: Annotated[str | None, Query(pattern="^[a-z][a-z0-9-]{0,63}$", description="Who refused")] = None,
        status: Annotated[Status | None, Query(description="What became of it")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=256, description="`next_cursor` of the page before")] = None,
    ) -> Response:
        before = _before(cursor) if cursor is not None else None
        found = dead_letters.page(store, Wanted(code, machine, service, status), before, limit + 1, _LIST_BYTES)
        last = found[limit - 1] if len(found) > limit else None
        following = cursor_of("dead-letters", last.refused_at, last.id) if last is not None else None
        return json_response(DeadLetterPage([item(letter) for letter in found[:limit]], following))

    @router.post(
        "/redrive",
        status_code=202,
        summary="Put dead letters back on their topic, by id or by reason",
        responses=answers(202, RedriveAnswer, (BodyTooLarge, UnsupportedMediaType, *_REDRIVE_PROBLEMS)),
        openapi_extra=request_body(RedriveRequest, examples={"by reason": {"code": "unknown_equipment", "limit": 100}})
        | {"parameters": [_KEY_PARAMETER]},
    )
    async def redrive(request: Request) -> Response:
        """At most 500 at once. What is redriven and awaits its outcome is not published again."""
        wanted = _checked(await body_of(request, _request))
        return json_response(await run_in_threadpool(redriver.redrive, _redrive_id(request), wanted), status=202)

    @router.get(
        "/{letter_id}",
        summary="One dead letter with its original bytes",
        responses=answers(200, DeadLetterDetail, (UnknownDeadLetter, MalformedQuery, StoreUnavailable)),
    )
    def get_dead_letter(letter_id: LetterId) -> Response:
        if (letter := dead_letters.find(store, letter_id, _DETAIL_BYTES)) is None:
            raise UnknownDeadLetter(f"no dead letter {letter_id} is kept")
        return json_response(detail(letter))

    @router.post(
        "/{letter_id}/redrive",
        status_code=202,
        summary="Put one dead letter back on its topic",
        responses=answers(202, RedriveAnswer, (UnknownDeadLetter, *_REDRIVE_PROBLEMS)),
        openapi_extra={"parameters": [_KEY_PARAMETER]},
    )
    def redrive_one(letter_id: LetterId, request: Request) -> Response:
        """Not published again while the outcome of an earlier redrive is awaited: the answer says so."""
        if dead_letters.find(store, letter_id, 0) is None:
            raise UnknownDeadLetter(f"no dead letter {letter_id} is kept")
        answer = redriver.redrive(_redrive_id(request), RedriveRequest(ids=[letter_id]))
        return json_response(answer, status=202)

    return router


def _before(text: str) -> tuple[int, str]:
    at_us, name = place(text, "dead-letters", int)
    return int(at_us), name


def _redrive_id(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if key is None:
        return uuid4().hex
    if not _KEY.fullmatch(key):
        raise MalformedQuery("an Idempotency-Key has 1 to 128 letters, digits, dots, colons, dashes or underscores")
    return key


def _checked(wanted: RedriveRequest) -> RedriveRequest:
    if (wanted.ids is None) == (wanted.code is None):
        raise MalformedQuery("name either `ids` or a `code`")
    # A pattern's `$` lets a line break pass at the end.
    if any(not name.isalnum() for name in wanted.ids or ()) or (wanted.code or "").endswith("\n"):
        raise MalformedQuery("`ids` are 32 hex digits, `code` is a reason code")
    return wanted
