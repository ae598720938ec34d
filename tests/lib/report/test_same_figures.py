"""Every paper says the figures that ``python -m lib.cli figures`` gives, in each of its places."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from docx import Document
from pptx import Presentation

from lib.core import months, wording
from lib.core.figures import Figures, Selection
from lib.core.status import Status, mark
from lib.report import Material
from lib.report.export import export
from lib.report.notices import document, notices
from lib.report.xlsx_layout import HEAD_ROW
from tests import cli_figures
from tests.conftest import ROOT

DATA = str(ROOT / "data")
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module", params=["2018-06", "2018-09"])
def month(request):
    return request.param


@pytest.fixture(scope="module")
def material(month, shipped):
    return Material(Figures(shipped, Selection(months.parse(month))))


@pytest.fixture(scope="module")
def expected(month):
    return cli_figures.figures(DATA, month)


@pytest.fixture(scope="module")
def by_task(month):
    return {row["task_id"]: row for row in cli_figures.records(DATA, month, "task")}


def words_of_slides(content):
    shapes = [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]
    texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    tables = [shape.table for shape in shapes if shape.has_table]
    return texts, [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def words_of_document(content):
    file = Document(io.BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    return text, [
        [[cell.text for cell in row.cells] for row in table.rows] for table in file.tables
    ]


def test_the_deck(material, expected):
    texts, tables = words_of_slides(export(material, "pptx"))
    for words in (expected.completion, expected.planned, f"{expected.late}项"):
        assert words in texts
    late = [row[0] for table in tables if table[0][-1] == "原因和下一步" for row in table[1:]]
    assert late.count(mark(Status.OVERDUE)) == expected.overdue
    assert late.count(mark(Status.BEHIND)) == expected.behind
    if expected.unreported:
        assert f"有{expected.unreported}项任务未报" in "\n".join(texts)


def test_the_briefing(material, expected, by_task):
    text, tables = words_of_document(export(material, "docx"))
    assert f"总体完成率{expected.completion}，序时进度{expected.planned}" in text
    assert f"共{expected.tasks}项任务" in text
    for count, status in ((expected.overdue, Status.OVERDUE), (expected.behind, Status.BEHIND)):
        assert (f"{status}{count}项" in text) == bool(count)
    every = next(table for table in tables if len(table) == expected.tasks + 1)
    states = [row[5] for row in every[1:]]
    assert sum(mark(Status.OVERDUE) in state for state in states) == expected.overdue
    assert sum(mark(Status.BEHIND) in state for state in states) == expected.behind
    for row, task in zip(every[1:], by_task.values(), strict=True):
        assert f"完成率{wording.percent(task['completion'])}" in row[6]


def test_the_notices(material, expected, by_task):
    called_for = notices(material)
    for status, count in ((Status.OVERDUE, expected.overdue), (Status.BEHIND, expected.behind)):
        late = {task for task, row in by_task.items() if row["status"] == status}
        assert len(late) == count
        assert late <= {notice.task_id for notice in called_for}
    for notice in called_for:
        task = by_task[notice.task_id]
        assert wording.percent(task["completion"]) in notice.progress_text
        assert wording.percent(task["planned_value"]) in notice.progress_text
    if called_for:
        _, (table,) = words_of_document(document(called_for[0]))
        assert called_for[0].progress_text in [row[1] for row in table]


def test_the_ledger(material, expected, by_task):
    book = openpyxl.load_workbook(io.BytesIO(export(material, "xlsx")), data_only=True)
    rows = list(book["台账"].iter_rows(min_row=HEAD_ROW + 2, values_only=True))
    *tasks, total = rows
    states = [row[6] for row in tasks]
    assert states.count(mark(Status.OVERDUE)) == expected.overdue
    assert states.count(mark(Status.BEHIND)) == expected.behind
    assert wording.percent(total[7]) == expected.completion
    assert wording.percent(total[8]) == expected.planned
    for row in tasks:
        assert row[7] == pytest.approx(by_task[row[0]]["completion"], abs=1e-6)
    silent = {row[0] for row in book["催报清单"].iter_rows(min_row=HEAD_ROW + 2, values_only=True)}
    if expected.unreported:
        assert len(silent) == expected.unreported


def test_the_web_page(material, expected, by_task):
    page = export(material, "html").decode()
    for words in (expected.completion, expected.planned):
        assert words in page
    table = page[page.index("<h2>全部任务</h2>") :]
    states = re.findall(r'<td class="state"[^>]*>([^<]+)</td>', table)
    assert states.count(mark(Status.OVERDUE)) == expected.overdue
    assert states.count(mark(Status.BEHIND)) == expected.behind
    shares = re.findall(r'<td class="number">([^<]+)</td>', table)[::2]
    assert shares == [wording.percent(task["completion"]) for task in by_task.values()]
