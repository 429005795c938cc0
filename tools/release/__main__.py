"""`python -m tools.release --version 1.2.3 --registry ghcr.io/example`: everything a release publishes, in `dist`."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from charts.tools.kit import install, path_of

from tools.release.files import NAME, ROOT, Release, changelog, checksums


def main() -> None:
    """Write the files and say which. Status 1 with one sentence for a wrong word or a missing tool."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--registry", required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    if failed := install(["helm4"]):
        sys.exit(f"release: {failed['helm4']}")
    try:
        release = Release(options.version, options.registry)
    except ValueError as error:
        sys.exit(f"release: {error}")
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        for chart in ("kafka", NAME):
            laid_out = release.lay_out_chart(chart, Path(folder))
            subprocess.run(
                [path_of("helm"), "package", laid_out, "-d", options.out], check=True, stdout=subprocess.DEVNULL
            )
    (options.out / f"{NAME}-{release.version}.tar.gz").write_bytes(release.archive())
    (options.out / "CHANGELOG.md").write_text(changelog(release.version))
    published = [file for file in options.out.iterdir() if file.suffix in (".tgz", ".gz")]
    (options.out / "SHA256SUMS").write_text(checksums(published))
    sys.stdout.write((options.out / "SHA256SUMS").read_text())


if __name__ == "__main__":
    main()
