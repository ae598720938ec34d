"""Milestones: from columns and steps, and the months at whose end they are due."""

from __future__ import annotations

import pytest

from lib.core import months
from lib.core.milestones import Milestone, due_months, from_text, of_column, of_text, to_text
from lib.core.windows import parse_window


@pytest.mark.parametrize(
    ("header", "period"),
    [
        ("第一季度", "2018-Q1"),
        ("三季度目标", "2018-Q3"),
        ("10月份", "2018-10"),
        ("上半年任务", "2018-06"),
        ("计划进度", ""),
    ],
)
def test_the_header_says_when(header, period):
    assert of_column(header, "完成招标。").period(2018) == period


def test_steps_of_a_cell():
    text = "①4月上旬前，完成立项。②7月底前，完成招标。③10月底前，主体开工。"
    steps = of_text(text)
    assert [step.period(2018) for step in steps] == ["2018-04", "2018-07", "2018-10"]
    assert from_text(to_text(steps)) == tuple(steps)
    assert of_text("10月底前完成") == []
    assert of_text("①加强领导；②落实责任") == []


def due(steps, window, end="2018-12"):
    read = parse_window(window, 2018)
    return [months.text(month) for month in due_months(steps, read, 2018, months.parse(end))]


def test_when_an_equal_part_is_due():
    quarters = [Milestone("第一季度", "选址"), Milestone("第三季度", "开工")]
    assert due(quarters, "全年") == ["2018-03", "2018-09", "2018-12"]
    assert due([Milestone("第四季度", "验收")], "11月底前", "2018-11") == ["2018-11"]
    assert due([], "每季度一次") == ["2018-03", "2018-06", "2018-09", "2018-12"]
    assert due([], "每半年") == ["2018-06", "2018-12"]
    assert due([], "每月") == []
    assert due([], "全年") == []
