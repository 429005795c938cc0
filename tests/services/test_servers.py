"""The real servers of the tests do what the fault tests rely on: durable over SIGKILL, silent when frozen."""

import socket
import ssl
import threading
from contextlib import closing
from typing import Any

import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from tools.kafka.cluster import KafkaCluster
from tools.ports import free_port
from tools.postgres.database import Database
from tools.postgres.server import PostgresServer
from tools.testing import StartKafka

TOPIC = "tools.check"


def create_topic(cluster: KafkaCluster) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=cluster.bootstrap)) as admin:
        admin.create_topics([NewTopic(TOPIC, 1, len(cluster.brokers))])


def acknowledged(servers: str, value: bytes, **options: Any) -> int:
    """The offset under which the cluster has acknowledged the value."""
    with closing(KafkaProducer(bootstrap_servers=servers, **options)) as producer:
        return int(producer.send(TOPIC, value, partition=0).get(30).offset)


def values(servers: str, count: int) -> list[bytes]:
    consumer = KafkaConsumer(
        TOPIC, bootstrap_servers=servers, auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=30_000
    )
    with closing(consumer):
        return [next(consumer).value for _ in range(count)]


@pytest.mark.kafka
@pytest.mark.timeout(180)
def test_what_a_broker_acknowledged_is_there_after_kill_9(start_kafka: StartKafka) -> None:
    cluster = start_kafka()
    broker = cluster.brokers[0]
    create_topic(cluster)
    acknowledged(cluster.bootstrap, b"before")
    before = broker.pid
    broker.kill()
    assert not broker.is_running
    broker.start()
    assert broker.pid != before
    acknowledged(cluster.bootstrap, b"after")
    assert values(cluster.bootstrap, 2) == [b"before", b"after"]


@pytest.mark.kafka
@pytest.mark.timeout(180)
def test_the_secure_listener_shows_a_certificate_of_its_own_authority(start_kafka: StartKafka) -> None:
    cluster = start_kafka(secure=True)
    create_topic(cluster)
    login: dict[str, Any] = {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": cluster.user,
        "sasl_plain_password": cluster.password_file.read_text(),
        "ssl_cafile": str(cluster.ca_file),
    }
    assert acknowledged(cluster.secure_bootstrap, b"secret", **login) == 0
    with (
        socket.create_connection(("127.0.0.1", cluster.brokers[0].ports.secure or 0), 10) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")


@pytest.mark.kafka
@pytest.mark.timeout(180)
def test_three_brokers_keep_three_copies_and_serve_without_one(start_kafka: StartKafka) -> None:
    proxies = (free_port(), free_port(), free_port())
    cluster = start_kafka(3, proxy_ports={"device": proxies})
    assert cluster.proxied_bootstrap("device") == ",".join(f"127.0.0.1:{port}" for port in proxies)
    create_topic(cluster)
    cluster.brokers[0].kill()
    living = ",".join(f"127.0.0.1:{broker.port}" for broker in cluster.brokers[1:])
    assert acknowledged(living, b"two are enough") == 0
    cluster.brokers[0].start()
    cluster.brokers[1].kill()
    living = ",".join(f"127.0.0.1:{broker.port}" for broker in (cluster.brokers[0], cluster.brokers[2]))
    assert values(living, 1) == [b"two are enough"], "the one that was away has caught up, or another copy answers"


@pytest.mark.postgres
@pytest.mark.timeout(120)
def test_what_a_database_committed_is_there_after_kill_9(postgres_server: PostgresServer) -> None:
    url = postgres_server.database.new_database()
    where = Database(url).connection_string
    with psycopg.connect(where) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    with closing(psycopg.connect(where)) as held:
        held.execute("INSERT INTO kept VALUES (2)")
        postgres_server.kill()
        with pytest.raises(psycopg.OperationalError):
            held.execute("SELECT 1")
    postgres_server.start()
    with psycopg.connect(where) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
        assert connection.execute("SHOW fsync").fetchall() == [("on",)]


@pytest.mark.postgres
@pytest.mark.timeout(120)
def test_a_frozen_database_keeps_its_connections_and_answers_nothing(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.database.connection_string, autocommit=True) as connection:
        connection.execute("SELECT 1")
        postgres_server.freeze()
        answers: list[object] = []
        asking = threading.Thread(target=lambda: answers.append(connection.execute("SELECT 7").fetchall()))
        asking.start()
        asking.join(0.5)
        assert asking.is_alive()
        assert answers == []
        postgres_server.thaw()
        asking.join(30)
        assert answers == [[(7,)]]


@pytest.mark.postgres
def test_every_test_gets_an_empty_database_of_its_own(postgres: Database) -> None:
    first, second = postgres.new_database(), postgres.new_database()
    with psycopg.connect(Database(first).connection_string) as connection:
        connection.execute("CREATE TABLE mine (number int)")
    with psycopg.connect(Database(second).connection_string) as connection:
        assert connection.execute("SELECT to_regclass('mine')").fetchall() == [(None,)]
    for url in (first, second):
        postgres.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(Database(first).connection_string)
