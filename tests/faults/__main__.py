"""`python -m tests.faults [NAME ...]`: harm a real installation, account for every reading, print the table.

Exit status: 0 every promise held, 1 one was broken, 2 inconclusive (a fault did not bite, so nothing is proved).
"""

import argparse
import shutil
import sys
from pathlib import Path

from tests.faults.scene import Result, first
from tests.faults.suite import FAULTS, chosen, new_folder, run
from tests.faults.table import line, status, table


def main() -> int:
    """Parse the arguments, run, print; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only faults whose name holds one of these words")
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    parser.add_argument("--full", action="store_true", help="100,000 readings in all and faults as long as promised")
    parser.add_argument("--events", type=int, help="readings per fault instead of each fault's own number")
    parser.add_argument("--seed", type=int, default=None, help="repeat the moments and readings of an earlier run")
    parser.add_argument("--keep", type=Path, help="keep histories and logs in this folder")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(fault.name for fault in FAULTS))
        return 0
    try:
        faults = chosen(arguments.names, full=arguments.full)
    except ValueError as error:
        parser.error(str(error))
    folder = arguments.keep or new_folder()
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{len(faults)} faults; histories and logs in {folder}", file=sys.stderr)
    results = run(faults, folder, events=arguments.events, full=arguments.full, seed=arguments.seed, tell=_tell)
    print(table(results))
    print(line(results))
    if arguments.keep is None and status(results) == 0:
        shutil.rmtree(folder)
    return status(results)


def _tell(result: Result) -> None:
    words = result.broken or result.proof.words
    if result.verdict == "FAIL":
        words = f"{words}; {first(result.account.findings)}"
    print(f"{result.verdict:13}{result.fault}: {words} ({result.seconds:.0f} s)", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
