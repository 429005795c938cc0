"""A real Chromium on the real server: the fleet changes live, a machine explains itself, the form judges a reading."""

from pathlib import Path

import pytest

from tests.browser.chromium import chromium, run_script
from tests.server import Standalone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_a_visitor_sees_the_fleet_live_finds_the_cause_and_checks_a_reading(tmp_path: Path) -> None:
    chromium()
    server = Standalone(tmp_path / "state", fleet=50)
    try:
        server.start()
        output = run_script("journey.mjs", server.url, 360)
    finally:
        server.end()
    assert " 0 failed" in output


def test_a_cut_stream_is_shown_and_resumes_with_each_stored_reading_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chromium()
    server = Standalone(tmp_path / "state", fleet=20)
    try:
        server.start()
        output = run_script("resume.mjs", server.url, 240)
    finally:
        server.end()
    with capsys.disabled():
        print(f"\n{output[output.index('|') :]}")
    assert " 0 failed" in output


def test_a_policy_is_tried_on_history_saved_and_replayed(tmp_path: Path) -> None:
    chromium()
    server = Standalone(tmp_path / "state", fleet=50)
    try:
        server.start()
        output = run_script("policies.mjs", server.url, 380)
    finally:
        server.end()
    assert "0 failed" in output


def test_an_overstrained_machine_is_seen_acknowledged_and_judged_by_mouse_and_by_keyboard(tmp_path: Path) -> None:
    chromium()
    server = Standalone(tmp_path / "state", fleet=4)
    try:
        server.start()
        output = run_script("alarm-desk.mjs", server.url, 360)
    finally:
        server.end()
    assert " 0 failed" in output
