"""The settings of the log: what is wrong is said in one sentence before anything starts."""

from pathlib import Path

import pytest

from chassis.kafka_log.log import KafkaLog
from chassis.open_log import connection, open_log
from chassis.settings import LogSettings, load

KAFKA = {"LOG_KIND": "kafka", "KAFKA_BOOTSTRAP_SERVERS": "kafka-1:9092,[::1]:9093"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOG_KIND", "LOG_PATH", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SECURITY_PROTOCOL"):
        monkeypatch.delenv(name, raising=False)


def test_a_kafka_log_is_opened_without_reaching_for_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KAFKA.items():
        monkeypatch.setenv(name, value)
    settings = load(LogSettings)
    log = open_log(settings)
    assert isinstance(log, KafkaLog)
    assert connection(settings).bootstrap_servers == ("kafka-1:9092", "[::1]:9093")
    log.close()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"KAFKA_BOOTSTRAP_SERVERS": ""}, "KAFKA_BOOTSTRAP_SERVERS='' cannot be used: a Kafka log needs addresses"),
        ({"KAFKA_BOOTSTRAP_SERVERS": "kafka"}, "needs addresses such as kafka-1:9092"),
        ({"KAFKA_BOOTSTRAP_SERVERS": "kafka:99999"}, "needs addresses such as"),
        ({"LOG_KIND": "rabbit"}, "LOG_KIND='rabbit' cannot be used"),
        ({"KAFKA_SECURITY_PROTOCOL": "TLS"}, "KAFKA_SECURITY_PROTOCOL='TLS' cannot be used"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "SASL needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE"),
        ({"KAFKA_PASSWORD_FILE": "/nowhere/password"}, "the file cannot be read: No such file"),
        ({"KAFKA_CA_FILE": "/nowhere/ca.crt"}, "the file cannot be read: No such file"),
        ({"KAFKA_CA_FILE": __file__}, "the file holds no certificate in PEM form"),
        ({"KAFKA_REPLICATION_FACTOR": "1"}, "KAFKA_MIN_INSYNC_REPLICAS"),
        ({"LOG_WINDOWS": "5"}, "LOG_WINDOWS is not a setting; known are"),
    ],
)  # fmt: skip
def test_a_wrong_setting_ends_the_process_with_one_sentence(
    environment: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (KAFKA | environment).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        load(LogSettings)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_an_empty_password_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("\n")
    for name, value in (KAFKA | {"KAFKA_PASSWORD_FILE": str(tmp_path / "password")}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        load(LogSettings)
    assert "the file is empty" in capsys.readouterr().err
