"""No text of 20,000 characters takes a parser over a second, at any door where texts come in."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import partial

import pytest

from lib import intake
from lib.core import milestones
from lib.core.months import parse
from lib.core.problems import DataError
from lib.core.targets import find_targets
from lib.core.units import parse_units
from lib.core.windows import WindowError, from_issue, parse_window, times_in
from lib.planning import understand
from lib.planning.columns import meaning_of
from lib.planning.document import Cell, Document, grid
from lib.planning.persons import without_persons
from lib.planning.readers import read_text
from lib.planning.unit_cells import join_lines
from tests.timing import is_quick

LENGTH = 20_000
SECONDS = 1
PIECES = [
    "甲  ",
    "甲—",
    "甲  甲—",
    "。由",
    "。由甲局牵头",
    "一、",
    "（一）",
    "第一条",
    "任务1：",
    "【甲局】",
    "（甲局；10月",
    "责任单位：",
    "项目名称：甲\n",
    "4月、",
    "1-2月",
    "一月份\n",
    "≥5",
    "各5名、",
    "其中1个",
    "王某（甲局）",
    "、（",
    "★",
    "①3月底前",
    "9" * 50,
    " ",
    "\n",
    "\t甲\n",
    ",",
    "局及",
]
QUICK = ("\n", "。由甲局牵头", "甲  甲—", "【甲局】", "第一条", "4月、")
"""Those that took a parser seconds once, or are nearest to it; the others are tried by night."""


def _doors(text):
    yield "times", lambda: times_in(text)
    yield "window", lambda: parse_window(text, 2024)
    yield "issue", lambda: from_issue(text, date(2024, 1, 1))
    yield "targets", lambda: find_targets(text)
    yield "units", lambda: parse_units(text, {})
    yield "lines", lambda: join_lines(text)
    yield "persons", lambda: without_persons(text)
    yield "steps", lambda: milestones.of_text(text)
    yield "header", lambda: meaning_of(text)
    yield "running text", lambda: understand(read_text(text), 2024)
    yield "pasted item", lambda: understand(read_text(f"1.甲{text}\n2.乙\n"), 2024)
    rows = [["序号", "工作任务", "责任单位", "完成时限"], ["1", text, text, text], [text] * 4]
    table = grid("表1", [[Cell(cell) for cell in row] for row in rows])
    yield "table", lambda: understand(Document("a.docx", (table,)), 2024)
    rows = [["乡镇", "公厕（座）"], [text, "1"], ["甲镇", text], ["乙镇", "3"]]
    places = grid("表1", [[Cell(cell) for cell in row] for row in rows])
    yield "places", lambda: understand(Document("a.docx", (places,)), 2024)


def _refusing(read):
    with suppress(DataError, WindowError):
        read()


@pytest.mark.parametrize(
    "piece",
    [pytest.param(piece, marks=[] if piece in QUICK else pytest.mark.thorough) for piece in PIECES],
)
def test_no_text_takes_a_parser_over_a_second(piece):
    text = (piece * (LENGTH // len(piece)))[:LENGTH]
    for door, read in _doors(text):
        assert is_quick(partial(_refusing, read), SECONDS), door


@pytest.mark.parametrize("piece", ["甲  甲—", "9" * 50, "（", "2018年", "1,", "约", "-", "七-"])
def test_no_cell_of_a_report_takes_the_check_over_a_second(shipped, piece):
    text = (piece * (LENGTH // len(piece)))[:LENGTH].replace(",", "，")
    header = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明"
    lines = [
        text,
        header,
        *(f"{text},2018-10,妇联,,,90,走访", f"八-2,{text},{text},{text},{text},{text},{text}"),
    ]
    content, month = "\n".join(lines).encode(), parse("2018-10")

    def check():
        intake.check(content, "a.csv", shipped, unit="妇联", month=month)

    assert is_quick(check, SECONDS)
