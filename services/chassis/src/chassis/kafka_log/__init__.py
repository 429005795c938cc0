"""The event log on Apache Kafka. The only room that imports `kafka` (kafka-python, pinned to 3.0.x).

    log         KafkaLog: where producers and consumers come from
    connection  addresses, TLS and SCRAM; opens clients and closes what a failed attempt leaves behind
    congestion  how much may be on its way so that it is acknowledged soon
    producer    the bounded window in front of the thread that talks to the broker
    delivery    one client's life: sends, and is dropped after the first failed delivery
    member      a member of a consumer group
    tail        a reader of everything from the end on
    reader      positions, fetched records and the ends of partitions, under both
    rejoin      the counter-measure to a client that is never assigned anything
    topics      creation of the topics, behind the command `pm-topics`

Settings and why: docs/delivery.md.
"""
