"""The form that a unit fills in: its open tasks and indicators for one month, as .xlsx or .csv."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.core.progress import TOLERANCE, assess
from lib.files import csv_tables
from lib.intake.headers import FINDINGS

H = schema.PROGRESS.headers
CONTENT, WINDOW, MEASURE, TARGET, SO_FAR = (
    "工作计划主要内容",
    "计划完成时间",
    "计量单位",
    "目标值",
    "上月累计",
)
COLUMNS = [
    H["task_id"],
    CONTENT,
    WINDOW,
    H["month"],
    H["unit"],
    H["indicator"],
    MEASURE,
    TARGET,
    SO_FAR,
    H["quantity"],
    H["cumulative_percent"],
    H["note"],
    H["issues"],
    H["next_steps"],
    H["coordination"],
]
ENTRY = [
    H[name]
    for name in ("quantity", "cumulative_percent", "note", "issues", "next_steps", "coordination")
]
"""The columns to fill in; all others say what they are about."""

_WIDTHS = {
    CONTENT: 46,
    WINDOW: 12,
    H["indicator"]: 22,
    H["note"]: 30,
    H["issues"]: 24,
    H["next_steps"]: 24,
    H["coordination"]: 20,
    H["unit"]: 14,
}
_FONT = "微软雅黑"
_LINE = Border(*(Side(style="thin", color="CBD3DF") for _ in range(4)))
_SPARE_ROWS = 30
INSTRUCTIONS = "填写说明"


def entry_rows(dataset: Dataset, unit: str, month: int) -> pd.DataFrame:
    """Return what a unit has to report for a month, as texts under `COLUMNS`.

    One row per indicator of a quantified task, one per qualitative task: the unit's tasks that
    have begun and were not complete at the end of the month before, and those it has already
    reported for the month (with what it reported). 上月累计 is the sum of all units' reports of
    the indicator, or the unit's own 累计完成率, as of the month before.
    """
    assessed = assess(dataset, range(min(month - 1, dataset.axis.start), month + 1))
    own = assessed.units[(assessed.units["unit"] == unit)]
    before = own[own["month"] == month - 1].set_index("task_id")
    reports = dataset.progress
    mine = reports[(reports["unit"] == unit) & (reports["month"] == month)]
    open_ = before.index[(before["completion"] < 1 - TOLERANCE) & (before["start"] <= month)]
    wanted = [name for name in before.index if name in open_ or name in set(mine["task_id"])]
    done = assessed.indicators[assessed.indicators["month"] == month - 1]
    done = done.set_index(["task_id", "indicator"])["done"]
    rows = []
    for name in wanted:
        facts = dataset.tasks.loc[name]
        about = {
            H["task_id"]: name,
            CONTENT: facts["content"],
            WINDOW: facts["window_text"],
            H["month"]: months.text(month),
            H["unit"]: unit,
        }
        indicators = dataset.targets[dataset.targets["task_id"] == name]
        for one in indicators.itertuples():
            upper = "" if pd.isna(one.upper) else f"～{one.upper:g}"
            about_indicator = {
                H["indicator"]: one.indicator,
                MEASURE: one.measure,
                TARGET: f"{one.relation if one.relation == schema.AT_LEAST else ''}{one.target:g}{upper}",
                SO_FAR: f"{done[name, one.indicator]:g}{one.measure}",
            }
            rows.append({**about, **about_indicator, **_reported(mine, name, one.indicator)})
        if indicators.empty:
            so_far = {SO_FAR: wording.percent(before.at[name, "completion"], 0)}
            rows.append({**about, **so_far, **_reported(mine, name, "")})
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str").fillna("")


def _reported(mine: pd.DataFrame, task: str, indicator: str) -> dict[str, str]:
    same = mine[(mine["task_id"] == task) & (mine["indicator"] == indicator)]
    if same.empty:
        return {}
    texts: dict[str, str] = schema.PROGRESS.texts(same).iloc[0].to_dict()
    return {header: texts[header] for header in ENTRY}


def template_csv(dataset: Dataset, unit: str, month: int) -> bytes:
    """Return the form as a CSV file that Excel and WPS open (UTF-8 with BOM)."""
    return csv_tables.to_csv(csv_tables.escape(entry_rows(dataset, unit, month)))


def template_xlsx(dataset: Dataset, unit: str, month: int) -> bytes:
    """Return the form as a workbook: drop-downs, checked numbers, and a sheet of instructions."""
    rows = entry_rows(dataset, unit, month)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("填报")
    _write(sheet, [COLUMNS, *rows.to_numpy().tolist()])
    _style(sheet, rows)
    choices = book.create_sheet("选项")
    choices.sheet_state = "hidden"
    tasks = dataset.task_units.loc[dataset.task_units["unit"] == unit, "task_id"]
    targets = dataset.targets[dataset.targets["task_id"].isin(tasks)]
    axis = [months.text(one) for one in dataset.axis if one <= month]
    _validate(
        sheet, choices, len(rows), list(tasks), axis, [unit], list(targets["indicator"].unique())
    )
    _instruct(book.create_sheet(INSTRUCTIONS), unit, month, rows.empty)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Write texts; none becomes a formula. Numbers to be edited are written as numbers."""
    numbers = {COLUMNS.index(H["quantity"]), COLUMNS.index(H["cumulative_percent"])}
    for number, texts in enumerate(rows, start=1):
        for position, text in enumerate(texts):
            cell = sheet.cell(number, position + 1)
            if text and number > 1 and position in numbers:
                cell.value = float(text)
                cell.number_format = "General"
            elif text:
                _as_text(cell, text)


