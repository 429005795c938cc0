"""The ledger of the fault suite over an installation by Compose: the same load, the same checker."""

from contextlib import ExitStack
from pathlib import Path

from tests.compose.engine import Project
from tests.faults.administration import Administration
from tests.faults.recomputation import Recomputation
from tests.faults.rig import Rig
from tests.faults.tables import Tables
from tests.faults.topics import Topics
from tools.services.plant import ARTIFACT


class ComposeRig(Rig):
    """A rig whose servers Compose runs; the checker reaches Kafka and PostgreSQL by their published ports."""

    def __init__(self, directory: Path, project: Project) -> None:
        super().__init__(directory)
        self._project = project

    def _start(self, stack: ExitStack) -> None:
        bootstrap = f"127.0.0.1:{self._project.kafka_port}"
        self.topics = stack.enter_context(Topics(bootstrap))
        self.administration = stack.enter_context(Administration(bootstrap))
        self.tables = Tables(self._project.database_url())
        stack.callback(self.tables.close)
        self.recomputation = Recomputation(ARTIFACT)
