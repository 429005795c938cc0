"""`pm-topics`: make the topics on Kafka, for installations whose topics no operator makes."""

import argparse
import sys

from chassis.event_log import LogError
from chassis.kafka_log.topics import Layout, create_topics
from chassis.logs import configure
from chassis.open_log import connection
from chassis.settings import LogSettings, load, table
from chassis.topics import ALL

_WAIT_S = 60.0


def main() -> None:
    """Create what is missing, say one sentence for each topic; status 1 when it cannot be done in time."""
    parser = argparse.ArgumentParser(
        prog="pm-topics",
        description="Create the topics on Kafka. May be run again: topics that exist keep their partitions and records "
        "and get the retention of the settings.",
        epilog=table(LogSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--wait-s", type=float, default=_WAIT_S, help="seconds to wait for the brokers (%(default)g)")
    options = parser.parse_args()
    settings = load(LogSettings)
    if settings.kind != "kafka":
        sys.exit("LOG_KIND is embedded: the embedded log makes its topics itself")
    configure("pm-topics", "text", "WARNING")
    layout = Layout(
        settings.partitions, settings.replication_factor, settings.min_insync_replicas, settings.retention_s
    )
    try:
        for sentence in create_topics(connection(settings), ALL, layout, options.wait_s):
            print(sentence)
    except LogError as error:
        sys.exit(f"pm-topics: {error}")


if __name__ == "__main__":
    main()
