"""Material for papers: the shipped September, and a plan of a hundred and twenty tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lib.core import months
from lib.core.figures import Figures, Selection
from lib.core.matters import Act, Step
from lib.report import Material
from tests.small_plans import as_of, large, plan, task

DAY = date(2018, 10, 8)


@pytest.fixture(scope="session")
def materials(official):
    """Material by the number of tasks."""
    return {"22 tasks": official, "120 tasks": Material(as_of(large(120), 9), 7, made=DAY)}


@pytest.fixture(scope="session", params=["22 tasks", "120 tasks"])
def size(request):
    return request.param


@pytest.fixture(scope="session")
def material(size, materials):
    return materials[size]


@pytest.fixture(scope="session")
def official(september):
    """The 22 official tasks, with the shipped reports."""
    return Material(september, 7, made=DAY)


@pytest.fixture(scope="session")
def with_words(september):
    """September with units' own words on two late tasks; what is at 100 % is to be verified."""
    data = september.dataset
    steps = tuple(
        Step(
            "", Act.OUTLOOK, "2018-10-03 09:00", "张三", unit, words, task_id=task, outlook=outlook
        )
        for task, unit, outlook, words in (
            ("二-6", "区经发局", "能按期", "名单已到"),
            ("二-4", "区商务局", "有风险", ""),
        )
    )
    data = replace(data, task_steps=steps, settings=replace(data.settings, verify=True))
    return Material(Figures(data, september.selection), 7, made=DAY)


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
