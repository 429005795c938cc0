"""Which partition a key belongs to: murmur2, as Java's producer computes it."""

from functools import lru_cache

from kafka.partitioner.default import murmur2


@lru_cache(maxsize=131_072)
def hash_of(key: bytes) -> int:
    """The key's positive 31-bit hash, computed once per machine: in Python it costs more than the send itself."""
    return int(murmur2(key)) & 0x7FFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of `key` among `partitions`; the same as that of Java's and librdkafka's murmur2 producers."""
    return hash_of(key) % partitions
