"""One broker, which is also a voter of the controllers' quorum: its ports, its configuration, its process."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.child import Child, ChildError
from tools.kafka.distribution import HERE, jars, java

_FORMAT_WITHIN_S = 180
READY_WITHIN_S = 180  # three seconds where nobody else works
# Short lives: compiling less costs less than it gains.
_QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_HEAP = ("-Xms256m", "-Xmx256m")
# A second user of the secure listener, with the password of the first: may log in, and has no right to anything.
GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of one broker on 127.0.0.1. Clients of a listener in `proxied` are sent to its port in `advertised`."""

    plain: int
    controller: int
    secure: int | None = None
    proxied: Mapping[str, int] = field(default_factory=dict)
    advertised: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scram:
    """The user of the secure listener (SCRAM-SHA-512) and the brokers' key and certificate."""

    name: str
    password: str
    broker_file: Path


class Broker:
    """A broker with its data in `folder`; it may be killed, stopped, frozen and started again on the same ports."""

    def __init__(self, folder: Path, node: int, all_ports: Sequence[Ports], scram: Scram | None, *, load: bool) -> None:
        self.node = node
        self._all_ports = list(all_ports)
        self._folder = folder
        self._properties = folder / "server.properties"
        self._scram = scram
        folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(_properties(folder, node, all_ports, scram))
        tuning = () if load else _QUICK
        logging = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
        command = [java(), *tuning, *_HEAP, logging, "-cp", f"{jars()}/*", "kafka.Kafka", str(self._properties)]
        self._child = Child(f"kafka broker {node}", command, folder / "broker.log")
        self._read_from = 0

    @property
    def ports(self) -> Ports:
        """Its ports; those in `advertised` count from the next start on when they were changed."""
        return self._all_ports[self.node - 1]

    def advertise(self, ports: Mapping[str, int]) -> None:
        """From its next start on, send the clients of these proxied listeners to other ports."""
        self._all_ports[self.node - 1] = replace(self.ports, advertised={**self.ports.advertised, **ports})
        self._properties.write_text(_properties(self._folder, self.node, self._all_ports, self._scram))

    @property
    def port(self) -> int:
        """Port of the plaintext listener."""
        return self.ports.plain

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    def format(self, cluster_id: str) -> None:
        """Write the empty storage, with the users of the secure listener in it."""
        command = [java(), *_QUICK, "-Xmx128m", "-cp", f"{jars()}/*", "kafka.tools.StorageTool"]
        command += ["format", f"--cluster-id={cluster_id}", "-c", str(self._properties)]
        if self._scram is not None:
            for name in (self._scram.name, GUEST):
                command += ["-S", f"SCRAM-SHA-512=[name={name},password={self._scram.password}]"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=_FORMAT_WITHIN_S)
        if told.returncode != 0:
            raise ChildError(f"kafka storage could not be formatted:\n{(told.stdout + told.stderr)[-2000:]}")

    def start(self, ready_within_s: float | None = READY_WITHIN_S) -> None:
        """Start, and wait until it serves; None does not wait, for a broker whose quorum is not there yet.

        After kill() a single broker serves only when its old registration has expired, about 6 s later.
        """
        output = self._child.output
        self._read_from = output.stat().st_size if output.exists() else 0
        self._child.start()
        if ready_within_s is not None:
            self.await_ready(ready_within_s)

    def await_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Wait until it serves. Raises ChildError with the end of its log when it does not."""
        self._child.await_ready(self._serves, within_s)

    def _serves(self) -> bool:
        with self._child.output.open("rb") as output:
            output.seek(self._read_from)
            return b"Kafka Server started" in output.read()

    def kill(self) -> None:
        """SIGKILL: it gets no chance to tidy up."""
        self._child.kill()

    def stop(self, within_s: float = 20) -> None:
        """SIGTERM, and SIGKILL when it still runs then: the last broker of a quorum waits for others for a minute."""
        self._child.stop(within_s)

    def freeze(self) -> None:
        """SIGSTOP: its connections stay open and nothing is answered."""
        self._child.freeze()

    def thaw(self) -> None:
        """SIGCONT."""
        self._child.thaw()

    def log_text(self) -> str:
        """The broker's own log."""
        return self._child.log_text()


def _properties(folder: Path, node: int, all_ports: Sequence[Ports], scram: Scram | None) -> str:
    ports = all_ports[node - 1]
    copies = min(3, len(all_ports))
    listeners = {"PLAINTEXT": (ports.plain, ports.plain)}
    if ports.secure is not None:
        listeners["SECURE"] = (ports.secure, ports.secure)
    for name, port in ports.proxied.items():
        listeners[name.upper()] = (port, ports.advertised[name])
    bound = [f"{name}://127.0.0.1:{port}" for name, (port, _) in listeners.items()]
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": node,
        "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{p.controller}" for n, p in enumerate(all_ports, 1)),
        "listeners": ",".join([*bound, f"CONTROLLER://127.0.0.1:{ports.controller}"]),
        "advertised.listeners": ",".join(f"{name}://127.0.0.1:{port}" for name, (_, port) in listeners.items()),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": ",".join(
            [*(f"{name.upper()}:PLAINTEXT" for name in ("PLAINTEXT", "CONTROLLER", *ports.proxied)), "SECURE:SASL_SSL"]
        ),
        "log.dirs": folder / "data",
        "num.partitions": 3,
        "default.replication.factor": copies,
        "min.insync.replicas": max(1, copies - 1),
        "auto.create.topics.enable": "false",
        "offsets.topic.num.partitions": 1,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": 1,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": max(1, copies - 1),
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": max(1, copies - 1),
        "group.initial.rebalance.delay.ms": 0,
        # A killed broker may come back after 3 s; much less would fence one that only waits for the processor.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "num.network.threads": 2,
        "num.io.threads": 2,
        "log.cleaner.dedupe.buffer.size": 16 * 2**20,
    }
    if scram is not None:
        module = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        settings |= {
            "listener.name.secure.sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.secure.scram-sha-512.sasl.jaas.config": module,
            "listener.name.secure.ssl.keystore.type": "PEM",
            "listener.name.secure.ssl.keystore.location": scram.broker_file,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:ANONYMOUS;User:{scram.name}",
        }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
