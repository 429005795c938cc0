"""The quality that is promised, measured on the real file when it lies beside the checkout, and the one-page report."""

import subprocess
import sys
from pathlib import Path

import pytest

REAL_FILE = Path(__file__).parents[3] / "shared/data/ai4i2020.csv"


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(not REAL_FILE.exists(), reason="the AI4I file is not beside the checkout")
def test_every_bar_holds_on_the_real_file_and_the_report_is_one_page(tmp_path: Path) -> None:
    report, figures = tmp_path / "report.html", tmp_path / "figures.json"
    command = [sys.executable, "-m", "models", "evaluate", "--data", str(REAL_FILE), "--bars", "--quick"]
    done = subprocess.run(
        [*command, "--report", str(report), "--json", str(figures)], capture_output=True, text=True, timeout=220
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "F1 without a leak" in done.stdout
    page = report.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "src=" not in page
    assert figures.stat().st_size > 1_000


def test_a_file_that_does_not_fit_is_refused_with_a_sentence(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("vibration,label\n1,0\n", encoding="utf-8")
    command = [sys.executable, "-m", "models", "evaluate", "--data", str(other)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("pm-models: ")
    assert "Traceback" not in done.stderr
