"""What a run says at its end: the verdict of each fault, the exit status, the line for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import suite
from tests.faults.checker import Account, Finding
from tests.faults.scene import Late, Proof, Result, too_late
from tests.faults.table import line, status, table
from tests.server import ROOT

LOST = [Finding("LOST", "run.1")]


def result(findings: list[Finding], *, bit: bool = True, broken: str = "", is_control: bool = False) -> Result:
    return Result("fault", Account(10, 1, 9, 1, 3, findings), Proof(bit, "it bit"), 1.0, broken, is_control)


@pytest.mark.parametrize(
    ("row", "verdict", "code"),
    [
        (result([]), "pass", 0),
        (result([], bit=False), "inconclusive", 2),
        (result(LOST), "FAIL", 1),
        (result(LOST, bit=False), "FAIL", 1),
        (result([], broken="the gateway ended"), "FAIL", 1),
        (result(LOST, is_control=True), "caught", 0),
        (result([], is_control=True), "inconclusive", 2),
        (result(LOST, broken="it did not settle", is_control=True), "inconclusive", 2),
    ],
)
def test_a_verdict_needs_both_an_account_and_a_proof(row: Result, verdict: str, code: int) -> None:
    assert (row.verdict, status([row])) == (verdict, code)


@pytest.mark.parametrize(
    ("played", "verdict", "tries"),
    [
        ([result([], bit=False), result([])], "pass", 2),
        ([result([], bit=False)] * 5, "inconclusive", 3),
        ([result(LOST), result([])], "FAIL", 1),
        ([result([], bit=False), result(LOST)], "FAIL", 2),
    ],
)
def test_only_what_proved_nothing_is_played_again(
    monkeypatch: pytest.MonkeyPatch, played: list[Result], verdict: str, tries: int
) -> None:
    rows = iter(played)
    seeds: list[int] = []

    def play(*_: object, seed: int, **__: object) -> Result:
        seeds.append(seed)
        return next(rows)

    monkeypatch.setattr(suite, "play", play)
    last = suite.proved(None, suite.FAULTS[0], Path(), seed=1)  # type: ignore[arg-type]  # nothing is really played
    assert (last.verdict, last.tries) == (verdict, tries)
    assert len(set(seeds)) == tries, "each time with other moments"


def test_being_late_breaks_a_promise_unless_others_have_the_processors() -> None:
    assert too_late(Late("not within 30 s"), 1.0) == ("not within 30 s", Proof(False, ""))
    broken, proof = too_late(Late("not within 30 s"), 9.0)
    assert (broken, proof.bit) == ("", False)
    assert proof.words == "not within 30 s, with 9 processes for each processor"


def test_one_failure_outweighs_everything() -> None:
    assert status([result([]), result([], bit=False), result(LOST)]) == 1


def test_the_short_suite_leaves_out_what_only_the_whole_one_plays_unless_it_is_named() -> None:
    short, whole = set(suite.chosen([])), set(suite.chosen([], full=True))
    assert whole == set(suite.FAULTS)
    assert {fault.only_full for fault in whole - short} == {True}
    assert [fault.name for fault in suite.chosen(["worker stuck"])] == ["worker stuck"]


def test_the_line_leaves_out_what_the_controls_lose() -> None:
    sums = json.loads(line([result([]), result(LOST, is_control=True)]))
    assert (sums["accepted"], sums["redelivered"], sums["lost"]) == (10, 3, 0)


def test_the_table_names_what_was_lost() -> None:
    text = table([result(LOST)])
    assert "LOST run.1" in text
    assert "FAIL" in text


@pytest.mark.parametrize(("arguments", "code"), [(["--list"], 0), (["--help"], 0), (["no such fault"], 2)])
def test_the_command_line_explains_itself(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "tests.faults", *arguments]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50)
    assert told.returncode == code, told.stderr
    assert "stream SIGKILL" in told.stdout + told.stderr or "--full" in told.stdout
