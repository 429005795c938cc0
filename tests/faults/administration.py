"""What an operator can do to a cluster: look at groups and leaders, move a group back, change a topic's settings."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import kafka
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import KafkaError

_ASK_WITHIN_S = 20.0


class Administration:
    """An admin client. A context manager; belongs to one thread."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._client = self._connected()

    def _connected(self) -> Any:
        return kafka.KafkaAdminClient(bootstrap_servers=self._bootstrap, reconnect_backoff_max_ms=1_000)

    def committed(self, group: str) -> dict[tuple[str, int], int]:
        """The committed offset of each partition the group has committed."""
        found = self._ask(lambda: self._client.list_group_offsets({group: None})[group])
        return {(p.topic, p.partition): at.offset for p, at in found.items() if at.offset >= 0}

    def owners(self, group: str) -> dict[str, int]:
        """How many partitions each member of the group owns."""
        members = self._description(group)["members"]
        return {member["member_id"]: _partitions(member["member_assignment"]) for member in members}

    def state(self, group: str) -> str:
        """The group's state, such as Stable or Empty."""
        return str(self._description(group)["group_state"])

    def _description(self, group: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(lambda: self._client.describe_groups([group])[group])
        return found

    def to_beginning(self, group: str, topics: tuple[str, ...]) -> None:
        """Move an empty group back to the first record of each topic. Raises KafkaError."""
        partitions = [
            kafka.TopicPartition(found["name"], each["partition_index"])
            for found in self._client.describe_topics(list(topics))
            for each in found["partitions"]
        ]
        self._client.reset_group_offsets(group, dict.fromkeys(partitions, OffsetSpec.EARLIEST))

    def move(self, group: str, offsets: Mapping[tuple[str, int], int]) -> None:
        """Move an empty group to these offsets. Raises KafkaError."""
        self._client.reset_group_offsets(group, {kafka.TopicPartition(*place): at for place, at in offsets.items()})

    def delete_records(self, before: Mapping[tuple[str, int], int]) -> None:
        """Drop the records of each partition below an offset, as retention does. Raises KafkaError."""
        self._client.delete_records({kafka.TopicPartition(*place): at for place, at in before.items()})

    def leader(self, topic: str, partition: int) -> int:
        """The id of the broker that leads a partition; -1 for none."""
        [found] = self._ask(lambda: self._client.describe_topics([topic]))
        return next(int(p["leader_id"]) for p in found["partitions"] if p["partition_index"] == partition)

    def in_sync(self, topic: str) -> int:
        """The least number of copies that are in sync, over the partitions of a topic."""
        [found] = self._ask(lambda: self._client.describe_topics([topic]))
        return min(len(partition["isr_nodes"]) for partition in found["partitions"])

    def set_topic(self, topic: str, **settings: str | int) -> None:
        """Change settings of a topic, written with underscores for dots; they count at once."""
        configs = {name.replace("_", "."): str(value) for name, value in settings.items()}
        self._ask(lambda: self._client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs)]))

    def _ask(self, question: Callable[[], Any]) -> Any:
        """The answer of a broker that is there; a killed one is asked about for a while. Raises KafkaError."""
        deadline = time.monotonic() + _ASK_WITHIN_S
        while True:
            try:
                return question()
            except KafkaError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                # A client keeps asking the coordinator it knew first, also when another broker is that now.
                self._renew()

    def _renew(self) -> None:
        try:
            fresh = self._connected()
        except KafkaError:
            return  # none can be reached just now; the old one goes on asking until the deadline
        self._client.close()
        self._client = fresh

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()


def _partitions(assignment: Any) -> int:
    topics = assignment.get("assigned_partitions", []) if isinstance(assignment, dict) else []
    return sum(len(each["partitions"]) for each in topics)
