"""Apache Kafka from its Maven artifacts, one or three brokers on loopback."""
