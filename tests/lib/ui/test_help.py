"""The help texts come with the package."""

from __future__ import annotations

import pytest

from lib.core.status import Flag, Status, mark
from lib.ui import help as texts


def test_the_help_explains_every_state_as_it_is_written():
    text = texts.text("help")
    for state in (*Status, *Flag):
        assert f"| {mark(state)} |" in text


@pytest.mark.parametrize("name", ["help", "rules"])
def test_a_help_text_begins_with_a_heading_below_the_page_title(name):
    assert texts.text(name).startswith("## ")
