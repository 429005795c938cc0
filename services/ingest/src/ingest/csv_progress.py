"""How far an upload has come, kept in a small file so that an interrupted one goes on where it stopped."""

import hashlib
from pathlib import Path

import msgspec

_SAMPLES = 3
_CHUNK = 2**20


class Progress(msgspec.Struct):
    """`rows` of the file are dealt with. `refused` counts by code; `samples` has the first refused rows of each."""

    job: str
    rows: int = 0
    accepted: int = 0
    refused: dict[str, int] = {}
    samples: dict[str, list[str]] = {}

    def accept(self) -> None:
        """Count an acknowledged row."""
        self.accepted += 1

    def refuse(self, row: int, code: str, detail: str) -> None:
        """Count a refused row; `row` counts from 1, without the header."""
        self.refused[code] = self.refused.get(code, 0) + 1
        shown = self.samples.setdefault(code, [])
        if len(shown) < _SAMPLES:
            shown.append(f"row {row}: {detail}")

    def summary(self) -> str:
        """What became of the rows, for a person."""
        refused = sum(self.refused.values())
        lines = [f"{self.rows} rows: {self.accepted} accepted, {refused} refused"]
        for code, count in sorted(self.refused.items(), key=lambda pair: -pair[1]):
            lines.append(f"  {code}: {count}")
            lines += [f"    {sample}" for sample in self.samples[code]]
            if count > len(self.samples[code]):
                lines.append(f"    and {count - len(self.samples[code])} more")
        return "\n".join(lines)


class ProgressFile:
    """The progress of one job in the file `path`. A file of another job, or one that is damaged, does not count."""

    def __init__(self, path: Path, job: str) -> None:
        self.path, self._job = path, job

    def load(self) -> Progress:
        """The stored progress of this job, else none yet. Raises OSError when the file is there but cannot be read."""
        try:
            stored = msgspec.json.decode(self.path.read_bytes(), type=Progress)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return Progress(self._job)
        return stored if stored.job == self._job else Progress(self._job)

    def save(self, progress: Progress) -> None:
        """Replace the file at once, so that a kill leaves the old or the new one. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.draft")
        draft.write_bytes(msgspec.json.encode(progress))
        draft.replace(self.path)

    def remove(self) -> None:
        """The job is done."""
        self.path.unlink(missing_ok=True)


def digest_and_lines(path: Path) -> tuple[str, int]:
    """SHA-256 of the file as hex, and its number of line ends. Raises OSError."""
    digest, lines = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            lines += chunk.count(b"\n")
    return digest.hexdigest(), lines
