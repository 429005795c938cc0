"""`make kafka`: a Kafka cluster for a person, until Ctrl-C; prints the settings that lead to it."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from tools.child import ChildError
from tools.kafka.cluster import KafkaCluster
from tools.missing import ToolMissing


def main() -> None:
    """Start the brokers, print what to export, wait for Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tools.kafka", description=__doc__)
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    parser.add_argument("--secure", action="store_true", help="a listener with TLS and SCRAM-SHA-512 as well")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print("starting Kafka (its jars, 43 MB, are fetched at the first time)", flush=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="pm-kafka-") as directory,
            KafkaCluster(Path(directory), options.brokers, options.secure) as cluster,
        ):
            for name, value in cluster.client_environment(secure=options.secure).items():
                print(f"export {name}={value}")
            print("Kafka runs until Ctrl-C; its data are gone then.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("Kafka is stopped")
    except (ToolMissing, ChildError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
