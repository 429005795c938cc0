"""Any order inside the window, any repetition, any batching: one history. Behind the window: late, and no change."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.alarms.line import close_up, decode_line, encode_line, new_line, take
from gateway.alarms.observation import Observation
from gateway.alarms.policy import Reorder
from gateway.alarms.standing_policy import standing
from gateway.alarms.transition import Transition, log_hash
from services.gateway.tests.alarms.scenes import MACHINE, POLICY, S, arrive, kinds, play, policy, seen, streams

WINDOW_US = POLICY.window_us
_END = 10_000_000_000 * S


@given(streams(), st.randoms(use_true_random=False), st.lists(st.integers(0, 200)))
@settings(max_examples=100, deadline=None)
def test_shuffled_repeated_and_batched_the_history_is_the_ordered_one(
    stream: list[Observation], random: Random, cuts: list[int]
) -> None:
    # Every reading is delayed by less than the window, some arrive twice.
    delayed = [(each.at_us + random.randrange(WINDOW_US), each) for each in stream]
    delayed += [(at_us + random.randrange(WINDOW_US), each) for at_us, each in delayed if random.random() < 0.2]
    shuffled = [each for _, each in sorted(delayed, key=lambda pair: pair[0])]
    line, found, _ = arrive(shuffled, cuts)
    moved = close_up(line, _END, POLICY)
    _, expected = play(stream)
    assert log_hash([*found, *moved.transitions]) == log_hash(expected)
    assert moved.line.basis.count == len(stream)
    assert moved.line.waiting.held == ()


@given(streams(), st.randoms(use_true_random=False), st.lists(st.integers(0, 200)))
@settings(max_examples=60, deadline=None)
def test_whatever_the_order_the_history_is_that_of_the_readings_that_were_not_late(
    stream: list[Observation], random: Random, cuts: list[int]
) -> None:
    shuffled = random.sample(stream, len(stream))
    line, late, found = new_line(MACHINE), list[Observation](), list[Transition]()
    for each in shuffled:
        moved = take(line, (each,), POLICY)
        line = decode_line(encode_line(moved.line))
        late += moved.late
        found += moved.transitions
    one_by_one = encode_line(line)
    found += close_up(line, _END, POLICY).transitions
    _, expected = play([each for each in stream if each not in late])
    assert found == expected
    line, _, late_in_batches = arrive(shuffled, cuts)
    assert (encode_line(line), late_in_batches) == (one_by_one, len(late))


def test_a_reading_waits_for_the_window_and_no_longer() -> None:
    line = take(new_line(MACHINE), (seen(0, PWF=0.9), seen(9.999999)), POLICY).line
    assert line.basis.count == 0
    moved = take(line, (seen(10),), POLICY)
    assert kinds(list(moved.transitions)) == [("raised", "PWF", 0)]


def test_a_reading_behind_the_watermark_is_late_and_changes_nothing() -> None:
    line = take(new_line(MACHINE), (seen(0), seen(20)), POLICY).line
    moved = take(line, (seen(10, PWF=0.9),), POLICY)
    assert moved.late == (seen(10, PWF=0.9),)
    assert moved.line == line
    assert moved.transitions == ()


def test_a_silent_machine_gives_its_last_readings_when_it_is_told_to() -> None:
    line = take(new_line(MACHINE), (seen(0, PWF=0.9), seen(60, PWF=0.9)), POLICY).line
    assert line.basis.count == 1
    assert close_up(line, 59 * S, POLICY).line == line
    closed = close_up(line, 61 * S, POLICY).line
    assert closed.basis.count == 2
    # The next reading, even a second later, is not late.
    assert take(closed, (seen(61),), POLICY).late == ()


def test_one_wild_clock_does_not_make_everything_late() -> None:
    wild = replace(seen(600), received_us=1 * S)
    moved = take(new_line(MACHINE), (seen(0), wild, *(seen(t) for t in range(2, 100))), POLICY)
    assert moved.late == ()
    assert moved.line.basis.count == 90 - 1


def test_no_more_wait_than_the_policy_allows() -> None:
    few = standing(policy(reorder=Reorder(window_s=3600, max_held=5)))
    line, _, late = arrive([seen(t) for t in range(100)], [7, 50], few)
    assert (len(line.waiting.held), line.basis.count, late) == (5, 95, 0)
