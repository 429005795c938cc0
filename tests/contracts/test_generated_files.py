"""Generated files that are committed must say what the code says."""

import pytest

from standalone.openapi import documents, render
from standalone.settings_docs import page
from tests.server import ROOT


@pytest.mark.parametrize("name", ["inference", "ingest", "gateway"])
def test_the_openapi_document_is_current(name: str) -> None:
    committed = (ROOT / f"docs/openapi/{name}.json").read_text(encoding="utf-8")
    assert committed == render(documents()[name]), "run `make openapi`"


def test_the_settings_page_is_current() -> None:
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == page(), "run `make docs`"
