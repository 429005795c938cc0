"""The ledger over an installation that somebody else runs, by Compose or on a cluster: the same load and checker."""

from contextlib import ExitStack
from pathlib import Path

from tests.faults.administration import Administration
from tests.faults.recomputation import Recomputation
from tests.faults.rig import Rig
from tests.faults.tables import Tables
from tests.faults.topics import Topics
from tools.services.plant import ARTIFACT


class RemoteRig(Rig):
    """A rig whose servers run already; Kafka is reached by a port of this host, PostgreSQL by its URL."""

    def __init__(self, directory: Path, *, kafka_port: int, database_url: str) -> None:
        super().__init__(directory)
        self._bootstrap, self._database_url = f"127.0.0.1:{kafka_port}", database_url

    def _start(self, stack: ExitStack) -> None:
        self.topics = stack.enter_context(Topics(self._bootstrap))
        self.administration = stack.enter_context(Administration(self._bootstrap))
        self.tables = Tables(self._database_url)
        stack.callback(self.tables.close)
        self.recomputation = Recomputation(ARTIFACT)
