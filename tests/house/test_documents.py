"""Command blocks of the documents: each is executed here, or says why it is not; links lead somewhere."""

import re
import sys
from pathlib import Path

import pytest

from tests.documents import BLOCK, BLOCKS, DOCUMENTS, ROOT, RUN, Block, marked, run
from tests.server import Standalone


def test_every_block_is_run_or_says_why_not() -> None:
    unmarked = [
        block.name for block in BLOCKS if block.mark not in RUN and not re.match(r"not run: .{15,}", block.mark or "")
    ]
    assert unmarked == []
    assert len(DOCUMENTS) > 20
    assert all(marked(way) for way in RUN)
    assert len(marked("run: server")) >= 2


@pytest.mark.parametrize("block", marked("run: server"), ids=lambda block: block.name)
def test_block_works_on_a_running_server(block: Block, server: Standalone) -> None:
    assert "http://localhost:8080" in block.text
    answer = run(block.text.replace("http://localhost:8080", server.url), ROOT)
    # The documents that say what went wrong have a code; `curl -s` ends with 0 for them too.
    assert '"code":' not in answer.stdout, answer.stdout
    assert answer.stdout.count("{") > 0


@pytest.mark.parametrize("block", marked("run: export"), ids=lambda block: block.name)
def test_block_works_beside_a_database(block: Block, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(sys.executable).parent)
    database = {"GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path}/gateway.sqlite3"}
    run(".venv/bin/pm-gateway migrate", tmp_path, database)
    assert "readings.csv" in run(block.text, tmp_path, database).stdout
    assert (tmp_path / "assessments.parquet").is_file()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
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
    for name, section in (("install-ec2", "## The module"), ("install", "## An empty EC2 instance")):
        document = (ROOT / f"docs/{name}.md").read_text()
        first = BLOCK.search(document, document.index(section))
        assert first is not None
        joined = first["text"].replace("\\\n", " ")
        lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
        commands = [command for line in lines for command in line.split("&&")]
        assert 1 <= len(commands) <= 10, commands
        assert "api/predict" in commands[-1], commands
