"""One installation under test: a real cluster, a real database, the services as processes, proxies between them.

A run is measured between two marks: everything that lies on the topics and in the tables since then belongs to it.
"""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.administration import Administration
from tests.faults.checker import ASSESSMENTS, DEAD_LETTERS, Account, check
from tests.faults.history import History
from tests.faults.proxy import Proxy
from tests.faults.recomputation import Recomputation
from tests.faults.small_disk import SmallDisk
from tests.faults.snapshot import OnTopic, Snapshot
from tests.faults.tables import Tables
from tests.faults.topics import READERS, Offsets, Topics, until_quiet
from tools.kafka.cluster import KafkaCluster
from tools.postgres.server import PostgresServer
from tools.services.plant import ARTIFACT, Plant

PROXIED = ("ingest", "stream", "gateway")
# Sessions as short as a broker allows, so that what a killed member owned moves soon.
SESSION_S = 6.0
SETTINGS = {
    "LOG_SESSION_TIMEOUT_S": f"{SESSION_S:g}",
    "INFERENCE_BATCH": "200",
    "GATEWAY_BATCH": "200",
}
STREAM_GROUP, GATEWAY_GROUP = READERS
_DISK_MIB = 2_048  # all rows of the whole suite on one installation take more than 768
_STILL_S = 2.0
_QUIET_WITHIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a run begins on the topics and on the topic of commits."""

    offsets: Offsets
    commits: int


class Rig:
    """A context manager: everything runs inside of it, and nothing after it.

    With one broker every service reaches it through a proxy of its own (`links`); with three it reaches them directly.
    The gateway reaches the database through `links["database"]` in both. `disk` is the database's own, for root only.
    """

    def __init__(
        self,
        directory: Path,
        *,
        brokers: int = 1,
        settings: Mapping[str, str] | None = None,
        commands: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`settings` go to every service, `commands` replace one's (see Plant)."""
        self.directory, self._brokers = directory, brokers
        self._settings, self._commands = dict(settings or {}), commands
        self.artifact = directory / "artifact"
        self._stack = ExitStack()
        self.links: dict[str, Proxy] = {}
        self.disk: SmallDisk | None = None
        self._dropped: list[OnTopic] = []
        self._oldest: Offsets = {}

    def __enter__(self) -> Self:
        with self._stack:
            self._start(self._stack)
            self._stack = self._stack.pop_all()
        return self

    def _start(self, stack: ExitStack) -> None:
        shutil.copytree(ARTIFACT, self.artifact)
        names = PROXIED if self._brokers == 1 else ()
        self.links = {name: stack.enter_context(Proxy()) for name in (*names, "database")}
        ports = {name: (self.links[name].port,) for name in names}
        self.cluster = stack.enter_context(KafkaCluster(self.directory / "kafka", self._brokers, proxy_ports=ports))
        for name in names:
            self.links[name].upstream = self.cluster.brokers[0].ports.proxied[name]
        if SmallDisk.is_possible():
            self.disk = stack.enter_context(SmallDisk(self.directory / "postgres", _DISK_MIB))
        server = PostgresServer(self.directory / "postgres", settings={"max_wal_size": "96MB", "min_wal_size": "32MB"})
        self.database = stack.enter_context(server)
        self.links["database"].upstream = self.database.port
        overrides = {name: self.cluster.client_environment(proxied=name) for name in names}
        through_proxy = self.database.url.replace(f":{self.database.port}/", f":{self.links['database'].port}/")
        overrides["gateway"] = {**overrides.get("gateway", {}), "GATEWAY_DATABASE_URL": through_proxy}
        self.plant = Plant(
            self.directory / "plant",
            self.cluster.client_environment(),
            self.database.url,
            settings={"INFERENCE_ARTIFACT": str(self.artifact), **_copies(self._brokers), **SETTINGS, **self._settings},
            overrides=overrides,
            commands=self._commands,
        )
        stack.enter_context(self.plant)
        self.topics = stack.enter_context(Topics(self.cluster.bootstrap))
        self.administration = stack.enter_context(Administration(self.cluster.bootstrap))
        self.tables = Tables(self.database.url)
        stack.callback(self.tables.close)
        self.recomputation = Recomputation(ARTIFACT)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def mark(self) -> Marks:
        """The beginning of a run; everything before it must be finished. Raises TimeoutError while it is not."""
        self.settle(still_s=0.5)
        self._dropped, self._oldest = [], {}
        self._read_before = sum(self.administration.committed(STREAM_GROUP).values())
        self._written_before = self._outputs()
        return Marks(self.topics.ends(), self.topics.commits_end())

    def settle(self, still_s: float = _STILL_S, within_s: float = _QUIET_WITHIN_S) -> None:
        """Wait until the groups have committed everything for `still_s` seconds on end. Raises TimeoutError."""
        until_quiet(self.lag, still_s=still_s, within_s=within_s)

    def restore(self) -> None:
        """After a fault that was left in the middle: everything runs again. Raises ChildError when it does not."""
        for link in self.links.values():
            link.heal()
        if self.disk is not None:
            self.disk.free()
        down = [broker for broker in self.cluster.brokers if not broker.is_running]
        for broker in self.cluster.brokers:
            broker.thaw() if broker.is_running else broker.start(ready_within_s=None)
        for broker in down:
            broker.await_ready()
        self.database.thaw() if self.database.is_running else self.database.start()
        for service in self.plant.services:
            service.thaw() if service.is_running else service.start(ready_within_s=None)
        for service in self.plant.services:
            service.await_ready()

    def lag(self) -> int:
        """Records that the platform's groups have not committed yet."""
        ends, behind = self.topics.ends(), 0
        for group, topics in READERS.items():
            committed = self.administration.committed(group)
            behind += sum(end - committed.get(place, 0) for place, end in ends.items() if place[0] in topics)
        return behind

    def published_uncommitted(self) -> int:
        """With no stream worker running: outputs of readings that the group has not committed, which come again.

        Counted since `mark`, where everything was committed.
        """
        read = sum(self.administration.committed(STREAM_GROUP).values()) - self._read_before
        return self._outputs() - self._written_before - read

    def _outputs(self) -> int:
        ends = self.topics.ends()
        return sum(end for (topic, _), end in ends.items() if topic in (ASSESSMENTS, DEAD_LETTERS))

    def account(self, history: History, marks: Marks, rewinds: Mapping[str, int]) -> Account:
        """What became of everything that was sent since `marks`; `rewinds` says how often a group was moved back."""
        return check(history.outcomes(), self.snapshot(marks, rewinds), self.recomputation.wrong)

    def drop_records(self, marks: Marks, before: Offsets) -> None:
        """Drop records below these offsets as retention does; the checker keeps what lay there since `marks`."""
        starts = {place: marks.offsets.get(place, 0) for place in before}
        self._dropped += self.topics.records(starts, before)
        self._oldest |= before
        self.administration.delete_records(before)

    def snapshot(self, marks: Marks, rewinds: Mapping[str, int]) -> Snapshot:
        """Everything the platform holds since `marks`."""
        ends = self.topics.ends()
        return Snapshot(
            rows=self.tables.rows(marks.offsets),
            letters=self.tables.letters(marks.offsets),
            earlier=self.tables.earlier(marks.offsets),
            records=self._dropped + self.topics.records(marks.offsets | self._oldest, ends),
            commits=self.topics.commits(marks.commits),
            starts=marks.offsets,
            ends=ends,
            readers=READERS,
            rewinds=dict(rewinds),
        )


def _copies(brokers: int) -> dict[str, str]:
    return {"KAFKA_REPLICATION_FACTOR": str(brokers), "KAFKA_MIN_INSYNC_REPLICAS": str(max(1, brokers - 1))}
