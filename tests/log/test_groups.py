"""Contract: consumer groups. Every record reaches each group, through one member at a time, until it is committed."""

import time

import pytest

from chassis.event_log import Fenced, LogError, TopicPartition
from tests.log.lab import SESSION_S, Lab, after, collect, joined, numbers, poll, until


def test_members_share_the_partitions_and_each_record_goes_to_one(lab: Lab, topic: str) -> None:
    one, two, three = (lab.consumer("workers", topic) for _ in range(3))
    joined(one, two, three)
    lab.publish(topic, 300, keys=50)
    got: list[int] = []

    def take() -> bool:
        for member in (one, two, three):
            records = poll(member, 40, 0.05)
            assert set(after(records)) <= member.assignment()
            member.commit(after(records))
            got.extend(numbers(records))
        return len(got) >= 300

    until(take, "all 300")
    assert sorted(got) == list(range(300))


def test_members_of_one_process_share_too(lab: Lab, topic: str) -> None:
    log = lab.log()
    one, two = lab.consumer("workers", topic, log=log), lab.consumer("workers", topic, log=log)
    joined(one, two)
    assert sorted(len(member.assignment()) for member in (one, two)) == [1, 2]


def test_more_members_than_partitions_leave_some_waiting(lab: Lab, topic: str) -> None:
    members = [lab.consumer("workers", topic) for _ in range(4)]

    def settled() -> bool:
        for member in members:
            poll(member, 1, 0.02)
        return sorted(len(member.assignment()) for member in members) == [0, 1, 1, 1]

    until(settled, "three work, one waits")


def test_a_second_group_gets_everything_too(lab: Lab, topic: str) -> None:
    lab.publish(topic, 50)
    for group in ("first", "second"):
        consumer = lab.consumer(group, topic)
        records = collect(consumer, 50)
        consumer.commit(after(records))
        assert sorted(numbers(records)) == list(range(50))


def test_a_member_of_several_topics_gets_them_all(lab: Lab) -> None:
    one, two = lab.topic(), lab.topic()
    lab.publish(one, 20)
    lab.publish(two, 20)
    records = collect(lab.consumer("workers", one, two), 40)
    assert sorted((record.topic, int(record.value)) for record in records) == sorted(
        (topic, number) for topic in (one, two) for number in range(20)
    )


def test_a_group_goes_on_at_its_committed_offsets(lab: Lab, topic: str) -> None:
    lab.publish(topic, 60)
    first = lab.consumer("workers", topic)
    done = collect(first, 20, batch=20)
    first.commit(after(done))
    first.close(5)
    rest = collect(lab.consumer("workers", topic), 60 - len(done))
    assert sorted(numbers(done) + numbers(rest)) == list(range(60))


def test_what_was_not_committed_comes_again_after_a_clean_leave(lab: Lab, topic: str) -> None:
    lab.publish(topic, 30)
    first = lab.consumer("workers", topic)
    assert len(collect(first, 30)) == 30
    first.close(5)
    started = time.monotonic()
    assert sorted(numbers(collect(lab.consumer("workers", topic), 30))) == list(range(30))
    assert time.monotonic() - started < lab.session_s, "a clean leave must not cost a session timeout"


def test_what_a_killed_member_held_comes_again_elsewhere(lab: Lab, topic: str) -> None:
    lab.publish(topic, 30)
    child = lab.child("hold", topic, lab.group("workers"))
    assert child.stdout is not None
    held = {int(child.stdout.readline()) for _ in range(30)}
    child.kill()
    assert held == set(range(30))
    assert sorted(numbers(collect(lab.consumer("workers", topic), 30))) == list(range(30))


def test_others_take_over_when_a_member_leaves(lab: Lab, topic: str) -> None:
    stays, leaves = lab.consumer("workers", topic), lab.consumer("workers", topic)
    joined(stays, leaves)
    leaves.close(5)
    until(lambda: poll(stays, 1, 0.05) == [] and len(stays.assignment()) == 3, "the one that stays owns everything")


def test_a_commit_after_the_partitions_moved_is_fenced(lab: Lab, topic: str) -> None:
    lab.publish(topic, 30)
    silent = lab.consumer("workers", topic)
    records = collect(silent, 30)
    other = lab.consumer("workers", topic)
    again = collect(other, 30)  # comes once the session of the silent member has expired
    other.commit(after(again[:10]))
    with pytest.raises(Fenced):
        silent.commit(after(records))
    other.close(5)
    third = collect(lab.consumer("workers", topic), 20)
    assert sorted(numbers(again[:10]) + numbers(third)) == list(range(30))


def test_a_fenced_member_that_gets_its_partitions_back_gets_the_records_again(lab: Lab, topic: str) -> None:
    lab.publish(topic, 30)
    silent = lab.consumer("workers", topic)
    assert len(collect(silent, 30)) == 30
    other = lab.consumer("workers", topic)
    assert len(collect(other, 30)) == 30
    other.close(5)  # it has committed nothing either
    assert sorted(numbers(collect(silent, 30))) == list(range(30))


def test_a_stored_offset_never_moves_back(lab: Lab, topic: str) -> None:
    lab.publish(topic, 40)
    first = lab.consumer("workers", topic)
    records = collect(first, 40)
    first.commit(after(records))
    first.commit(dict.fromkeys(after(records), 1))
    first.close(5)
    lab.publish(topic, 5, first=40)
    assert sorted(numbers(collect(lab.consumer("workers", topic), 5))) == [40, 41, 42, 43, 44]


def test_a_paused_member_keeps_its_partitions_and_loses_nothing(lab: Lab, topic: str) -> None:
    paused, other = lab.consumer("workers", topic), lab.consumer("workers", topic)
    joined(paused, other)
    owned = paused.assignment()
    lab.publish(topic, 100, keys=30)
    paused.pause()
    deadline = time.monotonic() + 2 * SESSION_S
    got: list[int] = []
    while time.monotonic() < deadline:
        assert poll(paused, 100, 0.05) == []
        got += numbers(poll(other, 100, 0.05))
    assert paused.assignment() == owned
    paused.resume()
    got += numbers(collect(paused, 100 - len(got)))
    assert sorted(got) == list(range(100))


def test_a_member_owns_nothing_before_its_first_poll_and_is_refused_afterwards_when_closed(
    lab: Lab, topic: str
) -> None:
    consumer = lab.consumer("workers", topic)
    assert consumer.assignment() == frozenset()
    poll(consumer, 1, 0)
    consumer.close(5)
    consumer.close(5)
    with pytest.raises(LogError):
        consumer.poll(1, 0)


def test_a_commit_for_a_partition_never_owned_is_fenced(lab: Lab, topic: str) -> None:
    consumer = lab.consumer("workers", topic)
    poll(consumer, 1, 0)
    with pytest.raises(Fenced):
        consumer.commit({TopicPartition("pm.elsewhere", 0): 1})


def test_committing_nothing_claims_nothing(lab: Lab, topic: str) -> None:
    consumer = lab.consumer("workers", topic)
    consumer.commit({})
    assert consumer.assignment() == frozenset()
