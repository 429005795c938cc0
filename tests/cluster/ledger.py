"""The ledger of the fault suite over the release on the cluster: the same load, the same checker."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from tests.cluster.namespace import PORTS, eventually
from tests.cluster.platform import HOST, Platform
from tests.faults.checker import KINDS, Account
from tests.faults.history import History
from tests.faults.load import Load, Pace
from tests.faults.readings import readings
from tests.faults.remote_rig import RemoteRig
from tests.faults.tables import Tables

_PORTION = 500
_WITHIN_S = 240


class Sending:
    """Readings that are sent through the ingress while something happens, and what became of them afterwards."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.account: Account | None = None

    def at_least(self, readings: int) -> None:
        """Wait until so many have their final answer."""
        eventually(f"{readings} readings", lambda: self._load.settled >= readings, _WITHIN_S)

    def said(self) -> str:
        """The account in words, for the table. Raises AssertionError when it does not hold."""
        account = self.account
        assert account is not None
        counts = {kind: account.count(kind) for kind in KINDS}
        assert counts == dict.fromkeys(KINDS, 0), account.findings[:5]
        assert account.dead == 0, "a dependency that is away is no reason for a dead letter"
        return f"{account.accepted} readings accepted, {account.stored} stored, 0 lost, 0 doubled"


@contextmanager
def sending(platform: Platform, folder: Path, *, count: int = 1_000, rate: float = 60) -> Iterator[Sending]:
    """Send at least `count` readings, and more while the block runs; then settle and close the ledger."""
    seed = random.SystemRandom().randrange(10**6)
    run = f"cluster{seed}"
    print(f"seed {seed}")
    remote = RemoteRig(folder, kafka_port=platform.kafka.port, database_url=platform.database_url())
    with remote as rig, closing(History(folder / f"{run}.jsonl")) as history:
        marks = rig.mark()
        load = Load(
            f"http://{platform.namespace.cluster.address()}:{PORTS['nginx']}",
            history,
            list(readings(run, count, machines=50, seed=seed)),
            Pace(workers=3, batch=5, rate=rate, later_rate=rate),
            more=lambda n: list(readings(run, _PORTION, machines=50, seed=seed, after=count + n * _PORTION)),
            host=HOST,
        )
        load.start()
        now = Sending(load)
        try:
            yield now
        finally:
            load.release()
            load.join(_WITHIN_S)
        rig.settle(within_s=_WITHIN_S)
        eventually("the tables can be read", lambda: _can_be_read(rig.tables))
        now.account = rig.account(history, marks, {})


def _can_be_read(tables: Tables) -> bool:
    """A forwarded port still leads to the pod that was killed: what fails on it first has it begun anew."""
    try:
        tables.count_of("")
    except OperationalError:
        return False
    return True
