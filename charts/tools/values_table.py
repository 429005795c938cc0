"""Writes the values tables into the charts' READMEs: `python -m charts.tools.values_table`; `--check` compares.

A row for each key of `values.yaml`, with the comment above it. A key without one is explained by its parent's.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHARTS = Path(__file__).resolve().parents[1]
NAMES = ("predictive-maintenance", "kafka")
BEGIN, END = "<!-- values: written by charts/tools/values_table.py -->", "<!-- end of values -->"
_KEY = re.compile(r"( *)([A-Za-z][A-Za-z0-9-]*):(?: (.*))?$")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a values file: its path, its default as written (empty for a map of further keys), its comment."""

    path: str
    default: str
    meaning: str


def keys(text: str) -> Iterator[Key]:
    """The keys of a values file in their order. Block style below a key, flow style as one default."""
    stack: list[tuple[int, str]] = []
    comment: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            comment.append(line.strip("# "))
            continue
        found = _KEY.match(line)
        if found is None:
            # A blank line ends a comment that belongs to no key; list items belong to the key above.
            comment = []
            continue
        depth = len(found[1])
        while stack and stack[-1][0] >= depth:
            stack.pop()
        stack.append((depth, found[2]))
        yield Key(".".join(name for _, name in stack), found[3] or "", " ".join(comment))
        comment = []


def table(text: str) -> str:
    """The Markdown table of a values file."""
    rows = ["| key | default | meaning |", "| --- | --- | --- |"]
    for key in keys(text):
        default = f"`{key.default}`" if key.default else ""
        if default or key.meaning:
            rows.append(f"| `{key.path}` | {default} | {key.meaning.replace('|', '/')} |")
    return "\n".join(rows)


def readme(name: str) -> str:
    """The README of a chart with its table of now. Raises ValueError when the README has no place for one."""
    before, begin, rest = (CHARTS / name / "README.md").read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"charts/{name}/README.md lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n{table((CHARTS / name / 'values.yaml').read_text())}\n{END}{after}"


def main() -> None:
    """Write the tables, or with `--check` end with 1 when one is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, end with 1 when a table is out of date")
    check = parser.parse_args().check
    for name in NAMES:
        file, text = CHARTS / name / "README.md", readme(name)
        if check and file.read_text() != text:
            sys.exit(f"{file.relative_to(CHARTS.parent)} is out of date; run `make docs`")
        if not check:
            file.write_text(text)


if __name__ == "__main__":
    main()