def _as_text(cell: Cell, text: str) -> None:
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"


def _style(sheet: Worksheet, rows: pd.DataFrame) -> None:
    head, entry, closed = (
        PatternFill("solid", fgColor=colour) for colour in ("1F4E9E", "FFFBE6", "EEF1F5")
    )
    for position, header in enumerate(COLUMNS, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = _WIDTHS.get(header, 11)
        cell = sheet.cell(1, position)
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = head
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        for number in range(2, len(rows) + 2):
            cell = sheet.cell(number, position)
            cell.font = Font(name=_FONT)
            cell.border = _LINE
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            quantified = bool(sheet.cell(number, COLUMNS.index(H["indicator"]) + 1).value)
            shut = H["cumulative_percent"] if quantified else H["quantity"]
            if header in ENTRY:
                cell.fill = closed if header == shut else entry
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _validate(
    sheet: Worksheet,
    choices: Worksheet,
    filled: int,
    tasks: list[str],
    axis: list[str],
    units: list[str],
    indicators: list[str],
) -> None:
    last = filled + 1 + _SPARE_ROWS
    lists = {H["task_id"]: tasks, H["month"]: axis, H["unit"]: units, H["indicator"]: indicators}
    for column, (header, values) in enumerate(lists.items(), start=1):
        if not values:
            continue
        for number, value in enumerate(values, start=1):
            _as_text(choices.cell(number, column), value)
        letter = get_column_letter(column)
        rule = DataValidation(
            type="list", formula1=f"选项!${letter}$1:${letter}${len(values)}", allow_blank=True
        )
        _add(sheet, rule, header, last, f"请从下拉列表中选择{header}")
    quantity = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
    _add(sheet, quantity, H["quantity"], last, "请填0或正数：本月新增的数量，不是累计数")
    percent = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
    _add(sheet, percent, H["cumulative_percent"], last, "请填0到100之间的数：到本月末的累计完成率")


def _add(sheet: Worksheet, rule: DataValidation, header: str, last: int, message: str) -> None:
    rule.allow_blank = True
    rule.errorTitle, rule.error = "填写有误", message
    rule.promptTitle, rule.prompt = header, message
    rule.showErrorMessage = rule.showInputMessage = True
    letter = get_column_letter(COLUMNS.index(header) + 1)
    rule.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(rule)


def _instruct(sheet: Worksheet, unit: str, month: int, nothing: bool) -> None:
    year, number = months.year_of(month), months.number_of(month)
    lines = [
        f"{unit}　{year}年{number}月　进展填报表",
        "",
        "1．只填浅黄色的格子；灰色的格子不用填，白色的格子是对照用的，不要改。",
        f"2．有指标的任务填「{H['quantity']}」：本月新增的数量，不是累计数；没有新增填0。",
        f"3．没有指标的任务填「{H['cumulative_percent']}」：到本月末一共完成了百分之几，0到100。",
        "4．「上月累计」是到上月末的数，供核对。几个单位共同负责的指标，是各单位之和；同一次活动只由一个单位填数量，其他单位填0。",
        f"5．「{H['note']}」写做了什么；有困难写在「{H['issues']}」「{H['next_steps']}」「{H['coordination']}」。",
        "6．本月没有进展、不想填的任务，整行不填即可，不影响其他行。",
        "7．要补填其他月份或其他任务，在下面的空行填写任务编号、月份、填报单位（有下拉列表）。",
        "8．保存后在看板的“填报”页上传（.xlsx 或 .csv 都可以）。有错误会指出是哪一格、怎么改；确认之前不写入。",
        f"9．上传后下载的校验文件多出一列「{FINDINGS}」，改好后可以直接再上传，不用删。",
    ]
    if nothing:
        lines.insert(2, "本单位到上月末没有未完成的任务，表中没有预填的行。")
    for position, line in enumerate(lines, start=1):
        cell = sheet.cell(position, 1, line)
        cell.font = Font(name=_FONT, bold=position == 1, size=14 if position == 1 else 11)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 100
