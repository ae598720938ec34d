"""Months as people and spreadsheets write them."""

from __future__ import annotations

import pytest

from lib.core import months
from lib.intake import cells


@pytest.mark.parametrize(
    "written",
    [
        "2018-10",
        "2018/10",
        "2018.10",
        "2018年10月",
        "10月",
        "10",
        "１０月",
        "201810",
        "2018-10-01",
        "2018/10/1",
        "2018年10月1日",
        "2018 年 10 月",
        "Oct-18",
        "18-Oct",
        "10月份",
        "2018-10-01 00:00:00",
        "十月",
        "10月底",
        "10月31日",
        "18年10月",
        "2018年十月",
        "二〇一八年十月",
        "43374",
        "43404",
    ],
)
def test_months_as_people_write_them(written):
    assert months.text(cells.read_month(written, 2018)) == "2018-10"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "13月",
        "2018-13",
        "0月",
        "十月份吧",
        "2018",
        "abc",
        "2018-1x",
        "2018-110",
        "2018-10-45",
        "2018-101",
        "1-10月",
    ],
)
def test_what_is_no_month(written):
    assert cells.read_month(written, 2018) is None
