"""Files of many units: each unit's part by itself."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from lib.core import months
from lib.intake import collecting
from tests.lib.intake.reports import GOOD, HEAD, PERCENT, text, with_cell

OCTOBER = months.parse("2018-10")


def test_one_file_is_split_by_unit_and_each_is_checked_by_itself(shipped):
    rows = [GOOD, PERCENT, with_cell(GOOD, "填报单位", "区天文局")]
    parts = collecting.split([("汇总.csv", text(*rows).encode())], shipped, OCTOBER)
    assert [(part.unit, len(part.checked.rows)) for part in parts] == [
        ("区党政办", 1),
        ("区农业局", 1),
        (collecting.NO_UNIT, 0),
    ]
    assert parts[0].is_good
    assert not parts[2].is_good


def test_a_sheet_for_each_unit_is_read_by_its_name(shipped):
    book = openpyxl.Workbook()
    head = [name for name in HEAD if name != "填报单位"]
    for title, row in (("区农业局", GOOD), ("区党政办", PERCENT)):
        sheet = book.create_sheet(title)
        sheet.append(head)
        sheet.append([cell for name, cell in zip(HEAD, row, strict=True) if name != "填报单位"])
    out = io.BytesIO()
    book.save(out)
    parts = collecting.split([("十月.xlsx", out.getvalue())], shipped, OCTOBER)
    assert {part.unit: len(part.checked.rows) for part in parts} == {"区农业局": 1, "区党政办": 1}


def test_what_two_files_report_is_taken_from_neither_without_a_word(shipped):
    files = [("甲.csv", text(PERCENT).encode()), ("乙.csv", text(PERCENT).encode())]
    first, second = collecting.split(files, shipped, OCTOBER)
    assert len(first.checked.rows) == 1
    assert second.checked.unusable
    assert "「甲.csv」也报了这一项" in second.checked.errors[0].problem


def test_what_did_not_fit_goes_back_as_a_marked_copy_for_each_unit(shipped):
    wrong = with_cell(PERCENT, "累计完成率", "大半")
    files = [("汇总.csv", text(GOOD, wrong).encode()), ("通知.pdf", b"%PDF-1.7")]
    parts = collecting.split(files, shipped, OCTOBER)
    with zipfile.ZipFile(io.BytesIO(collecting.copies(parts))) as archive:
        (name,) = archive.namelist()
        content = archive.read(name).decode("utf-8-sig")
    assert "区党政办" in name
    assert "不是数字" in content
    assert "区农业局" not in content
