"""Uploads a CSV file of any length through the HTTP door: in batches, repeatable, resumable.

Every row has an event id that depends on the file alone (see csv_rows), so repeating a batch after a fault, or the
whole file after a kill, counts no reading twice.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import SystemRandom

import httpx
import msgspec
from tqdm import tqdm

from ingest.csv_progress import Progress, ProgressFile
from ingest.csv_rows import CsvError, csv_rows
from ingest.formats import NDJSON
from ingest.results import ItemResult, ReadingsAnswer, ReadingsProblemDocument
from models.profile import Profile
from models.reading import Refusal

_AGAIN = frozenset({429, 502, 503, 504})
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_jitter = SystemRandom()
Row = tuple[int, bytes | Refusal]


class UploadError(Exception):
    """The upload cannot go on; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: `batch` rows per request, at most `rows_per_s` (None = as fast as the service takes them)."""

    batch: int
    rows_per_s: float | None

    @property
    def size(self) -> int:
        """Rows per request: a slow upload sends at least one request a second."""
        return self.batch if self.rows_per_s is None else max(1, min(self.batch, int(self.rows_per_s)))


class Door:
    """The HTTP door at `url`, asked again with growing, jittered pauses while it is away."""

    def __init__(self, client: httpx.Client, url: str, give_up_s: float, wait: Callable[[float], None]) -> None:
        self._client, self._url, self._give_up_s, self._wait = client, url, give_up_s, wait

    def post(self, readings: list[bytes]) -> list[ItemResult]:
        """One result per reading. Raises UploadError after `give_up_s` seconds without an answer, or at a final no."""
        away_s, pause_s = 0.0, _FIRST_WAIT_S
        while True:
            answer = self._ask(b"\n".join(readings))
            if isinstance(answer, httpx.Response):
                if answer.status_code not in _AGAIN:
                    return _results(answer, len(readings))
                reason, least_s = f"it answers {answer.status_code}", _retry_after_s(answer)
            else:
                reason, least_s = str(answer) or type(answer).__name__, 0.0
            if away_s >= self._give_up_s:
                raise UploadError(f"{self._url} does not take readings: {reason}")
            waited_s = max(least_s, pause_s * _jitter.uniform(0.5, 1.0))
            self._wait(waited_s)
            away_s += waited_s
            pause_s = min(2 * pause_s, _LONGEST_WAIT_S)

    def _ask(self, body: bytes) -> httpx.Response | httpx.TransportError:
        try:
            return self._client.post(self._url, content=body, headers={"content-type": NDJSON})
        except httpx.UnsupportedProtocol as error:
            raise UploadError(f"{self._url} is no address: {error}") from error
        except httpx.TransportError as error:
            return error


def upload(
    path: Path,
    door: Door,
    progress_file: ProgressFile,
    profiles: Mapping[str, Profile],
    equipment: str,
    pace: Pace,
    *,
    machine_column: str | None = None,
    total: int | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Progress:
    """Post the rows of `path` that its progress file does not count yet; the file is removed at the end.

    `total` is the expected number of rows for the bar. Raises UploadError, and OSError for files that cannot be used.
    """
    progress = progress_file.load()
    started, done_before = time.monotonic(), progress.rows
    rows = islice(_rows(path, profiles, equipment, machine_column), progress.rows, None)
    # disable=None: no bar where nobody watches.
    with tqdm(total=total, initial=progress.rows, unit="row", disable=None) as bar:
        for batch in _batches(rows, pace.size):
            if pace.rows_per_s is not None:
                due = started + (progress.rows - done_before) / pace.rows_per_s
                wait(max(0.0, due - time.monotonic()))
            _send(batch, door, progress)
            progress_file.save(progress)
            bar.update(len(batch))
    progress_file.remove()
    return progress


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(islice(rows, size)):
        yield batch


def _send(batch: list[Row], door: Door, progress: Progress) -> None:
    readings = [(row, item) for row, item in batch if isinstance(item, bytes)]
    results = door.post([item for _, item in readings]) if readings else []
    for (row, _), result in zip(readings, results, strict=True):
        if result.status == 202:
            progress.accept()
        else:
            progress.refuse(row, str(result.code), str(result.detail))
    for row, item in batch:
        if isinstance(item, Refusal):
            progress.refuse(row, item.code, item.detail)
    progress.rows += len(batch)


def _rows(path: Path, profiles: Mapping[str, Profile], equipment: str, machine_column: str | None) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from enumerate(csv_rows(lines, profiles, equipment, machine_column), start=1)
    except CsvError as error:
        raise UploadError(f"{path.name}: {error}") from error
    except UnicodeDecodeError as error:
        raise UploadError(f"{path.name} is not UTF-8; convert it first") from error


def _results(answer: httpx.Response, expected: int) -> list[ItemResult]:
    """The result per reading of a final answer. Raises UploadError when it has none."""
    try:
        if answer.status_code == 202:
            results = msgspec.json.decode(answer.content, type=ReadingsAnswer).results
        else:
            problem = msgspec.json.decode(answer.content, type=ReadingsProblemDocument)
            if not problem.results:
                raise UploadError(f"{answer.url} answers {answer.status_code}: {problem.detail}")
            results = problem.results
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UploadError(f"{answer.url} answers {answer.status_code} and is no door for readings") from error
    if len(results) != expected:
        raise UploadError(f"{answer.url} answered {len(results)} of {expected} readings")
    return results


def _retry_after_s(answer: httpx.Response) -> float:
    text = answer.headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT_S) if text.isdecimal() else 0.0
