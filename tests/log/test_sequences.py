"""Contract: any sequence of publishing, reading, committing and crashing, checked against a model in memory."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chassis.event_log import Consumer, Record, TopicPartition
from tests.log.lab import Lab, after, numbered, poll, until

Lane = TopicPartition


class LogMachine(RuleBasedStateMachine):
    """One producer and one group; the model knows what is stored, what is committed and what must come next."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        self.log = lab.log()
        self.producer = self.log.producer()
        self.topic = lab.topic()
        self.stored: dict[Lane, list[int]] = {Lane(self.topic, partition): [] for partition in range(3)}
        self.committed = dict.fromkeys(self.stored, 0)
        self.expected = dict(self.committed)
        self.in_hand: list[Record] = []
        self.number = 0
        self.consumer = self.join()

    def join(self) -> Consumer:
        return self.log.consumer(self.topic, [self.topic])

    @rule(count=st.integers(1, 12), keys=st.integers(1, 9))
    def publish(self, count: int, keys: int) -> None:
        events = [numbered(self.topic, self.number + step, keys) for step in range(count)]
        for future in self.producer.publish(events):
            topic, partition, offset = future.result(10)
            of_lane = self.stored[Lane(topic, partition)]
            assert offset == len(of_lane), "offsets of one producer rise without gaps"
            of_lane.append(self.number)
            self.number += 1

    @rule(most=st.integers(1, 20))
    def poll(self, most: int) -> None:
        waiting = sum(len(numbers) for numbers in self.stored.values()) - sum(self.expected.values())
        records: list[Record] = []

        def take() -> bool:
            records.extend(poll(self.consumer, most, 0.2 if waiting else 0))
            return bool(records) == (waiting > 0)

        until(take, "records come as long as there are some, and only then")
        assert len(records) <= most
        for record in records:
            lane = Lane(record.topic, record.partition)
            assert record.offset == self.expected[lane], "in order, without a gap, without a repetition"
            assert int(record.value) == self.stored[lane][record.offset]
            self.expected[lane] += 1
        self.in_hand += records

    @rule()
    def commit(self) -> None:
        offsets = after(self.in_hand)
        if self.consumer.assignment():
            self.consumer.commit(offsets)
            for lane, offset in offsets.items():
                self.committed[lane] = max(self.committed[lane], offset)
        self.in_hand = []

    @rule()
    def crash(self) -> None:
        self.consumer.close(5)
        self.consumer = self.join()
        self.expected = dict(self.committed)
        self.in_hand = []

    @precondition(lambda self: self.consumer.assignment())
    @rule()
    def replay(self) -> None:
        self.consumer.seek_to_beginning()
        self.expected = dict.fromkeys(self.stored, 0)
        self.in_hand = []

    @precondition(lambda self: self.consumer.assignment())
    @rule(data=st.data())
    def seek(self, data: st.DataObject) -> None:
        lane = data.draw(st.sampled_from(sorted(self.stored)))
        offset = data.draw(st.integers(0, len(self.stored[lane])))
        self.consumer.seek(lane, offset)
        self.expected[lane] = offset
        self.in_hand = [record for record in self.in_hand if record.partition != lane.partition]

    @invariant()
    def lag_is_what_is_left(self) -> None:
        for lane, records in self.consumer.lag().items():
            assert records == len(self.stored[lane]) - self.expected[lane]

    def teardown(self) -> None:
        self.consumer.close(5)
        self.producer.close(5)


def test_every_sequence_of_calls_delivers_what_the_model_says(lab: Lab) -> None:
    class OfThisLog(LogMachine):
        def __init__(self) -> None:
            super().__init__(lab)

    many = settings(
        # Each example on Kafka makes a topic and joins a group.
        max_examples=10 if lab.is_kafka else 100,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
    run_state_machine_as_test(OfThisLog, settings=many)
