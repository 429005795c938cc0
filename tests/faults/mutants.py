"""Negative controls: the stations with the order of their steps reversed. Each loses what a kill interrupts.

`python -m tests.faults.mutants stream` and `... gateway` run the real service with this one difference.
"""

import sys
from collections.abc import Callable

import gateway.__main__
import gateway.stations
import inference.__main__
import inference.app
from chassis.event_log import Record
from chassis.station import Outcome, Station


class EarlyCommit(Station):
    """Commits a batch before it is handled, stored or published: at most once."""

    def _handled(self, records: list[Record]) -> Outcome:
        self._commit(records)
        return super()._handled(records)


def main(service: str) -> None:
    """Run `stream` or `gateway` with the wrong station."""
    mains: dict[str, Callable[[], None]] = {"stream": inference.__main__.main, "gateway": gateway.__main__.main}
    for module in (vars(inference.app), vars(gateway.stations)):
        assert module["Station"] is Station, "the mutation replaces what the service's station is made of"
        module["Station"] = EarlyCommit
    sys.argv[1:] = {"stream": ["stream"], "gateway": ["serve"]}[service]
    mains[service]()


if __name__ == "__main__":
    main(sys.argv[1])
