"""The list of pages."""

from __future__ import annotations

from lib.ui.kit.navigation import PAGES


def test_a_page_has_the_address_that_its_file_is_named_after():
    """Streamlit takes the first link of a new server for a file: another name was 没有这个页面."""
    assert [entry.file for entry in PAGES.values()] == [
        f"{entry.path or 'overview'}.py" for entry in PAGES.values()
    ]
