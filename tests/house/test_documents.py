"""Command blocks of the documents: each is executed here, or says why it is not; links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.server import Standalone

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / name
    for name in ("README.md", "docs/install-ec2.md", "docs/operations.md", "docs/security.md", "docs/comparison.md")
]
_BLOCK = re.compile(r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?:sh|bash|shell|console)\n(?P<text>.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    """A block of commands: where it stands, what is said before it, its text."""

    document: Path
    mark: str | None
    text: str

    @property
    def name(self) -> str:
        return f"{self.document.name}: {self.text.splitlines()[0][:40]}"


BLOCKS = [
    Block(document, found["mark"], found["text"])
    for document in DOCUMENTS
    for found in _BLOCK.finditer(document.read_text())
]


def _marked(mark: str) -> list[object]:
    return [pytest.param(block, id=block.name) for block in BLOCKS if block.mark == mark]


def test_every_block_is_run_or_says_why_not() -> None:
    unmarked = [
        block.name
        for block in BLOCKS
        if block.mark not in ("run: server", "run: export") and not re.match(r"not run: .{15,}", block.mark or "")
    ]
    assert unmarked == []
    assert len(_marked("run: server")) >= 2


@pytest.mark.parametrize("block", _marked("run: server"))
def test_block_works_on_a_running_server(block: Block, server: Standalone) -> None:
    assert "http://localhost:8080" in block.text
    answer = _run(block.text.replace("http://localhost:8080", server.url), ROOT)
    # The documents that say what went wrong have a code; `curl -s` ends with 0 for them too.
    assert '"code":' not in answer.stdout, answer.stdout
    assert answer.stdout.count("{") > 0


@pytest.mark.parametrize("block", _marked("run: export"))
def test_block_works_beside_a_database(block: Block, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(sys.executable).parent)
    database = {"GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path}/gateway.sqlite3"}
    _run(".venv/bin/pm-gateway migrate", tmp_path, database)
    assert "readings.csv" in _run(block.text, tmp_path, database).stdout
    assert (tmp_path / "assessments.parquet").is_file()


def _run(commands: str, folder: Path, more: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a block as a person would type it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **(more or {})}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_and_headings(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document.read_text()):
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(target)
    assert broken == []


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_runbook_says_what_to_do_and_how_to_know_that_it_worked() -> None:
    runbooks = (ROOT / "charts/predictive-maintenance/RUNBOOKS.md").read_text().split("\n## ")[1:]
    assert len(runbooks) >= 8
    for each in runbooks:
        name = each.splitlines()[0]
        assert re.search(r"^1\. ", each, re.M), name
        assert "\nIt worked when " in each, name


def test_an_empty_instance_is_ten_commands_from_a_prediction() -> None:
    document = (ROOT / "docs/install-ec2.md").read_text()
    for section, bound in (("## The module", 10), ("## An instance of yours", 10)):
        first = _BLOCK.search(document, document.index(section))
        assert first is not None
        joined = first["text"].replace("\\\n", " ")
        commands = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
        assert 1 <= len(commands) <= bound
