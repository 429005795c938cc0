"""A stream worker whose scoring never ends once a file exists: `python -m tests.faults.stuck FILE`.

It is the real service with this one difference. Its other threads go on, so it stays a living member of its group.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import inference.__main__
from chassis.assessment import Assessment
from inference.predictor import Predictor
from models.reading import Reading


def main(file: Path) -> None:
    """Run `inference stream`, stuck while `file` exists."""
    assess = Predictor.assess

    def stuck(self: Predictor, readings: Sequence[Reading]) -> list[Assessment]:
        while file.exists():
            time.sleep(0.01)
        return assess(self, readings)

    Predictor.assess = stuck  # type: ignore[method-assign]
    sys.argv[1:] = ["stream"]
    inference.__main__.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
