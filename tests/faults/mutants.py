"""Negative controls: the stations with the order of their steps reversed. Each loses what a kill interrupts.

`python -m tests.faults.mutants stream` and `... gateway` run the real service with this one difference.
"""

import sys
import time
from collections.abc import Callable

import gateway.__main__
import gateway.stations
import inference.__main__
import inference.app
from chassis.event_log import Record
from chassis.station import Outcome, Station

# A judgement takes a millisecond a batch, and a kill at a random moment seldom meets it. A control must not be luck.
_JUDGING_S = 0.3


class EarlyCommit(Station):
    """Commits a batch before it is handled, stored or published: at most once. Takes its time in between."""

    def _handled(self, records: list[Record]) -> Outcome:
        self._commit(records)
        time.sleep(_JUDGING_S)
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
