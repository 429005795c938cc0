"""The restore drill, on a real PostgreSQL: everything is removed and put back; pages and alarms are what they were."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chassis.assessment import Assessment
from gateway.store import Store
from services.gateway.tests.alarm_desk import act, done, raise_alarm, the_alarm
from services.gateway.tests.conftest import running
from services.gateway.tests.running import Gateway
from services.gateway.tests.test_alarm_verdicts import give
from tools.postgres.database import Database
from tools.postgres.installation import binaries

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]
SCRIPT = Path(__file__).resolve().parents[3] / "deploy/backup/backup.sh"
Make = Callable[..., Assessment]
PAGES = (
    "/machines",
    "/machines/M1",
    "/machines/M1/timeline",
    "/alarms",
    "/alarms/load",
    "/track-record",
    "/dead-letters",
)


def run(*words: str, url: str, expected: int = 0) -> str:
    """Run backup.sh on a database; its words, when it ends as expected."""
    environment = {**os.environ, "PATH": f"{binaries()}:{os.environ['PATH']}"}
    command = [str(SCRIPT), *words, "--url", url.replace("+psycopg", "", 1)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert told.returncode == expected, told.stdout + told.stderr
    return told.stdout + told.stderr


@pytest.fixture
def filled(database_url: str, postgres_store: Store, tmp_path: Path, make: Make) -> Iterator[Gateway]:
    """A gateway whose database has machines, a history, an acknowledged alarm with a verdict, an open one, a policy."""
    with running(database_url, tmp_path) as gateway:
        gateway.assess(*raise_alarm(make), *raise_alarm(make, machine="M2"))
        alarm = the_alarm(gateway)
        done(act(gateway, alarm, "ack", note="seen"))
        assert give(gateway, alarm, "confirmed").status_code < 300
        the_alarm(gateway, "M2")
        yield gateway


def pages(gateway: Gateway) -> dict[str, Any]:
    """What people see, for as many pages as there are; each alarm with its history."""
    found = {path: gateway.get(path, **_query(path)) for path in PAGES}
    for alarm in found["/alarms"]["alarms"]:
        found[alarm["alarm_id"]] = gateway.get(f"/alarms/{alarm['alarm_id']}")
    return found


def _query(path: str) -> dict[str, str]:
    if path.endswith("/timeline"):
        return {"from": "2026-05-04T11:00:00Z", "to": "2026-05-04T13:00:00Z"}
    return {}


def test_what_was_removed_comes_back_as_it_was(
    filled: Gateway, postgres_store: Store, database_url: str, tmp_path: Path, make: Make
) -> None:
    backup = tmp_path / "gateway.backup"
    before = pages(filled)
    assert "2 machines" in run("backup", str(backup), url=database_url)
    # What is written after the backup must be gone as well, with a day of its own.
    filled.assess(make("later", ago=-86_400, machine_id="M3"))
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("TRUNCATE machines, event_ids, assessments, alarm_lines, alarms, alarm_events, policies")
    assert filled.get("/machines")["total"] in (0, 1)

    said = run("restore", str(backup), "--replace", url=database_url)
    assert "restored 2 machines" in said
    assert pages(filled) == before


def test_backup_goes_into_an_empty_database(
    filled: Gateway, database_url: str, postgres: Database, tmp_path: Path
) -> None:
    backup = tmp_path / "gateway.backup"
    before = pages(filled)
    run("backup", str(backup), url=database_url)
    empty = postgres.new_database()
    try:
        run("restore", str(backup), url=empty)
        with running(empty, tmp_path / "second") as other:
            assert pages(other) == before
    finally:
        postgres.drop(empty)


def test_database_with_data_and_damaged_files_are_refused(filled: Gateway, database_url: str, tmp_path: Path) -> None:
    backup = tmp_path / "gateway.backup"
    run("backup", str(backup), url=database_url)
    before = pages(filled)
    assert "--replace empties it first" in run("restore", str(backup), url=database_url, expected=1)
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(backup.read_bytes()[: backup.stat().st_size * 2 // 3])
    run("restore", str(damaged), "--replace", url=database_url, expected=1)
    other = tmp_path / "other.backup"
    other.write_text("no dump")
    assert "is no backup" in run("restore", str(other), "--replace", url=database_url, expected=1)
    assert pages(filled) == before


def test_failed_backup_leaves_the_last_one(filled: Gateway, database_url: str, tmp_path: Path) -> None:
    backup = tmp_path / "gateway.backup"
    run("backup", str(backup), url=database_url)
    kept = backup.read_bytes()
    wrong = database_url.rpartition("/")[0] + "/nowhere"
    assert "nothing was written" in run("backup", str(backup), url=wrong, expected=1)
    assert backup.read_bytes() == kept
    assert list(tmp_path.glob("gateway.backup*")) == [backup]


def test_policies_in_force_are_readable(filled: Gateway, database_url: str, tmp_path: Path, now: datetime) -> None:
    run("policies", str(tmp_path / "policies.json"), url=database_url)
    (policy,) = json.loads((tmp_path / "policies.json").read_text())
    assert policy["equipment"] == "milling"
    assert policy["version"] == 1
    assert policy["policy"]["costs"]["currency"] == "EUR"
