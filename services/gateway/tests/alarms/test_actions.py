"""What operators may do, what they may not, and what holds whatever they and the machines do."""

from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.alarms.actions import Action, ActionKind, act
from gateway.alarms.illegal_actions import AlarmMoved, IllegalAction
from gateway.alarms.line import Basis, Line, apply, close_up, decode_line, encode_line, new_line, take
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import Observation
from gateway.alarms.replay import RecordedAction, replay
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.standing_policy import standing
from gateway.alarms.transition import Transition, log_hash
from services.gateway.tests.alarms.scenes import MACHINE, MODES, POLICY, S, play, policy, seen, streams

RAISED, (RAISE,) = play([seen(0, PWF=0.9)])


def action(kind: Any, **fields: Any) -> Action:
    typical: dict[str, Any] = {
        "mode": "PWF",
        "actor": "ann",
        "at_us": 1 * S,
        "alarm_id": RAISE.alarm_id,
        "note": "seen",
    }
    return Action(kind=kind, **typical | fields)


def after(*actions: Action, alarms: MachineAlarms = RAISED) -> MachineAlarms:
    for each in actions:
        alarms, _ = act(alarms, each, POLICY)
    return alarms


@pytest.mark.parametrize(
    ("before", "illegal", "code"),
    [
        ([], action("acknowledge", note=" "), "note_required"),
        ([], action("acknowledge", alarm_id="other"), "no_open_alarm"),
        ([], action("acknowledge", mode="HDF"), "no_open_alarm"),
        ([action("acknowledge")], action("acknowledge"), "already_acknowledged"),
        ([], action("close"), "not_acknowledged"),
        ([action("acknowledge")], action("close", note=""), "note_required"),
        ([], action("shelve"), "wrong_deadline"),
        ([], action("shelve", until_us=1 * S), "wrong_deadline"),
        ([], action("shelve", until_us=3602 * S), "wrong_deadline"),
        ([], action("unshelve"), "not_shelved"),
        ([], action("suppress"), "wrong_deadline"),
        ([], action("suppress", from_us=9 * S, until_us=9 * S), "wrong_deadline"),
        ([], action("suppress", mode="XYZ", until_us=9 * S), "unknown_condition"),
        ([action("remove_from_service")], action("remove_from_service"), "already_out_of_service"),
        ([], action("return_to_service"), "not_out_of_service"),
        ([], action("note", note=""), "note_required"),
    ],
)
def test_an_illegal_action_is_a_fact(before: list[Action], illegal: Action, code: str) -> None:
    with pytest.raises(IllegalAction) as caught:
        act(after(*before), illegal, POLICY)
    assert caught.value.code == code


def test_of_two_operators_one_wins_and_the_other_is_told_by_whom() -> None:
    won = after(action("acknowledge", actor="ann", version=1))
    with pytest.raises(AlarmMoved) as caught:
        act(won, action("acknowledge", actor="bob", version=1, at_us=2 * S), POLICY)
    assert (caught.value.changed_by, caught.value.changed_us, caught.value.version) == ("ann", 1 * S, 2)


def test_an_acknowledged_alarm_is_over_when_it_returns_and_a_returned_one_when_it_is_acknowledged() -> None:
    _, found = observe(after(action("acknowledge")), seen(2), POLICY)
    assert [(each.kind, each.before, each.after) for each in found] == [("returned", "acknowledged", "normal")]
    returned, _ = observe(RAISED, seen(2), POLICY)
    _, found = act(returned, action("acknowledge", at_us=3 * S), POLICY)
    assert [(each.before, each.after) for each in found] == [("returned_unacknowledged", "normal")]


def test_a_closed_alarm_whose_condition_stands_raises_a_new_one() -> None:
    closed = after(action("acknowledge"), action("close"))
    _, found = observe(closed, seen(2, PWF=0.9), POLICY)
    assert [each.kind for each in found] == ["raised"]
    assert found[0].alarm_id != RAISE.alarm_id


def test_a_shelf_expires_and_an_alarm_that_still_stands_must_be_acknowledged_again() -> None:
    shelved = after(action("acknowledge"), action("shelve", until_us=60 * S))
    for second in range(2, 60):
        shelved, found = observe(shelved, seen(second, PWF=0.9), POLICY)
        assert found == ()
    _, found = observe(shelved, seen(61, judged=False), POLICY)
    assert [(each.kind, each.at_us, each.before, each.after) for each in found] == [
        ("unshelved", 60 * S, "acknowledged", "unacknowledged")
    ]


def test_a_one_shot_shelf_ends_when_the_alarm_returns_and_says_what_it_hid() -> None:
    shelved = after(action("shelve", one_shot=True))
    _, found = observe(shelved, seen(2), POLICY)
    assert [(each.kind, each.overlay) for each in found] == [("returned", "shelved"), ("unshelved", "shelved")]


def test_maintenance_and_out_of_service_neither_raise_nor_clear() -> None:
    window = after(action("suppress", mode="PWF", from_us=5 * S, until_us=50 * S), alarms=MachineAlarms(MACHINE))
    alarms = window
    for second in range(5, 50):
        alarms, found = observe(alarms, seen(second, PWF=0.9), POLICY)
        assert found == ()
    assert [each.kind for each in observe(alarms, seen(50, PWF=0.9), POLICY)[1]] == ["unsuppressed", "raised"]
    out = after(action("remove_from_service"))
    assert observe(out, seen(2), POLICY)[1] == ()
    assert observe(after(action("return_to_service"), alarms=out), seen(2), POLICY)[1][0].kind == "returned"


