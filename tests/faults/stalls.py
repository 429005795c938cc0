"""How long the event loop of a service stood still, seen from outside, without what a busy machine adds.

The kernel counts for each thread how long it was ready to run and had no processor (`/proc/<pid>/schedstat`, second
field). That time is taken off: it says how busy the machine is, not what the service did.
"""

import http.client
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_EVERY_S = 0.05
_GIVE_UP_S = 10.0
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid: int) -> int:
    """Resident memory of a process. Raises FileNotFoundError when it is gone."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


class Stalls:
    """A context manager: asks `/livez` of a service, which needs nothing but its loop, about 20 times a second.

    `longest_s` is the longest answer less the time without a processor, `answers` how many there were, `wrong` what
    was not 200, and `grown` by how many bytes its resident memory was larger at most than at the beginning.
    """

    def __init__(self, url: str, pid: int) -> None:
        """`url` is the service's base, `pid` its process."""
        self._address, self._pid = urlsplit(url), pid
        self.longest_s = 0.0
        self.answers = self.grown = 0
        self._resident_before = resident_bytes(pid)
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="stalls", daemon=True)

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_S):
            before, begun = self._without_processor(), time.monotonic()
            self._ask()
            waited_s = time.monotonic() - begun
            starved_s = sum(after - before.get(thread, 0.0) for thread, after in self._without_processor().items())
            self.longest_s = max(self.longest_s, waited_s - starved_s)
            self.grown = max(self.grown, resident_bytes(self._pid) - self._resident_before)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port or 80, timeout=_GIVE_UP_S
        )
        try:
            connection.request("GET", "/livez")
            status = connection.getresponse().status
            if status != 200:
                self.wrong.append(str(status))
            self.answers += 1
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(repr(error))
        finally:
            connection.close()

    def _without_processor(self) -> dict[Path, float]:
        """Seconds so far for which each thread was ready and had no processor: all of the service, and ours."""
        asking = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        found = {}
        for thread in (*Path(f"/proc/{self._pid}/task").glob("*/schedstat"), asking):
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end meanwhile
                found[thread] = int(thread.read_text().split()[1]) / 1e9
        return found

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(2 * _GIVE_UP_S)
