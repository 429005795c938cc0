"""The commands with which the documents install our charts, on the client's side: files, options and values exist."""

import re
from pathlib import Path

import pytest
from charts.tools.kit import path_of

from tests.documents import ROOT, Block, marked, run

pytestmark = [pytest.mark.chart, pytest.mark.timeout(600)]
# What a block may ask for that only the client has to answer; all else would need a cluster and is an error here.
_SHIM = """#!/usr/bin/env bash
for word; do
  case $word in
    {verb}) exec {program} "$@" --dry-run=client ;;
  esac
done
echo "needs a cluster: $0 $*" >&2
exit 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like a checkout, with the files of the reader that the commands name, and both programs on the path."""
    (tmp_path / "charts").symlink_to(ROOT / "charts")
    for program, verb in {"helm": "install", "kubectl": "create"}.items():
        shim = tmp_path / "bin" / program
        shim.parent.mkdir(exist_ok=True)
        shim.write_text(_SHIM.format(verb=verb, program=path_of(program)))
        shim.chmod(0o755)
    (tmp_path / "images.yaml").write_text(_images())
    for name in ("ca.crt", "ingest.password", "inference-stream.password", "gateway.password"):
        (tmp_path / name).write_text("a test's own")
    return tmp_path


def _images() -> str:
    """The values that the reader is told to write, with the words in capitals filled in."""
    found = re.search(r"^```yaml\n(# images\.yaml\n.*?)^```$", (ROOT / "docs/install.md").read_text(), re.M | re.S)
    assert found is not None
    return found[1].replace("REGISTRY", "registry.example.org").replace("TAG", "1.2.3")


@pytest.mark.parametrize("block", marked("run: rendered"), ids=lambda block: block.name)
def test_block_is_right_for_the_charts(block: Block, folder: Path) -> None:
    done = run(f'PATH="{folder}/bin:$PATH"\n{block.text}', folder)
    releases = len(re.findall(r"\bhelm install\b", block.text))
    assert releases >= 1
    assert done.stdout.count("\nMANIFEST:\n") == releases
    if "-f images.yaml" in block.text:
        assert "registry.example.org/pm-" in done.stdout
        assert ":1.2.3" in done.stdout
