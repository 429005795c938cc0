"""Processes that use a log and are killed: `python -m tests.log.child ADDRESS COMMAND ARGUMENTS`."""

import resource
import sys
from collections.abc import Sequence

from chassis.event_log import Event, EventLog, LogError
from tests.log.lab import numbered, open_log


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def publish(log: EventLog, topic: str, first: str) -> None:
    """Publish numbered events for ever, several in flight, none of them twice; say each that is acknowledged."""
    producer = log.producer()
    number = int(first)
    while True:
        futures = producer.publish([numbered(topic, number + step) for step in range(10)])
        for step, future in enumerate(futures):
            if future.exception() is None:  # else a busy broker left it unknown: nobody is told that it is there
                say(number + step)
        number += 10


def fill_disk(log: EventLog, topic: str, file_bytes: str) -> None:
    """Publish until files may not grow any more; say each acknowledged number, then what the log said."""
    limit = int(file_bytes)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    producer = log.producer()
    for number in range(1_000_000):
        try:
            producer.publish([Event(topic, b"M1", str(number).encode().rjust(1_000, b"0"))])[0].result()
        except LogError as error:
            say(type(error).__name__)
            return
        say(number)


def hold(log: EventLog, topic: str, group: str) -> None:
    """Read as a member of `group`, commit nothing; say each number."""
    consumer = log.consumer(group, [topic])
    while True:
        for record in consumer.poll(100, 0.1):
            say(record.value.decode())


COMMANDS = {"publish": publish, "fill_disk": fill_disk, "hold": hold}


def main(address: str, command: str, arguments: Sequence[str]) -> None:
    COMMANDS[command](open_log(address), *arguments)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
