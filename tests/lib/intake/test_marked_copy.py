"""The copy of a report with what is wrong written beside each row."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from lib import intake
from tests.lib.intake.reports import GOOD, PERCENT, book, text, with_cell


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_corrected_copy_tells_by_row_and_can_be_sent_again(shipped, kind):
    rows = [with_cell(GOOD, "本月完成", "x"), PERCENT]
    content = text(*rows).encode("gbk") if kind == "csv" else book(*rows)
    checked = intake.check(content, f"十月.{kind}", shipped)
    name, copy = intake.corrected_copy(checked, content)
    assert name == f"十月_校验结果.{kind}"
    again = intake.check(copy, name, shipped)
    assert again.findings == checked.findings
    assert "「本月完成」不是数字" in again.sheet.cells["校验结果"].iloc[0]
    assert again.sheet.cells["校验结果"].iloc[1] == ""
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
        assert sheet.cell(2, 5).fill.fgColor.rgb == "00F8D7DA"


def test_the_copy_keeps_every_character_and_is_still_refused(shipped):
    broken = [*with_cell(PERCENT, "进展说明", "发放三百份"), "走访四村", "登记二十六人"]
    content = ("区党政办填报表\r\n\r\n" + text(broken)).encode()
    checked = intake.check(content, "a.csv", shipped)
    name, copy = intake.corrected_copy(checked, content)
    assert all(
        word in copy.decode("utf-8-sig") for word in ("走访四村", "登记二十六人", "区党政办填报表")
    )
    again = intake.check(copy, name, shipped)
    assert [error.row for error in again.errors] == [4]


def test_merged_cells_of_a_workbook_lose_nothing_in_the_copy(shipped):
    workbook = openpyxl.load_workbook(io.BytesIO(book(with_cell(GOOD, "本月完成", "x"), PERCENT)))
    sheet = workbook.active
    sheet["H5"] = "填报人：孙某"
    sheet.merge_cells("H5:R6"), sheet.merge_cells("G3:K3")
    out = io.BytesIO()
    workbook.save(out)
    checked = intake.check(out.getvalue(), "a.xlsx", shipped)
    name, copy = intake.corrected_copy(checked, out.getvalue())
    marked = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert marked["H5"].value == "填报人：孙某"
    assert marked.sheet_view.selection[0].activeCell == "E2"
    assert "不是数字" in marked.cell(2, marked.max_column).value
    assert intake.check(copy, name, shipped).errors == checked.errors


def test_a_sheet_merged_over_all_its_cells_is_marked_without_making_them(shipped):
    content, out = book(with_cell(GOOD, "本月完成", "x")), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part_name in old.namelist():
            merged = (
                b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            )
            part = old.read(part_name)
            if part_name.startswith("xl/worksheets/"):
                part = part.replace(b"</sheetData>", merged)
            new.writestr(part_name, part)
    checked = intake.check(out.getvalue(), "a.xlsx", shipped)
    _, copy = intake.corrected_copy(checked, out.getvalue())
    assert len(copy) < 20_000
    assert openpyxl.load_workbook(io.BytesIO(copy)).active.max_row == 2
