"""The doors to alarm policies: what is in force, every version with author and reason, and a new one."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, FieldError, UnsupportedMediaType
from gateway import actor
from gateway.alarms.policy import InvalidPolicy, Policy, decode_policy
from gateway.bodies import body_of, text_of
from gateway.entity_tags import IF_MATCH, tag, version_of
from gateway.instants import micros
from gateway.policy_views import PolicyChange, PolicyDetail, PolicyList, PolicyVersions, policy_detail, policy_item
from gateway.problems import (
    InvalidAlarmPolicy,
    MalformedQuery,
    PolicyConflict,
    StoreUnavailable,
    UnknownPolicy,
    VersionRequired,
)
from gateway.store import Store, alarm_policies
from gateway.store.alarm_policies import PolicyVersion

Equipment = Annotated[str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", examples=["milling"])]
_CHANGE_PROBLEMS = (
    PolicyConflict,
    BodyTooLarge,
    UnsupportedMediaType,
    InvalidAlarmPolicy,
    MalformedQuery,
    VersionRequired,
    StoreUnavailable,
)
_VERSIONS = 1_000


class _Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`PolicyChange` with its document as it came: the faults of a document have a decoder of their own."""

    policy: msgspec.Raw
    reason: Annotated[str, msgspec.Meta(max_length=2_000)]
    actor: Annotated[str, msgspec.Meta(max_length=64)] | None = None


_change = msgspec.json.Decoder(_Change)


def policy_routes(prefix: str, store: Store, clock: Callable[[], datetime], default_equipment: str) -> APIRouter:
    """The routes of policies below `prefix`; `default_equipment` is listed even before its policy was needed."""
    router = APIRouter(prefix=f"{prefix}/policies", tags=["policies"])

    @router.get("", summary="Policies in force", responses=answers(200, PolicyList, (StoreUnavailable,)))
    def list_policies() -> Response:
        stored = {found.equipment: found for found in alarm_policies.every(store)}
        if (shipped := alarm_policies.shipped(default_equipment)) is not None:
            stored.setdefault(default_equipment, shipped)
        return json_response(PolicyList([policy_item(stored[name]) for name in sorted(stored)]))

    @router.get(
        "/{equipment}",
        summary="The policy in force",
        responses=answers(200, PolicyDetail, (UnknownPolicy, MalformedQuery, StoreUnavailable)),
    )
    def get_policy(equipment: Equipment) -> Response:
        """`ETag` is what a change sends as `If-Match`."""
        return _answer(in_force(store, equipment))

    @router.get(
        "/{equipment}/versions",
        summary="Every version, with author and reason",
        responses=answers(200, PolicyVersions, (UnknownPolicy, MalformedQuery, StoreUnavailable)),
    )
    def list_versions(equipment: Equipment, limit: Annotated[int, Query(ge=1, le=_VERSIONS)] = 100) -> Response:
        found = alarm_policies.versions(store, equipment, limit) or [in_force(store, equipment)]
        return json_response(PolicyVersions([policy_item(each) for each in found]))

    @router.get(
        "/{equipment}/versions/{version}",
        summary="One version with its document",
        responses=answers(200, PolicyDetail, (UnknownPolicy, MalformedQuery, StoreUnavailable)),
    )
    def get_version(equipment: Equipment, version: Annotated[int, Path(ge=0, le=2**31 - 1)]) -> Response:
        return _answer(version_with(store, equipment, version))

    @router.put(
        "/{equipment}",
        status_code=201,
        summary="Put a new version in force",
        responses=answers(201, PolicyDetail, _CHANGE_PROBLEMS),
        openapi_extra=request_body(PolicyChange) | {"parameters": [IF_MATCH, actor.PARAMETER]},
    )
    async def put_policy(equipment: Equipment, request: Request) -> Response:
        """It decides from the next batch of readings on. `If-Match: "0"` where no version is stored."""
        asked = await body_of(request, _change)
        who, after = actor.actor_of(request, asked.actor), version_of(request)
        policy, reason = policy_of(asked.policy, equipment), text_of(asked.reason, "/reason")
        if not reason:
            raise MalformedQuery("say why", errors=[FieldError("/reason", "is empty")])

        def put() -> Response:
            stored = alarm_policies.add(store, policy, after, who, reason, micros(clock()))
            if stored is None:
                raise PolicyConflict(_what_is_there(store, equipment))
            return _answer(stored, 201)

        return await run_in_threadpool(put)

    return router


def in_force(store: Store, equipment: str) -> PolicyVersion:
    """The policy in force, or the one that ships as version 0. Raises UnknownPolicy."""
    stored = alarm_policies.newest(store, equipment) or alarm_policies.shipped(equipment)
    if stored is None:
        raise UnknownPolicy(f"there is no alarm policy for {equipment}")
    return stored


def version_with(store: Store, equipment: str, version: int) -> PolicyVersion:
    """One version. Raises UnknownPolicy."""
    stored = alarm_policies.numbered(store, equipment, version) if version else alarm_policies.shipped(equipment)
    if stored is None:
        raise UnknownPolicy(f"there is no version {version} of the alarm policy for {equipment}")
    return stored


def policy_of(document: bytes, equipment: str) -> Policy:
    """The policy in a document for this equipment. Raises InvalidAlarmPolicy with a pointer for every fault."""
    try:
        policy = decode_policy(bytes(document))
    except InvalidPolicy as error:
        faults = [FieldError(f"/policy{fault.pointer}", fault.detail) for fault in error.faults]
        raise InvalidAlarmPolicy("the document is no alarm policy", errors=faults) from error
    if policy.equipment != equipment:
        fault = FieldError("/policy/equipment", f"is not {equipment}")
        raise InvalidAlarmPolicy("the policy is for another equipment", errors=[fault])
    return policy


def _what_is_there(store: Store, equipment: str) -> str:
    found = alarm_policies.newest(store, equipment)
    if found is None:
        return 'no version is stored yet: send If-Match: "0"'
    return f"{found.author} has stored version {found.version}: {found.reason[:200]}"


def _answer(stored: PolicyVersion, status: int = 200) -> Response:
    return json_response(
        msgspec.json.encode(policy_detail(stored)), status=status, headers={"etag": tag(stored.version)}
    )
