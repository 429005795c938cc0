"""Takes the pictures of the documents from a running server with a demo fleet: `make screenshots`."""

import tempfile
from pathlib import Path

from tests.browser.chromium import run_script
from tests.server import Standalone


def main() -> None:
    """Start a server with fifty machines, let the script wait for something to see, and write docs/images."""
    with tempfile.TemporaryDirectory() as folder:
        server = Standalone(Path(folder) / "state", fleet=50)
        try:
            server.start()
            run_script("screenshots.mjs", server.url, 600)
        finally:
            server.end()


if __name__ == "__main__":
    main()
