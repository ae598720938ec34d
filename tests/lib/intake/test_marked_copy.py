"""The copy of a report with what is wrong written beside each row."""

from __future__ import annotations

import io

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
