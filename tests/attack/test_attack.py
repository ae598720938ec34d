"""The whole attack: `python -m tests.attack` finds nothing."""

from __future__ import annotations

import pytest

from tests.attack.__main__ import main


@pytest.mark.thorough
def test_nothing_that_is_tried_works(capsys):
    assert main() == 0, capsys.readouterr().out