_actions = st.builds(
    Action,
    kind=st.sampled_from(sorted(get_args(ActionKind))),
    mode=st.sampled_from([*MODES, "XYZ"]),
    actor=st.sampled_from(["ann", "bob"]),
    at_us=st.just(0),
    note=st.sampled_from(["", "seen"]),
    until_us=st.none() | st.integers(1 * S, 200 * S),
    one_shot=st.booleans(),
    version=st.none() | st.integers(0, 9),
)


@given(streams(min_size=5), st.data(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_replay_gives_the_transitions_of_the_live_run_actions_included(
    stream: list[Observation],
    data: st.DataObject,
    random: Random,
) -> None:
    arrivals = sorted(stream, key=lambda each: each.at_us + random.randrange(POLICY.window_us))
    line, live, recorded = new_line(MACHINE), list[Transition](), list[RecordedAction]()
    for each in arrivals:
        moved = take(line, (each,), POLICY)
        line = moved.line
        live += moved.transitions
        for drawn in data.draw(st.lists(_actions, max_size=1)):
            line, found = _try(line, drawn, each.at_us, recorded)
            live += found
    live += close_up(line, 10**16, POLICY).transitions
    again = replay(new_line(MACHINE), stream, recorded, POLICY)
    assert log_hash(again.transitions) == log_hash(live)
    assert again.skipped == ()
    cut = random.randrange(len(stream))
    key = (stream[cut].at_us, stream[cut].event_id)
    early = [each for each in recorded if each.basis.at_us is None or (each.basis.at_us, each.basis.event_id) < key]
    first = replay(new_line(MACHINE), stream[:cut], early, POLICY)
    second = replay(first.line, stream[cut:], recorded[len(early) :], POLICY)
    assert [*first.transitions, *second.transitions] == live


def test_under_another_policy_an_action_goes_to_the_open_alarm_or_is_listed() -> None:
    stream = [seen(t, PWF=0.9) for t in range(20)]
    recorded = [RecordedAction(action("acknowledge", at_us=16 * S), Basis(16, 15 * S, "e15"))]
    condition = POLICY.policy.conditions["PWF"]
    slower = {on_delay_s: replace(condition, on_delay_s=on_delay_s) for on_delay_s in (5.0, 18.0)}
    later, never = (
        replay(new_line(MACHINE), stream, recorded, standing(policy(conditions={"PWF": each})))
        for each in slower.values()
    )
    assert [(each.kind, each.at_us // S) for each in later.transitions] == [("raised", 5), ("acknowledged", 16)]
    assert [each.kind for each in never.transitions] == ["raised"]
    assert [each.code for each in never.skipped] == ["no_open_alarm"]


def _try(line: Line, drawn: Action, at_us: int, recorded: list[RecordedAction]) -> tuple[Line, tuple[Transition, ...]]:
    slot = line.alarms.slots.get(drawn.mode)
    until_us = None if drawn.until_us is None else at_us + drawn.until_us
    whole = replace(drawn, at_us=at_us, until_us=until_us, alarm_id=slot.alarm_id if slot else "")
    try:
        moved = apply(line, whole, POLICY)
    except IllegalAction:
        return line, ()
    recorded.append(RecordedAction(whole, line.basis))
    return moved.line, moved.transitions


LEGAL = {
    ("normal", "unacknowledged"),
    ("unacknowledged", "acknowledged"),
    ("unacknowledged", "returned_unacknowledged"),
    ("returned_unacknowledged", "unacknowledged"),
    ("returned_unacknowledged", "normal"),
    ("acknowledged", "normal"),
    ("acknowledged", "unacknowledged"),  # off the shelf
}


def test_the_invariants_hold_over_a_hundred_thousand_random_steps() -> None:
    seed = 20_260_504
    print(f"seed {seed}")
    random = Random(seed)
    line, second, open_alarms, seq, over = new_line(MACHINE), 0.0, dict[str, str](), 0, set[str]()
    scores: dict[str, float] = {}
    for step in range(100_000):
        if random.random() < 0.1:
            kind = random.choice(sorted(get_args(ActionKind)))
            until_us = random.choice([None, random.randrange(1, 90) * S])
            drawn = Action(kind=kind, mode=random.choice(MODES), actor="ann", at_us=0, note="seen", until_us=until_us)
            line, found = _try(line, drawn, round(second * S), [])
        else:
            second += random.choice([0.5, 1, 1, 1, 2, 31])
            if random.random() < 0.2:
                scores = {mode: random.choice([0.0, 0.45, 0.95]) for mode in MODES}
            moved = take(line, (seen(second, random.random() < 0.95, f"e{step}", **scores),), POLICY)
            line, found = moved.line, moved.transitions
        for each in found:
            seq += 1
            assert each.seq == seq
            assert each.before == each.after or (each.before, each.after) in LEGAL
            assert each.overlay not in ("suppressed", "out_of_service") or each.actor == "ann" or each.kind[:2] == "un"
            if each.kind == "raised":
                assert each.mode not in open_alarms, "one open alarm per machine and condition"
                assert each.alarm_id not in over
                open_alarms[each.mode] = each.alarm_id
            if each.before != "normal":
                assert each.alarm_id == open_alarms[each.mode]
            if each.before != "normal" and each.after == "normal":
                over.add(open_alarms.pop(each.mode))
        for mode, slot in line.alarms.slots.items():
            assert slot.alarm_id == open_alarms.get(mode, "")
            assert slot.shelved_until_us is None or slot.shelved_until_us > (line.basis.at_us or 0)
            assert len(slot.raises) <= POLICY.chatter_raises
    assert len(over) > 500, "the steps reach the interesting states"
    assert decode_line(encode_line(line)) == line
