"""What people are handed: policies, spans, alarm load, advice and decision records."""

import re
from collections.abc import Callable
from random import Random, randrange

import msgspec
import pytest
from msgspec.structs import replace

from chassis.assessment import Assessment, Reason, RuleResult
from gateway.alarms.actions import Action, act
from gateway.alarms.advice import advice_for
from gateway.alarms.decision_record import DecisionRecord, Source, encode_record, record_of, seals_of
from gateway.alarms.load import load
from gateway.alarms.machine_alarms import observe
from gateway.alarms.observation import observation_of
from gateway.alarms.policy import InvalidPolicy, decode_policy, default_policy, digest_of, encode_policy
from gateway.alarms.record_check import first_difference, pointer_at
from gateway.alarms.slot import MachineAlarms
from gateway.alarms.spans import Span, spans_of
from gateway.alarms.standing_policy import standing
from gateway.alarms.transition import decode_transition, encode_transition
from services.gateway.tests.alarms.scenes import POLICY, S, play, policy, seen

Make = Callable[..., Assessment]
MINUTE = 60 * S


def test_a_policy_survives_its_bytes_and_its_digest_ignores_the_spelling() -> None:
    shipped = default_policy("milling")
    assert shipped is not None
    spelled = msgspec.json.format(bytes(encode_policy(shipped)), indent=4)
    assert decode_policy(spelled) == shipped
    assert digest_of(decode_policy(spelled)) == digest_of(shipped)
    assert digest_of(policy()) != digest_of(shipped)
    assert default_policy("lathe") is None
    assert default_policy("../policy") is None


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        (b'"format":1', b'"format":2', "/format"),
        (b'"format":1', b'"format":1,"typo":1', ""),
        (b'"gap_limit_s":30.0', b'"gap_limit_s":0', "/gap_limit_s"),
        (b'"gap_limit_s":30.0', b'"gap_limit_s":"30"', "/gap_limit_s"),
        (b'"currency":"EUR"', b'"currency":"euro"', "/costs/currency"),
        (b'"HDF":{"dead_band":0.1', b'"HDF":{"dead_band":0.5', "/conditions/HDF/dead_band"),
        (b'"HDF":{"dead_band":0.1', b'"HDF":{"dead_band":true', "/conditions/*/dead_band"),
        (b'"anomaly":{', b'"":{', "/conditions"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_place(old: bytes, new: bytes, pointer: str) -> None:
    document = encode_policy(policy())
    assert document.count(old) == 1
    with pytest.raises(InvalidPolicy) as caught:
        decode_policy(document.replace(old, new))
    assert pointer in [fault.pointer for fault in caught.value.faults]


def test_every_fault_is_named_at_once() -> None:
    document = (
        encode_policy(policy()).replace(b'"priority":2', b'"priority":4').replace(b'"visit":200.0', b'"visit":-1')
    )
    with pytest.raises(InvalidPolicy, match=r"/costs/visit.*/conditions/HDF/priority"):
        decode_policy(document)


def test_a_log_folds_into_alarms() -> None:
    alarms, log = play([seen(0, PWF=0.9), seen(1), seen(2, PWF=0.9)])
    alarm_id = log[0].alarm_id
    acknowledge = Action(kind="acknowledge", mode="PWF", actor="ann", at_us=3 * S, alarm_id=alarm_id, note="seen")
    alarms, found = act(alarms, acknowledge, POLICY)
    (standing_alarm,) = spans_of([*log, *found])
    assert (standing_alarm.acknowledged_us, standing_alarm.returned_us, standing_alarm.ended_us) == (3 * S, None, None)
    _, ended = observe(alarms, seen(4), POLICY)
    (over,) = spans_of([*ended, *log, *found])
    assert (over.alarm_id, over.state, over.raised_us, over.ended_us) == (alarm_id, "normal", 0, 4 * S)
    assert [decode_transition(encode_transition(each)) for each in log] == log


def spans(*raises: tuple[str, float], hidden: int = 0) -> list[Span]:
    return [
        Span(
            alarm_id=str(number),
            machine_id=machine,
            mode="HDF",
            priority=2,
            raised_us=round(minute * MINUTE),
            event_id="e",
            model_digest="",
            policy_digest="",
            state="unacknowledged",
            hidden_by="shelved" if number < hidden else "",
        )
        for number, (machine, minute) in enumerate(raises)
    ]


def test_the_load_is_counted_against_the_target() -> None:
    found = load(spans(("M9", 1), ("M1", 1), ("M1", 2), ("M2", 3), ("M1", 25), hidden=1), 0, 60 * MINUTE, operators=2)
    # Four shown in an hour between two people; three in the first ten minutes.
    assert (found.alarms, found.peak) == (4, 1.5)
    assert found.mean == pytest.approx(4 / 6 / 2)
    assert found.above_target == pytest.approx(1 / 6)
    assert found.windows == [3, 0, 1, 0, 0, 0]
    assert [(each.machine_id, each.raises, each.share) for each in found.bad_actors] == [
        ("M1", 3, 0.75),
        ("M2", 1, 0.25),
    ]
    assert found.floods == []
    assert load([], 0, 60 * MINUTE, operators=1).alarms == 0


def test_a_flood_is_one_group_with_the_alarm_that_began_it() -> None:
    flood = [(f"M{n}", 100 + n * 0.5) for n in range(11)]
    raises = [("M50", 10), *flood, ("M51", 111), ("M60", 200), ("M61", 300)]
    (found,) = load(spans(*raises), 0, 400 * MINUTE, operators=1).floods
    assert (found.first.machine_id, found.raises, found.machines) == ("M0", 12, 12)
    assert (found.begin_us, found.end_us) == (100 * MINUTE, 111 * MINUTE)
    assert load(spans(*raises), 0, 400 * MINUTE, operators=2).floods == []


def power(make: Make, event_id: str = "e7", value: float = 9300.0) -> Assessment:
    return make(
        event_id,
        failure_probability=0.9,
        modes={"HDF": 0.1, "PWF": 0.9},
        reasons=[Reason("power", value, "W", 0.7), Reason("wear", 9.0, "min", 0.1)],
        rules=[
            RuleResult("PWF", "power_high", value, 9000.0, "above", "W", True),
            RuleResult("PWF", "power_low", value, 3500.0, "below", "W", False),
            RuleResult("OSF", "overstrain", 9e4, 12000.0, "above", "min·Nm", True),
        ],
    )


def test_advice_names_the_cause_and_the_nearest_change(make: Make) -> None:
    advice = advice_for("PWF", power(make))
    assert advice.playbook == "milling/modes/PWF/playbook"
    assert advice.cause is not None
    assert advice.cause.feature == "power"
    assert [(each.quantity, each.side, each.limit, each.by) for each in advice.changes] == [
        ("power_high", "below", 9000.0, 300.0)
    ]
    assert advice_for("HDF", power(make)).changes == []


def record(make: Make, random: Random) -> DecisionRecord:
    assessment = power(make, f"e{random.random()}", 9000 + random.random() * 500)
    before = MachineAlarms(assessment.machine_id, random.randrange(100))
    _, found = observe(before, observation_of(assessment), POLICY)
    source = Source("pm.assessments", random.randrange(6), random.randrange(10**9))
    return record_of(found[0].alarm_id, source, assessment, POLICY.policy, before, list(found))


def same(assessment: Assessment) -> Assessment:
    """A model that stands by what it said."""
    return assessment


def test_records_verify_and_a_tampered_byte_is_named(make: Make) -> None:
    seed = randrange(2**32)
    print("seed", seed)
    random = Random(seed)
    document = encode_record(record(make, random))
    assert first_difference(document, same) is None
    assert first_difference(msgspec.json.format(document, indent=2), same) is None
    values = [token.span() for token in TOKENS.finditer(document) if not token[0].endswith(b":")]
    for _ in range(2_000):
        at = random.randrange(len(document))
        other = random.choice([byte for byte in range(33, 127) if byte != document[at]])
        tampered = document[:at] + bytes([other]) + document[at + 1 :]
        found = first_difference(tampered, same)
        assert found is not None, (at, chr(other))
        if any(start <= at < end for start, end in values):
            where = pointer_at(document, at)
            seal_of = pointer_of_seal(where)
            # A sign that opens or ends something moves the place in or out of it.
            moved = chr(other) in '{}[]"\\' and (where.startswith(found.pointer) or found.pointer.startswith(where))
            assert found.pointer in (where, seal_of) or moved, (at, chr(other), where, found)


# Strings, those before a colon with it; numbers and names.
TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*":?|[-+.0-9a-zA-Z]+')


def pointer_of_seal(pointer: str) -> str | None:
    """What a seal is of, when this is a seal."""
    name = pointer.removeprefix("/seals/")
    return name.replace("~1", "/").replace("~0", "~") if name != pointer else None


def test_a_byte_of_a_value_names_that_value(make: Make) -> None:
    document = encode_record(record(make, Random(1)))
    for old, new, pointer in (
        (b'"offset":', b'"offset":1', "/source/offset"),
        (b'"torque":42.8', b'"torque":42.9', "/assessment/signals/torque"),
        (b'"torque":42.8', b'"torque":428e-1', "/assessment/signals/torque"),
        (b'"actor":"system"', b'"actor":"System"', "/transitions/0/actor"),
        (b'"visit":200.0', b'"visit":"00.0', "/policy/costs/visit"),
        (b'{"format":1,"al', b'{"format":1,"format":1,"al', "/format"),
        (b'"quantity":"power_high"', b'"quantity":"power_lowh"', "/advice/changes/0/quantity"),
    ):
        assert document.count(old) == 1
        found = first_difference(document.replace(old, new), same)
        assert found is not None
        assert found.pointer == pointer


def test_a_record_with_new_seals_over_a_falsehood_is_still_found_out(make: Make) -> None:
    whole = record(make, Random(1))

    def judged(record: DecisionRecord, model: Callable[[Assessment], Assessment] = same) -> str | None:
        sealed = replace(record, seals=seals_of(msgspec.to_builtins(record)))
        found = first_difference(encode_record(sealed), model)
        return found.pointer if found is not None else None

    assert judged(whole) is None
    raised = replace(whole.transitions[0], priority=3)
    assert judged(replace(whole, transitions=[raised])) == "/transitions/0"
    lax = standing(policy(gap_limit_s=99.0)).policy
    assert judged(replace(whole, policy=lax)) == "/policy_digest"
    assert judged(replace(whole, alarm_id="0" * 32)) == "/alarm_id"
    assert judged(replace(whole, advice=replace(whole.advice, cause=None))) == "/advice"
    other = replace(whole.assessment, failure_probability=0.8)
    assert judged(whole, lambda _: other) == "/assessment/failure_probability"
