"""Exports, on every database: what is stored comes out whole, in order, with types that other tools understand."""

import csv
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from chassis.assessment import Assessment
from gateway.export import export
from gateway.store import Store
from services.gateway.tests.alarm_desk import raise_alarm, the_alarm
from services.gateway.tests.running import Gateway

Make = Callable[..., Assessment]
_EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


@pytest.fixture
def filled(stored_gateway: Gateway, make: Make) -> list[Assessment]:
    """A machine with an alarm, and one more that has a signal of its own."""
    raising = raise_alarm(make)
    other = make("other", ago=5, machine_id="M2", signals={"torque": 1.5, "spindle": 7.0})
    stored_gateway.assess(*raising, other)
    the_alarm(stored_gateway)
    stored_gateway.until("/machines", lambda found: found["total"] == 2)
    return sorted([*raising, other], key=lambda one: one.observed_at)


def _csv(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_readings_have_a_column_for_each_signal(store: Store, filled: list[Assessment], tmp_path: Path) -> None:
    assert export(store, "readings", tmp_path / "readings.csv", *_EVER) == len(filled)
    rows = _csv(tmp_path / "readings.csv")
    assert [row["event_id"] for row in rows] == [one.event_id for one in filled]
    assert [datetime.fromisoformat(row["observed_at"]) for row in rows] == [one.observed_at for one in filled]
    for row, one in zip(rows, filled, strict=True):
        known = {name: float(row[name]) for name in ("air_temperature", "torque", "spindle") if row.get(name)}
        assert known == {name: value for name, value in one.signals.items() if name in known}
        assert len(known) == len([n for n in one.signals if n in ("air_temperature", "torque", "spindle")])


def test_parquet_and_csv_say_the_same(store: Store, filled: list[Assessment], tmp_path: Path) -> None:
    for kind in ("readings", "assessments", "alarms", "transitions"):
        count = export(store, kind, tmp_path / f"{kind}.csv", *_EVER)
        assert export(store, kind, tmp_path / f"{kind}.parquet", *_EVER) == count > 0
        table = parquet.read_table(tmp_path / f"{kind}.parquet")
        for text, row in zip(_csv(tmp_path / f"{kind}.csv"), table.to_pylist(), strict=True):
            assert {name: _said(value) for name, value in row.items()} == text


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_judgements_keep_their_numbers(store: Store, filled: list[Assessment], tmp_path: Path) -> None:
    export(store, "assessments", tmp_path / "a.parquet", *_EVER)
    rows = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert [row["failure_probability"] for row in rows] == [one.failure_probability for one in filled]
    assert {row["model_digest"] for row in rows} == {"sha256:00"}
    assert parquet.read_schema(tmp_path / "a.parquet").field("observed_at").type.tz == "UTC"


def test_range_takes_its_beginning_and_leaves_its_end(store: Store, filled: list[Assessment], tmp_path: Path) -> None:
    first, last = filled[0].observed_at, filled[-1].observed_at
    assert export(store, "readings", tmp_path / "r.csv", first, last) == sum(o.observed_at < last for o in filled)
    later = last + timedelta(seconds=1)
    assert export(store, "readings", tmp_path / "none.csv", later, later) == 0


def test_file_is_whole_or_not_there(store: Store, filled: list[Assessment], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="must end with"):
        export(store, "readings", tmp_path / "readings.xlsx", *_EVER)
    with pytest.raises(OSError, match="nowhere"):
        export(store, "readings", tmp_path / "nowhere/readings.csv", *_EVER)
    assert not list(tmp_path.glob("*readings*"))


def test_command_exports_and_refuses_in_one_sentence(tmp_path: Path) -> None:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = {"GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path}/g.sqlite3", "PATH": "/usr/bin"}
        command = [sys.executable, "-m", "gateway", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    assert run("migrate").returncode == 0
    assert run("export", "alarms", f"{tmp_path}/alarms.csv").stdout == f"0 alarms in {tmp_path}/alarms.csv\n"
    assert (tmp_path / "alarms.csv").read_text().startswith("id,machine_id,")
    assert "has no zone" in run("export", "alarms", "a.csv", "--since", "2026-01-01T00:00:00").stderr
    assert "invalid choice" in run("export", "everything", "a.csv").stderr
