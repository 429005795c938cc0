"""The table of a run of the suite, for people, and its line for programs."""

import json
from collections.abc import Sequence

from tests.faults.checker import KINDS
from tests.faults.scene import Result, first

_HEAD = ("fault", "accepted", "stored", "dead", "redel.", *(kind for kind in KINDS), "verdict", "seconds", "proof")


def table(rows: Sequence[Result]) -> str:
    """The rows as aligned text, findings below."""
    lines = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    for row in rows:
        if row.broken:
            text.append(f"{row.fault}: {row.broken}")
        if row.account.findings and not row.is_control:
            text.append(f"{row.fault}: {first(row.account.findings)}")
    return "\n".join(text)


def _cells(row: Result) -> tuple[str, ...]:
    account = row.account
    counts = (account.accepted, account.stored, account.dead, account.redelivered, *map(account.count, KINDS))
    verdict = row.verdict if row.tries == 1 else f"{row.verdict} (try {row.tries})"
    return (row.fault, *map(str, counts), verdict, f"{row.seconds:.0f}", row.proof.words)


def line(rows: Sequence[Result]) -> str:
    """One JSON object with the sums over all but the controls, and the verdict of each fault."""
    verdicts = {row.fault: row.verdict for row in rows}
    rows = [row for row in rows if not row.is_control]
    return json.dumps(
        {
            "accepted": sum(row.account.accepted for row in rows),
            "stored": sum(row.account.stored for row in rows),
            "dead": sum(row.account.dead for row in rows),
            "redelivered": sum(row.account.redelivered for row in rows),
            **{kind.lower(): sum(row.account.count(kind) for row in rows) for kind in KINDS},
            "seconds": round(sum(row.seconds for row in rows)),
            "verdicts": verdicts,
        }
    )


def status(rows: Sequence[Result]) -> int:
    """Exit status: 1 when a promise was broken, 2 when a fault did not bite, else 0."""
    verdicts = {row.verdict for row in rows}
    return 1 if "FAIL" in verdicts else 2 if "inconclusive" in verdicts else 0
