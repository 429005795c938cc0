"""A Kafka cluster on loopback for tests and laptops: one broker or three, plaintext, on demand with TLS and SCRAM."""

import base64
import secrets
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.kafka.broker import Broker, Ports, Scram
from tools.kafka.certificates import make_certificates
from tools.ports import free_port


class KafkaCluster:
    """Brokers that start with the `with` block and are gone after it, whatever happened to them.

    Replication is that of the number of brokers: with three, topics have three copies and two must confirm. Topics are
    not created by themselves. Each name in `proxy_ports`, with one port for each broker, adds a listener that tells its
    clients to come to 127.0.0.1 and that port; whoever listens there forwards to `brokers[i].ports.proxied[name]`.
    """

    def __init__(
        self,
        directory: Path,
        brokers: int = 1,
        secure: bool = False,
        *,
        proxy_ports: Mapping[str, Sequence[int]] | None = None,
        load: bool = False,
    ) -> None:
        """Raises ToolMissing without Java, Maven or openssl. `load` lets the JVM compile fully, for measurements."""
        self._directory = directory
        self._proxies = {name: tuple(ports) for name, ports in (proxy_ports or {}).items()}
        if any(len(ports) != brokers for ports in self._proxies.values()):
            raise ValueError(f"each proxied listener needs one port for each of the {brokers} brokers")
        self._stack = ExitStack()
        scram = self._prepare_scram() if secure else None
        all_ports = [
            Ports(
                plain=free_port(),
                controller=free_port(),
                secure=free_port() if secure else None,
                proxied={name: free_port() for name in self._proxies},
                advertised={name: ports[n] for name, ports in self._proxies.items()},
            )
            for n in range(brokers)
        ]
        self.brokers = [
            Broker(directory / f"broker-{node}", node, all_ports, scram, load=load) for node in range(1, brokers + 1)
        ]

    def _prepare_scram(self) -> Scram:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._certificates = make_certificates(self._directory / "tls")
        scram = Scram("pm", secrets.token_urlsafe(24), self._certificates.broker_file)
        self.password_file.write_text(scram.password)
        self.password_file.chmod(0o600)
        return scram

    @property
    def bootstrap(self) -> str:
        """Addresses of the plaintext listeners, as clients take them."""
        return ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)

    @property
    def secure_bootstrap(self) -> str:
        """Addresses of the listeners with TLS and SCRAM-SHA-512. Raises ValueError unless made with `secure`."""
        ports = [broker.ports.secure for broker in self.brokers]
        if None in ports:
            raise ValueError("the cluster was made without a secure listener")
        return ",".join(f"127.0.0.1:{port}" for port in ports)

    def proxied_bootstrap(self, name: str) -> str:
        """Addresses of the proxies in front of the listener `name`. Raises KeyError when there is none."""
        return ",".join(f"127.0.0.1:{port}" for port in self._proxies[name])

    @property
    def ca_file(self) -> Path:
        """The authority that clients of the secure listener trust (PEM)."""
        return self._certificates.ca_file

    @property
    def user(self) -> str:
        """User of the secure listener."""
        return "pm"

    @property
    def password_file(self) -> Path:
        """File that holds the password of `user`, without a line end."""
        return self._directory / "password"

    def client_environment(self, secure: bool = False, proxied: str | None = None) -> dict[str, str]:
        """The settings that lead a service to this cluster: to the plain listener, the secure or a proxied one."""
        bootstrap = self.bootstrap if proxied is None else self.proxied_bootstrap(proxied)
        copies = min(3, len(self.brokers))
        found = {
            "LOG_KIND": "kafka",
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "KAFKA_REPLICATION_FACTOR": str(copies),
            "KAFKA_MIN_INSYNC_REPLICAS": str(max(1, copies - 1)),
        }
        if not secure:
            return found
        return found | {
            "KAFKA_BOOTSTRAP_SERVERS": self.secure_bootstrap,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_USERNAME": self.user,
            "KAFKA_PASSWORD_FILE": str(self.password_file),
            "KAFKA_CA_FILE": str(self.ca_file),
        }

    def start(self) -> None:
        """Format and start all brokers. Raises ChildError when one does not serve in time."""
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        with ThreadPoolExecutor(len(self.brokers)) as pool:
            list(pool.map(lambda broker: broker.format(cluster_id), self.brokers))
        for broker in self.brokers:
            self._stack.callback(broker.kill)
            broker.start(ready_within_s=None)
        for broker in self.brokers:
            broker.await_ready()

    def close(self) -> None:
        """Kill what still runs: nothing of a test's cluster is worth the time of an orderly end."""
        self._stack.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
