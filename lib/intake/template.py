"""The form that a unit fills in: its open tasks and indicators for one month, as .xlsx or .csv."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.core.gap import TOLERANCE
from lib.core.progress import assess
from lib.files import csv_tables
from lib.intake.headers import ENTRY, FINDINGS, SO_FAR, H, P, T

CONTENT, WINDOW = P["content"], P["window_text"]
MEASURE, TARGET = T["measure"], T["target"]
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
    *ENTRY,
]
INSTRUCTIONS = "填写说明"

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
_SPARE_ROWS = 30
_FONT = {"font_name": "微软雅黑", "font_size": 11, "text_wrap": True, "valign": "vcenter"}
_HEAD = {**_FONT, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E9E", "align": "center"}
_CELL = {**_FONT, "border": 1, "border_color": "#CBD3DF"}
_OPEN, _CLOSED = {"bg_color": "#FFFBE6"}, {"bg_color": "#EEF1F5"}


def entry_rows(dataset: Dataset, unit: str, month: int) -> pd.DataFrame:
    """Return what a unit has to report for a month, as texts under `COLUMNS`.

    One row per indicator of a quantified task, one per qualitative task: the unit's tasks that
    have begun and were not complete at the end of the month before, and those it has already
    reported for the month (with what it reported). 上月累计 is the sum of all units' reports of
    the indicator, or the unit's own 累计完成率, as of the month before.
    """
    assessed = assess(dataset, range(min(month - 1, dataset.axis.start), month + 1))
    own = assessed.units[assessed.units["unit"] == unit]
    before = own[own["month"] == month - 1].set_index("task_id")
    reports = dataset.progress
    mine = reports[(reports["unit"] == unit) & (reports["month"] == month)]
    open_ = before.index[(before["completion"] < 1 - TOLERANCE) & (before["start"] <= month)]
    tasks = before.index[before.index.isin([*open_, *mine["task_id"]])]
    earlier = reports[reports["month"] < month]
    done = earlier.groupby(["task_id", "indicator"])["quantity"].sum()
    rows = []
    for task_id in tasks:
        task = dataset.tasks.loc[task_id]
        about = {
            H["task_id"]: task_id,
            CONTENT: task["content"],
            WINDOW: task["window_text"],
            H["month"]: months.text(month),
            H["unit"]: unit,
        }
        indicators = dataset.reported[dataset.reported["task_id"] == task_id]
        for indicator in indicators.itertuples():
            is_bound = indicator.relation in (schema.AT_LEAST, schema.AT_MOST)
            bound = indicator.relation if is_bound else ""
            upper = "" if pd.isna(indicator.upper) else f"～{indicator.upper:g}"
            about_indicator = {
                H["indicator"]: indicator.indicator,
                MEASURE: indicator.measure,
                TARGET: "" if indicator.rate else f"{bound}{indicator.target:g}{upper}",
                SO_FAR: f"{done.get((task_id, indicator.indicator), 0):g}{indicator.measure}",
            }
            reported = _reported(mine, task_id, indicator.indicator)
            rows.append({**about, **about_indicator, **reported})
        if indicators.empty:
            so_far = {SO_FAR: wording.percent(before.at[task_id, "completion"], 0)}
            rows.append({**about, **so_far, **_reported(mine, task_id, "")})
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
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, choices = book.add_worksheet("填报"), book.add_worksheet("选项")
    choices.hide()
    text = book.add_format({"num_format": "@"})
    _write(book, sheet, rows)
    tasks = dataset.task_units.loc[dataset.task_units["unit"] == unit, "task_id"]
    indicators = dataset.reported.loc[dataset.reported["task_id"].isin(tasks), "indicator"]
    lists = {
        H["task_id"]: list(tasks),
        H["month"]: [months.text(ordinal) for ordinal in dataset.axis if ordinal <= month],
        H["unit"]: [unit],
        H["indicator"]: list(indicators.unique()),
    }
    last = len(rows) + _SPARE_ROWS
    for column, (header, values) in enumerate(lists.items()):
        if values:
            choices.write_column(0, column, values, text)
            letter = xl_col_to_name(column)
            source = f"=选项!${letter}$1:${letter}${len(values)}"
            rule = {"validate": "list", "source": source}
            _validate(sheet, header, last, f"请从下拉列表中选择{header}", rule)
    quantity = {"validate": "decimal", "criteria": ">=", "value": 0}
    _validate(sheet, H["quantity"], last, "请填0或正数：本月新增的数量，不是累计数", quantity)
    percent = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    message = "请填0到100之间的数：到本月末的累计完成率"
    _validate(sheet, H["cumulative_percent"], last, message, percent)
    instructions = book.add_worksheet(INSTRUCTIONS)
    instructions.set_column(0, 0, 100)
    for row, line in enumerate(_instructions(unit, month, nothing=rows.empty)):
        title = {} if row else {"bold": True, "font_size": 14}
        instructions.write_string(
            row, 0, line, book.add_format({**_FONT, "valign": "top", **title})
        )
    book.close()
    return out.getvalue()


def _write(book: Any, sheet: Any, rows: pd.DataFrame) -> None:
    """Write the rows as texts, none of them a formula; numbers to be edited as numbers."""
    numbers = (H["quantity"], H["cumulative_percent"])
    head = book.add_format(_HEAD)
    for column, header in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(header, 11))
        sheet.write_string(0, column, header, head)
        texts = {"num_format": "General" if header in numbers else "@"}
        as_is, open_, closed = (
            book.add_format({**_CELL, **texts, **fill}) for fill in ({}, _OPEN, _CLOSED)
        )
        for row, cells in enumerate(rows.to_dict("records"), start=1):
            other = H["cumulative_percent"] if cells[H["indicator"]] else H["quantity"]
            look = as_is if header not in ENTRY else closed if header == other else open_
            if not cells[header]:
                sheet.write_blank(row, column, None, look)
            elif header in numbers:
                sheet.write_number(row, column, float(cells[header]), look)
            else:
                sheet.write_string(row, column, cells[header], look)
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _validate(sheet: Any, header: str, last: int, message: str, rule: dict[str, Any]) -> None:
    """Hold a column to a rule, from the first row to row ``last`` (counted from 0)."""
    column = COLUMNS.index(header)
    texts = {
        "input_title": header,
        "input_message": message,
        "error_title": "填写有误",
        "error_message": message,
    }
    sheet.data_validation(1, column, last, column, {**rule, **texts})


def _instructions(unit: str, month: int, *, nothing: bool) -> list[str]:
    year, number = months.year_of(month), months.number_of(month)
    lines = [
        f"{unit}　{year}年{number}月　进展填报表",
        "",
        "1．只填浅黄色的格子；灰色的格子不用填，白色的格子是对照用的，不要改。",
        f"2．有指标的任务填「{H['quantity']}」：本月新增的数量，不是累计数；没有新增填0。",
        f"3．没有指标的任务填「{H['cumulative_percent']}」：到本月末一共完成了百分之几，0到100。",
        "4．「上月累计」是到上月末的数，供核对。几个单位共同负责的指标，是各单位之和；同一次活动只由一个单位填数量，其他单位填0。",
        f"5．「{H['note']}」写做了什么；有困难写在「{H['issues']}」「{H['next_steps']}」「{H['coordination']}」。",
        "　　比率填两行：分子和分母（如 已支付、到位）；写着“其中”的，不能超过总数；“不超过”的，没有发生也要填0。",
        "6．本月没有进展、不想填的任务，整行不填即可，不影响其他行。",
        "7．要补填其他月份或其他任务，在下面的空行填写任务编号、月份、填报单位（有下拉列表）。",
        "8．保存后在看板的“填报”页上传（.xlsx 或 .csv 都可以）。有错误会指出是哪一格、怎么改；确认之前不写入。",
        f"9．上传后下载的校验文件多出一列「{FINDINGS}」，改好后可以直接再上传，不用删。",
    ]
    if nothing:
        lines.insert(2, "本单位到上月末没有未完成的任务，表中没有预填的行。")
    return lines
