"""The partition of a key is that of Java's producer, so that both may write to a topic."""

import pytest

from chassis.kafka_log.partition import partition_of


# Hashes from Apache Kafka's own test, UtilsTest.testMurmur2, masked to 31 bits as its partitioner does.
@pytest.mark.parametrize(
    ("key", "java_hash"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_a_key_goes_where_java_sends_it(key: bytes, java_hash: int) -> None:
    for partitions in (1, 3, 12, 64):
        assert partition_of(key, partitions) == (java_hash & 0x7FFFFFFF) % partitions
