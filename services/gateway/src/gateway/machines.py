"""The doors to the machine registry: the list, one machine, and its registration."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chassis.http_app import json_response
from chassis.openapi import answers, request_body
from chassis.problem import BodyTooLarge, FieldError, UnsupportedMediaType
from gateway.bodies import body_of
from gateway.cursors import cursor, place
from gateway.instants import instant, micros
from gateway.machine_state import Patience, State
from gateway.machine_views import MachineDetail, MachineFacts, MachineList, StateName, detail, state_counts, summary
from gateway.problems import MalformedQuery, StoreUnavailable, UnknownMachine
from gateway.refusals import MACHINE_ID
from gateway.store import Store, assessments, dead_letters, machines
from gateway.store.choices import Choice
from gateway.store.machines import Machine, Order, Sort

_TEXT = r"^[^\x00-\x1f\x7f]*$"
MachineId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$", examples=["M14860"])]
StateChoice = StateName | Literal["at_risk"]
_SORTED = {"id": str, "probability": float, "age": int}
_facts = msgspec.json.Decoder(MachineFacts)


def machine_routes(prefix: str, store: Store, clock: Callable[[], datetime], patience: Patience) -> APIRouter:
    """The routes of the registry below `prefix`."""
    router = APIRouter(prefix=prefix, tags=["machines"])
    responses = answers(200, MachineList, (MalformedQuery, StoreUnavailable))

    @router.get("/machines", summary="Machines with state and newest assessment", responses=responses)
    def list_machines(
        state: Annotated[StateChoice | None, Query(description="Only machines in this state, or at risk")] = None,
        line: Annotated[str | None, Query(max_length=64, pattern=_TEXT, description="Only this line")] = None,
        q: Annotated[str | None, Query(max_length=64, pattern=_TEXT, description="Text in id or line")] = None,
        sort: Annotated[Sort, Query(description="Order; a minus turns it round")] = Sort.ID,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        cursor: Annotated[str | None, Query(max_length=256, description="`next_cursor` of the page before")] = None,
    ) -> Response:
        """The list moves while it is read: a machine whose sort value changes between pages may come twice or not."""
        after = place(cursor, sort.value, _SORTED[sort.removeprefix("-")]) if cursor is not None else None
        at_risk = state == "at_risk"
        wanted = State[state.upper()] if state is not None and state != "at_risk" else None
        choice = Choice(line=line, text=q, state=wanted, at_risk=at_risk)
        return json_response(_list(store, choice, Order(sort, after, limit), micros(clock()), patience))

    @router.get(
        "/machines/{machine_id}",
        summary="One machine with its newest assessment",
        responses=answers(200, MachineDetail, (UnknownMachine, MalformedQuery, StoreUnavailable)),
    )
    def get_machine(machine_id: MachineId) -> Response:
        return json_response(_detail(store, known(store, machine_id), micros(clock()), patience))

    @router.put(
        "/machines/{machine_id}",
        summary="Register a machine, or change what is registered",
        responses=answers(200, MachineDetail)
        | answers(201, MachineDetail, (BodyTooLarge, UnsupportedMediaType, MalformedQuery, StoreUnavailable)),
        openapi_extra=request_body(MachineFacts, examples={"milling": {"equipment": "milling", "line": "line 2"}}),
    )
    async def put_machine(machine_id: MachineId, request: Request) -> Response:
        """201 when the machine is new, 200 when it was known. What a reading says of it later wins."""
        facts = _checked(await body_of(request, _facts))
        now_us = micros(clock())

        def register() -> Response:
            new = machines.register(store, machine_id, facts.equipment, facts.product_type, facts.line, now_us)
            registered = _detail(store, known(store, machine_id), now_us, patience)
            return json_response(registered, status=201 if new else 200)

        return await run_in_threadpool(register)

    return router


def known(store: Store, machine_id: str) -> Machine:
    """The machine with this id. Raises UnknownMachine, naming up to three ids that look like it."""
    machine = machines.find(store, machine_id)
    if machine is None:
        similar = machines.nearest(store, machine_id, 3)
        hint = f"; did you mean {', '.join(similar)}?" if similar else ""
        raise UnknownMachine(f"no machine {machine_id} is known{hint}")
    return machine


def _list(store: Store, choice: Choice, order: Order, now_us: int, patience: Patience) -> MachineList:
    # One more than asked for tells whether there is a next page.
    more = Order(order.sort, order.after, order.limit + 1)
    # Counted before they are listed: a machine that arrives in between must not be announced and then be missing.
    counts = machines.counts(store, choice, now_us, patience)
    found = machines.page(store, choice, more, now_us, patience)
    shown = found[: order.limit]
    following = None
    if len(found) > len(shown):
        following = cursor(order.sort.value, machines.sort_value(shown[-1], order.sort), shown[-1].facts.id)
    total = counts.at_risk if choice.at_risk else counts.total
    return MachineList(
        machines=[summary(machine, now_us, patience) for machine in shown],
        next_cursor=following,
        total=counts.by_state[choice.state] if choice.state is not None else total,
        counts=state_counts(counts),
        server_time=instant(now_us),
    )


def _detail(store: Store, machine: Machine, now_us: int, patience: Patience) -> MachineDetail:
    body = assessments.body(store, machine.last.event_id) if machine.last is not None else None
    return detail(machine, now_us, patience, dead_letters.count_of(store, machine.facts.id), body)


def _checked(facts: MachineFacts) -> MachineFacts:
    # A pattern's `$` lets a line break pass at the end, and a name for people has no control characters.
    if not MACHINE_ID.fullmatch(facts.equipment) or not (facts.product_type or "M").isalnum():
        raise MalformedQuery("equipment and product_type are names without spaces")
    if facts.line is not None and not facts.line.isprintable():
        raise MalformedQuery("not a name", errors=[FieldError("/line", "control characters")])
    return facts
