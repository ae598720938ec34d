"""Material for papers: the shipped September, and a plan of a hundred and twenty tasks."""

from __future__ import annotations

from datetime import date

import pytest

from lib.core import months
from lib.core.figures import Figures, Selection
from lib.report import Material
from tests.small_plans import as_of, large, plan, task

DAY = date(2018, 10, 8)


@pytest.fixture(scope="session", params=["22 tasks", "120 tasks"])
def material(request, september):
    figures = september if request.param == "22 tasks" else as_of(large(120), 9)
    return Material(figures, 7, made=DAY)


@pytest.fixture(scope="session")
def official(september):
    """The 22 official tasks, with the shipped reports."""
    return Material(september, 7, made=DAY)


def silent_plan():
    """A plan nobody has reported on."""
    return plan(
        [
            task("一-1", "全年", "区农业局", category="产业帮扶"),
            task("一-2", "3月", "区商务局", category="产业帮扶"),
            task("二-1", "6月", "妇联", category="爱心帮扶"),
        ]
    )


@pytest.fixture(
    scope="session", params=["shipped", "120 tasks", "silent month", "no report", "no task"]
)
def any_material(request, september):
    """Whatever a deck or paper may be asked for."""
    figures = {
        "shipped": lambda: september,
        "120 tasks": lambda: as_of(large(120), 9),
        "silent month": lambda: Figures(september.dataset, Selection(months.parse("2018-10"))),
        "no report": lambda: as_of(silent_plan(), 4),
        "no task": lambda: as_of(silent_plan(), 4, category="没有"),
    }[request.param]()
    return Material(figures, 7, made=DAY)
