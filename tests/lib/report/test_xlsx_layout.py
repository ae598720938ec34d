"""The form of a workbook: sheets print on A4, text stays text, nothing selected still opens."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from lib.report import Material
from lib.report.workbook import workbook
from lib.report.xlsx_layout import HEAD_ROW
from tests.small_plans import as_of, plan, task

# openpyxl does not keep what newer Excel adds to data bars; nothing here looks at them.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def formulas(material):
    return load_workbook(io.BytesIO(workbook(material)))


def test_every_sheet_is_ready_to_read_and_print(formulas):
    for sheet in formulas.worksheets:
        assert sheet.freeze_panes.endswith(str(HEAD_ROW + 2)), sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.print_area
        assert sheet.print_title_rows == f"${HEAD_ROW + 1}:${HEAD_ROW + 1}"
        assert all(column.width > 4 for column in sheet.column_dimensions.values())
    assert formulas["台账"].auto_filter.ref


def test_text_of_data_is_never_a_formula():
    data = plan([task("1", "全年", content="=1+1"), task("2", "全年", content="http://甲")])
    book = load_workbook(io.BytesIO(workbook(Material(as_of(data, 3)))))
    assert book["台账"]["D4"].data_type == "s"
    assert book["台账"]["D4"].value == "=1+1"
    assert book["台账"]["D5"].hyperlink is None


def test_an_empty_selection_still_opens():
    data = plan([task("1", "全年")])
    book = load_workbook(io.BytesIO(workbook(Material(as_of(data, 1, category="没有")))))
    assert book["台账"]["A4"].value == "没有记录"
