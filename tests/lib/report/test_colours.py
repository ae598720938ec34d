"""Colours of papers: a cell takes the look of the state it begins with."""

from __future__ import annotations

import pytest

from lib.core.status import LOOKS, Status, mark
from lib.report.colours import status_look


@pytest.mark.parametrize("status", Status)
def test_a_cell_that_begins_with_a_state_has_its_look(status):
    assert status_look(f"{mark(status)} ◆") == LOOKS[status]


@pytest.mark.parametrize("text", ["", "逾期", "● 开展走访", "◆ 临期"])
def test_other_cells_have_none(text):
    assert status_look(text) is None
