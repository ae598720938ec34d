"""The upper office's own form: pointed at figures once, filled each month, nothing else touched."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from lib.core.problems import DataError
from lib.core.rollup import COUNTS
from lib.core.status import Status
from lib.report import upper_form
from lib.report.upper_form import Form, FormValues, Pointer, What, filled
from lib.report.upper_form_guess import guessed
from lib.store import open_store
from tests.lib.report.upper_forms import blank_form, opened, saved

SHEET = "进度表"
LOOKS = ("font", "border", "fill", "alignment")


@pytest.fixture(scope="module")
def form(shipped):
    return guessed(Form("上级表.xlsx", blank_form(shipped)), shipped)


@pytest.fixture(scope="module")
def values(official):
    return FormValues(official)


def test_headers_and_task_texts_say_what_cells_show(form):
    assert form.cells == {
        (SHEET, "D3"): Pointer(What.TARGET, "二-1", "到紫阳县对接的农业企业"),
        (SHEET, "E3"): Pointer(What.DONE, "二-1", "到紫阳县对接的农业企业", monthly=True),
        (SHEET, "F3"): Pointer(What.DONE, "二-1", "到紫阳县对接的农业企业"),
        (SHEET, "G3"): Pointer(What.COMPLETION, "二-1"),
        (SHEET, "H3"): Pointer(What.ISSUES, "二-1"),
        (SHEET, "D4"): Pointer(What.TARGET, "二-6", "合作对接会"),
        (SHEET, "E4"): Pointer(What.DONE, "二-6", "合作对接会", monthly=True),
        (SHEET, "F4"): Pointer(What.DONE, "二-6", "合作对接会"),
        (SHEET, "G4"): Pointer(What.COMPLETION, "二-6"),
        (SHEET, "H4"): Pointer(What.ISSUES, "二-6"),
        # A task without an indicator has no quantity: a share would spoil the column's sum.
        (SHEET, "G5"): Pointer(What.COMPLETION, "一-1"),
        (SHEET, "H5"): Pointer(What.ISSUES, "一-1"),
    }


def test_what_is_pointed_at_nothing_is_listed(form):
    assert "进度表!E5" in form.unmapped
    assert "进度表!F6" not in form.unmapped, "a formula is no empty cell"
    assert "进度表!B7" not in form.unmapped, "outside of the frame"
    assert not {"进度表!G3", "进度表!B1"} & set(form.unmapped)


def test_figures_are_filled_in_and_all_else_stays(form, official):
    done = filled(form, official)
    before, after = opened(form.content), opened(done.content)
    assert [after[cell].value for cell in ("D3", "E3", "F3", "G3")] == [10, 2, 8, 0.8]
    assert after["H4"].value == "对接会因档期再次推迟"
    assert after["H3"].value is None, "no problem is no text"
    assert done.empty == ()
    assert after["F6"].value == "=SUM(F3:F5)"
    assert after.merged_cells.ranges == before.merged_cells.ranges
    assert after.column_dimensions["B"].width == 50
    for row in before.iter_rows():
        for cell in row:
            same = after[cell.coordinate]
            assert same.number_format == cell.number_format
            assert all(repr(getattr(same, name)) == repr(getattr(cell, name)) for name in LOOKS)
            if (SHEET, cell.coordinate) not in form.cells:
                assert same.value == cell.value


def test_a_share_stands_as_the_cells_format_asks(form, official):
    form = form.pointed((SHEET, "C3"), Pointer(What.COMPLETION))
    sheet = opened(filled(form, official).content)
    total = official.figures.overall.iloc[0]
    assert sheet["C3"].value == round(total["earned_value"] * 100, 1)
    assert sheet["G3"].number_format == "0.0%"


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        (Pointer(What.TASKS), "tasks"),
        (Pointer(What.COMPLETED), COUNTS[Status.COMPLETED]),
        (Pointer(What.BEHIND), COUNTS[Status.BEHIND]),
        (Pointer(What.OVERDUE), COUNTS[Status.OVERDUE]),
        (Pointer(What.COMPLETION), "earned_value"),
        (Pointer(What.PLANNED), "planned_value"),
    ],
)
def test_sums_are_the_dashboards(values, official, pointer, name):
    assert values.of(pointer) == official.figures.overall.iloc[0][name]
    group = official.figures.by_category.iloc[1]
    of_category = Pointer(pointer.what, category=group["key"])
    assert values.of(of_category) == group[name]
    unit = official.figures.by_unit.iloc[2]
    assert values.of(Pointer(pointer.what, unit=unit["key"])) == unit[name]


def test_the_month_alone_is_what_it_added(values, official):
    figures = official.figures
    gain = (
        figures.overall.iloc[0]["earned_value"] - figures.previous.overall.iloc[0]["earned_value"]
    )
    assert values.of(Pointer(What.COMPLETION, monthly=True)) == pytest.approx(gain)
    row = figures.indicators[figures.indicators["task_id"] == "二-1"].iloc[0]
    assert values.of(Pointer(What.DONE, "二-1", row["indicator"])) == row["done"]
    assert values.of(Pointer(What.DONE, "二-1", row["indicator"], unit="没有")) == 0


def test_what_the_plan_has_not_is_left_empty_and_said(form, official):
    form = form.pointed((SHEET, "C3"), Pointer(What.STATUS, "九-9"))
    form = form.pointed((SHEET, "C4"), Pointer(What.DONE, "一-1"))
    done = filled(form, official)
    assert done.empty == ("进度表!C3（九-9 状态）", "进度表!C4（一-1 累计完成数量）")
    assert opened(done.content)["C3"].value is None


def test_texts_of_every_kind(values):
    assert values.of(Pointer(What.MONTH)) == "2018年9月"
    assert values.of(Pointer(What.STATUS, "二-6")) == "逾期"
    assert "合作对接会0／1次" in values.of(Pointer(What.WORDS, "二-6"))
    assert values.of(Pointer(What.STATUS)) is None
    assert values.of(Pointer(What.UNREPORTED)) == 3
    assert values.of(Pointer(What.GAP, "二-6")) == -100.0


def test_a_text_that_begins_like_a_formula_is_none(shipped, official):
    progress = official.figures.dataset.progress
    assert len(progress)
    form = Form("表.xlsx", blank_form(shipped)).pointed((SHEET, "C3"), Pointer(What.MONTH))
    sheet = opened(filled(form, official).content)
    assert (sheet["C3"].value, sheet["C3"].data_type) == ("2018年9月", "s")


@pytest.mark.parametrize(
    ("cell", "message"),
    [("F6", "是公式"), ("A1:B2", "不是一个单元格"), ("第三格", "不是单元格"), ("", "不是单元格")],
)
def test_a_cell_that_cannot_be_filled_is_refused(form, cell, message):
    with pytest.raises(DataError, match=message):
        form.pointed((SHEET, cell), Pointer(What.MONTH))
    with pytest.raises(DataError, match="没有工作表「别的」"):
        form.pointed(("别的", "A1"), Pointer(What.MONTH))


def test_a_cell_within_a_merge_stands_for_it(form):
    assert form.pointed((SHEET, "c1"), Pointer(What.MONTH)).cells[SHEET, "A1"].what == What.MONTH
    assert (SHEET, "G3") not in form.pointed((SHEET, "G3"), None).cells


def test_a_file_that_is_no_form_is_refused(shipped):
    for content in (b"no workbook", docx_bytes()):
        with pytest.raises(DataError, match=r"坏的\.xlsx"):
            Form("坏的.xlsx", content).place(SHEET, "A1")
    book = openpyxl.Workbook()
    book.active.title = SHEET
    out = io.BytesIO()
    merges = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with zipfile.ZipFile(io.BytesIO(saved(book))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if "worksheets/sheet" in name:
                part = part.replace(b"</sheetData>", b"</sheetData>" + merges)
                part = part.replace(b"<sheetData/>", b"<sheetData/>" + merges)
            new.writestr(name, part)
    with pytest.raises(DataError, match="合并的单元格太多"):
        Form("坏的.xlsx", out.getvalue()).place(SHEET, "A1")


def docx_bytes():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return out.getvalue()


def test_text_boxes_are_said_to_be_lost(shipped):
    content = blank_form(shipped)
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/drawings/drawing9.xml", "<xdr:wsDr><xdr:sp macro=''/></xdr:wsDr>")
    assert upper_form.lost(Form("表.xlsx", out.getvalue())) == ["文本框或图形"]
    assert upper_form.lost(Form("表.xlsx", content)) == []


def test_a_sheet_without_frame_has_its_blanks_right_of_names_and_below_headers(shipped):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["A3"], sheet["B3"] = (
        "任务",
        "完成率",
        "二-6",
        "二-1",
        1,
    )
    form = guessed(Form("表.xlsx", saved(book)), shipped)
    assert form.cells == {("Sheet", "B2"): Pointer(What.COMPLETION, "二-6")}
    assert form.unmapped == []


def test_a_form_is_kept_in_the_journal_until_it_is_replaced_or_removed(form, folder):
    store = open_store(folder)
    store.submit(upper_form.save(form, "张三"))
    (kept,) = upper_form.load(open_store(folder))
    assert (kept.cells, kept.content, kept.revision) == (form.cells, form.content, 1)
    store.submit(upper_form.save(form.pointed((SHEET, "G3"), None), "张三"))
    (kept,) = upper_form.load(store)
    assert (SHEET, "G3") not in kept.cells
    store.revert(2, "张三")
    assert upper_form.load(store)[0].cells == form.cells
    store.submit(upper_form.remove(form, "张三"))
    assert upper_form.load(store) == []
