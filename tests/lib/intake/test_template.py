"""The form that a unit fills in."""

from __future__ import annotations

import io

import openpyxl
import pytest

from lib import intake
from lib.core import months
from tests.lib.intake.reports import text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("unit", ["区人社局", "区商务局", "妇联", "区农业局"])
def test_the_template_filled_in_goes_through(shipped, unit, kind):
    month = months.parse("2018-10")
    make = intake.template_csv if kind == "csv" else intake.template_xlsx
    empty = intake.check(make(shipped, unit, month), f"a.{kind}", shipped, unit=unit, month=month)
    assert [error.problem for error in empty.errors] == ["没有填写任何一行"]
    rows = intake.entry_rows(shipped, unit, month)
    assert len(rows)
    quantified = rows["指标"] != ""
    filled = rows.assign(
        **{
            "本月完成": quantified.map({True: "1", False: ""}),
            "累计完成率": quantified.map({True: "", False: "100"}),
        }
    )
    content = text(*filled.to_numpy().tolist(), head=list(filled.columns)).encode("gbk")
    checked = intake.check(content, "a.csv", shipped, unit=unit, month=month)
    assert not checked.errors, checked.table().to_string()
    assert len(checked.rows) == len(rows)


def test_the_template_is_checked_by_excel_and_explains_itself(shipped):
    content = intake.template_xlsx(shipped, "区人社局", months.parse("2018-10"))
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == ["填报", "选项", "填写说明"]
    sheet = workbook["填报"]
    rules = {rule.prompt: rule for rule in sheet.data_validations.dataValidation}
    assert {rule.type for rule in rules.values()} == {"list", "decimal"}
    so_far = {
        row[0].value + (row[5].value or ""): row[8].value for row in sheet.iter_rows(min_row=2)
    }
    assert so_far["七-3有组织劳务对接"] == "420人次"
    assert so_far["七-1"].endswith("%")
    assert sheet.freeze_panes == "B2"
    assert "浅黄色" in workbook["填写说明"]["A3"].value


def test_the_template_shows_what_was_reported_for_the_month(shipped):
    rows = intake.entry_rows(shipped, "区农业局", months.parse("2018-09"))
    mine = shipped.progress[
        (shipped.progress["unit"] == "区农业局")
        & (shipped.progress["month"] == months.parse("2018-09"))
    ]
    assert len(mine)
    assert set(mine["task_id"]) <= set(rows["任务编号"])
    assert set(mine["note"]) <= set(rows["进展说明"])
