"""The workbook: every number is the roll-up's, formulas hold the same values, sheets print on A4."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from lib.core import schema
from lib.core.rollup import COUNTS
from lib.core.settings import Settings
from lib.core.status import Status, mark
from lib.report import Material
from lib.report.workbook import workbook
from lib.report.xlsx_layout import HEAD_ROW
from lib.store import Attachment, Kind, Submission

# openpyxl does not keep what newer Excel adds to data bars; nothing here looks at them.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def content(material):
    return workbook(material)


@pytest.fixture(scope="module")
def values(content):
    return load_workbook(io.BytesIO(content), data_only=True)


@pytest.fixture(scope="module")
def formulas(content):
    return load_workbook(io.BytesIO(content))


def table(sheet):
    """Rows under the header as dictionaries; the total is the last one."""
    header = [cell.value for cell in sheet[HEAD_ROW + 1]]
    rows = []
    for row in sheet.iter_rows(min_row=HEAD_ROW + 2, values_only=True):
        if row[0] is None:
            break
        rows.append(dict(zip(header, row, strict=False)))
    return rows


def test_the_ledger_holds_every_task_with_its_figures(material, values):
    *rows, total = table(values["台账"])
    tasks = material.figures.tasks
    assert [row["任务编号"] for row in rows] == list(tasks["task_id"])
    for row, own in zip(rows, tasks.itertuples(), strict=True):
        assert row["状态"] == mark(str(own.status))
        assert row["完成率"] == pytest.approx(own.completion)
        assert row["序时进度"] == pytest.approx(own.planned_value)
        gap = (own.completion - own.planned_value) * 100
        assert row["差（百分点）"] == pytest.approx(gap)
    overall = material.figures.overall.iloc[0]
    assert total["完成率"] == pytest.approx(overall["earned_value"])
    assert total["序时进度"] == pytest.approx(overall["planned_value"])
    assert total["工作计划主要内容"] == f"{len(tasks)}项任务"


@pytest.mark.parametrize(("name", "by"), [("分类", "by_category"), ("单位", "by_unit")])
def test_roll_ups_are_those_of_the_pages(name, by, material, values):
    rows = {row[next(iter(row))]: row for row in table(values[name])}
    roll_up = getattr(material.figures, by)
    for group in roll_up.itertuples():
        row = rows[group.key]
        assert row["任务数"] == group.tasks
        assert row["完成率"] == pytest.approx(group.earned_value)
        assert row["序时进度"] == pytest.approx(group.planned_value)
        for status in Settings(0).states:  # no 核实 in this plan
            assert row[mark(status)] == getattr(group, COUNTS[status])


def test_sums_are_formulas_a_reader_can_follow(formulas):
    ledger = formulas["台账"]
    total = ledger.max_row
    assert ledger.cell(total, 8).value.startswith("=SUMPRODUCT(")
    assert formulas["分类"]["B4"].value.startswith("=COUNTIF(台账!")
    assert formulas["指标"]["H4"].value == "=MIN(1,D4/E4)"


def test_indicators_months_and_units_by_month(material, values):
    figures = material.figures
    shown = table(values["指标"])
    for row, own in zip(shown, figures.indicators.itertuples(), strict=True):
        assert (row["累计完成"], row["目标值"], row["计量单位"]) == (
            own.done,
            own.target,
            own.measure,
        )
        assert row["完成率"] == pytest.approx(own.completion)
    for row, own in zip(table(values["月度"]), figures.by_month.itertuples(), strict=True):
        assert row["序时进度"] == pytest.approx(own.planned_value)
        if own.month <= figures.selection.month:
            assert row["完成率"] == pytest.approx(own.earned_value)
            assert row["逾期（项）"] == own.overdue
        else:
            assert row["完成率"] is None
    wide = table(values["单位×月度"])
    for row in wide:
        for own in figures.unit_by_month.itertuples():
            if own.key == row["责任单位"] and own.month <= figures.selection.month:
                assert row[f"{own.month % 12 + 1}月"] == pytest.approx(own.earned_value)


def test_reports_and_reminders_are_listed_raw(material, values):
    figures = material.figures
    progress = figures.dataset.progress
    expected = progress[
        (progress["month"] <= figures.selection.month)
        & progress["task_id"].isin(figures.tasks["task_id"])
    ]
    shown = table(values["填报明细"])
    assert len(shown) == len(expected)
    quantity = schema.PROGRESS.headers["quantity"]
    assert sum(row[quantity] or 0 for row in shown) == expected["quantity"].sum()
    missing = table(values["催报清单"])
    assert len(missing) == len(figures.missing_reports)


def test_lights_are_conditional_formats(formulas):
    rules = [
        rule
        for ranges in formulas["台账"].conditional_formatting
        for rule in ranges.rules
        if rule.type == "containsText"
    ]
    assert {rule.text for rule in rules} == {str(status) for status in Status}


def test_charts_are_native(formulas):
    for name in ("分类", "单位", "月度"):
        assert len(formulas[name]._charts) == 1


def test_evidence_and_synthetic_data_are_told(september):
    item = Attachment("现场照片.jpg", "a" * 64, 2048, "image/jpeg", "二-1", "2018-09", "区农业局")
    sent = Submission(3, Kind.ATTACH, "张三", "区农业局", "2018-10-01T09:00", 0, 0, 0)
    material = Material(september, 3, ((sent, item),), date(2018, 10, 8))
    book = load_workbook(io.BytesIO(workbook(material)))
    (row,) = table(book["佐证材料"])
    assert (row["佐证材料"], row["大小（KB）"], row["上报记录"]) == ("现场照片.jpg", 2, "第3号")
    assert "演示数据" in book["台账"]["A2"].value
