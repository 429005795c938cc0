"""Processes of the tools: what they wrote is kept, an early end is told with it, none outlives its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import poll_until
from tools.child import Child, ChildError

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"


def child(tmp_path: Path, program: str) -> Child:
    return Child("sleeper", [sys.executable, "-c", program], tmp_path / "out" / "sleeper.log")


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" in status.read_text()


def test_one_that_ends_before_it_is_ready_is_told_with_its_last_words(tmp_path: Path) -> None:
    broken = child(tmp_path, "import sys; sys.exit('no licence to run')")
    broken.start()
    with pytest.raises(ChildError, match=r"(?s)ended with status 1.*no licence to run"):
        broken.await_ready(lambda: False, 30)


def test_one_that_is_never_ready_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    slow = child(tmp_path, SLEEPER)
    slow.start()
    try:
        with pytest.raises(ChildError, match=r"was not ready within 0\.2 s"):
            slow.await_ready(lambda: False, 0.2)
    finally:
        slow.kill()


def test_output_is_kept_over_starts_and_the_pid_is_new(tmp_path: Path) -> None:
    twice = child(tmp_path, SLEEPER)
    pids = []
    for starts in (1, 2):
        twice.start()
        with pytest.raises(ChildError, match="runs already"):
            twice.start()
        twice.await_ready(lambda starts=starts: twice.log_text().count("up") == starts, 30)  # type: ignore[misc]
        pids.append(twice.pid)
        twice.kill()
        assert twice.status == -signal.SIGKILL
    assert len(set(pids)) == 2


def test_a_frozen_one_can_be_stopped_and_a_deaf_one_is_killed(tmp_path: Path) -> None:
    deaf = child(
        tmp_path, f"import signal; signal.signal(signal.SIGTERM, lambda *_: print('asked', flush=True)); {SLEEPER}"
    )
    deaf.start()
    deaf.await_ready(lambda: "up" in deaf.log_text(), 30)
    deaf.freeze()
    deaf.stop(within_s=1)
    assert deaf.status == -signal.SIGKILL
    assert "asked" in deaf.log_text(), "SIGTERM must reach it after the thaw"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_none_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = f"""
import time
from pathlib import Path
from tools.child import Child
server = Child("server", ["sleep", "600"], Path({str(tmp_path)!r}) / "server.log")
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        # Only what was really begun is bound to its parent: until then the process is setpriv, which binds it.
        poll_until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n", 30, "the server is what it should be")
        parent.kill()
    poll_until(lambda: has_ended(pid), 10, f"process {pid} ends with its parent")
