"""Material for papers: the shipped September, and a plan of sixty tasks."""

from __future__ import annotations

from datetime import date

import pytest

from lib.report import Material
from tests.small_plans import as_of, large


@pytest.fixture(scope="session", params=["22 tasks", "60 tasks"])
def material(request, september):
    figures = september if request.param == "22 tasks" else as_of(large(), 9)
    return Material(figures, 7, made=date(2018, 10, 8))


@pytest.fixture(scope="session")
def official(september):
    """The 22 official tasks, with the shipped reports."""
    return Material(september, 7, made=date(2018, 10, 8))
