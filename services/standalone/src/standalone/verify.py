"""`pm-verify record.json`: decide an alarm again, offline, from its decision record and the model. Wiring only.

Prints `same` and ends with 0, or `differs` with the first difference and 1; 2 when there is nothing to compare with.
"""

import argparse
import sys
from pathlib import Path

from gateway.alarms.record_check import first_difference
from inference.recomputation import OtherModel, Recomputation
from inference.settings import InferenceSettings
from models.artifact import ArtifactError, load
from models.profile import ProfileError, load_profile


def main() -> None:
    """Read the arguments, compare, say what was found."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit status; the answer is printed."""
    options = _options(arguments)
    try:
        profile = load_profile(options.equipment)
        recomputation = Recomputation(profile, load(options.artifact, profile))
        documents = [(path, path.read_bytes()) for path in options.record]
        differing = [path for path, document in documents if _differs(path, document, recomputation)]
    except (ProfileError, ArtifactError, OtherModel, OSError) as error:
        print(f"pm-verify: {error}", file=sys.stderr)
        return 2
    return 1 if differing else 0


def _differs(path: Path, document: bytes, recomputation: Recomputation) -> bool:
    difference = first_difference(document, recomputation.judged_again)
    if difference is None:
        print(f"{path}: same")
        return False
    print(f"{path}: differs at {difference.pointer or '/'}: {difference.why}")
    return True


def _options(arguments: list[str]) -> argparse.Namespace:
    usual = InferenceSettings.model_fields
    parser = argparse.ArgumentParser(prog="pm-verify", description=__doc__)
    parser.add_argument("record", type=Path, nargs="+", help="file with the answer of /gateway/alarms/{id}/record")
    parser.add_argument("--artifact", type=Path, default=usual["artifact"].default, help="directory of the model")
    parser.add_argument("--equipment", default="milling", help="equipment profile: a name that ships, or a YAML file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
