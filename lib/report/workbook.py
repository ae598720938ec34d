"""The month as a workbook (.xlsx): 台账, roll-ups, indicators, reports, with formulas and charts.

Sums and averages are formulas over the 台账, with the dashboard's value stored as their result,
so that a reader can follow them and every program shows the same number.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from lib.core import findings, schema, views
from lib.core.figures import flag_lists
from lib.core.gap import TOLERANCE
from lib.core.status import Status, mark
from lib.report.briefing import completion_words
from lib.report.material import Material, Progress, unheard
from lib.report.workbook_rollups import LEDGER, categories, months_sheet, unit_months, units
from lib.report.xlsx_layout import (
    GAP,
    HEAD_ROW,
    Column,
    Formula,
    XlsxBook,
    data_bar,
    gap,
    gaps,
    row_numbers,
)

P, T, R = schema.PLAN.headers, schema.TARGETS.headers, schema.PROGRESS.headers


def workbook(material: Material, progress: Progress = unheard) -> bytes:
    """Return the workbook; ``progress`` hears the share done and which sheet was written."""
    book = XlsxBook(material)
    sheets = {
        LEDGER: _ledger,
        "分类": categories,
        "单位": units,
        "单位×月度": unit_months,
        "月度": months_sheet,
        "指标": _indicators,
        "催报清单": _missing,
        "填报明细": _reports,
        "佐证材料": _evidence,
        "更正": _corrections,
    }
    for number, (name, write) in enumerate(sheets.items(), start=1):
        write(book)
        progress(number / len(sheets), name)
    return book.content()


def _ledger(book: XlsxBook) -> None:
    material, figures = book.material, book.figures
    rows = figures.tasks
    facts = figures.dataset.tasks.loc[rows["task_id"]]
    flags = ["\n".join(mark(flag) for flag in flags) for flags in flag_lists(rows)]
    done = [completion_words(material, row) for row in rows.itertuples()]
    note, issues, next_steps = (
        [words.get(task, "") for task in rows["task_id"]]
        for words in map(partial(_latest_words, material), ("note", "issues", "next_steps"))
    )
    columns = [
        Column(P["task_id"], 9, rows["task_id"], "centre"),
        Column(P["number"], 5, facts["number"], "centre"),
        Column(P["category"], 10, rows["category"], "centre"),
        Column(P["content"], 36, facts["content"]),
        Column(P["units_text"], 14, ["、".join(units) for units in facts["units"]]),
        Column(P["window_text"], 9, facts["window_text"], "centre"),
        Column(
            "状态",
            14 if figures.dataset.settings.verify else 10,  # 已报完成、待核实 in two lines
            [mark(str(status)) for status in rows["status"]],
            "centre",
        ),
        Column("完成率", 8, rows["completion"], "percent"),
        Column("序时进度", 8, rows["planned_value"], "percent"),
        Column(GAP, 12, gaps(rows, "completion"), "points"),
        Column("标记", 9, flags, "centre"),
        Column("完成情况", 26, done),
        Column("最近进展", 26, note),
        Column(R["issues"], 24, issues),
        Column(R["next_steps"], 24, next_steps),
        Column(P["weight"], 6, rows["weight"], "number"),
    ]
    title = f"{material.title}台账（{material.month}末）"
    sheet = book.sheet(LEDGER, title, columns)
    if rows.empty:
        return
    first, last, overall = HEAD_ROW + 1, HEAD_ROW + len(rows), figures.overall.iloc[0]
    for status, form in book.lights.items():
        light = {"type": "text", "criteria": "containing", "value": str(status), "format": form}
        sheet.conditional_format(first, 6, last, 6, light)
    data_bar(sheet, 7, len(rows))
    earned, planned = overall["earned_value"], overall["planned_value"]
    cells = {letter: f"{letter}{first + 1}:{letter}{last + 1}" for letter in "AHIP"}
    mean = "=SUMPRODUCT({},{weight})/SUM({weight})".format
    totals = {
        0: ("合计", "centre"),
        3: (Formula(f'=COUNTA({cells["A"]})&"项任务"', f"{len(rows)}项任务"), "centre"),
        7: (Formula(mean(cells["H"], weight=cells["P"]), earned), "percent"),
        8: (Formula(mean(cells["I"], weight=cells["P"]), planned), "percent"),
        9: (gap("H", "I", last + 2, earned, planned), "points"),
        15: (Formula(f"=SUM({cells['P']})", overall["weight"]), "number"),
    }
    book.total(sheet, last + 1, dict.fromkeys(range(len(columns)), (None, "centre")) | totals)
    # What stands right of 完成情况 is for the screen: on paper it would be too small.
    sheet.print_area(0, 0, last + 1, 11)


def _latest_words(material: Material, column: str) -> dict[str, str]:
    """Return each task's latest words of a text column, with the unit before each."""
    words: dict[str, list[str]] = {}
    for task, units_text, text in material.remarks(column, open_only=False):
        words.setdefault(task, []).append(f"{units_text}：{text}")
    return {task: "\n".join(texts) for task, texts in words.items()}


def _indicators(book: XlsxBook) -> None:
    rows = book.figures.indicators
    completion = [
        # no quotient: a limit is kept or broken; what is not verified may count without its last step
        value
        if relation == schema.AT_MOST or value < min(1, done / target) - TOLERANCE
        else Formula(f"=MIN(1,D{number}/E{number})", value)
        for number, value, relation, done, target in zip(
            row_numbers(rows),
            *(rows[name] for name in ("completion", "relation", "done", "target")),
            strict=True,
        )
    ]
    columns = [
        Column(T["task_id"], 9, rows["task_id"], "centre"),
        Column(T["indicator"], 34, rows["indicator"]),
        Column(T["relation"], 9, rows["relation"], "centre"),
        Column("累计完成", 10, rows["done"], "number"),
        Column(T["target"], 10, rows["target"], "number"),
        Column(T["upper"], 8, rows["upper"], "number"),
        Column(T["measure"], 9, rows["measure"], "centre"),
        Column("完成率", 10, completion, "percent"),
        Column("序时进度", 10, rows["planned_value"], "percent"),
        Column(GAP, 12, gaps(rows, "completion"), "points"),
    ]
    if book.figures.dataset.settings.verify:
        columns.append(
            Column("核实", 18, rows["waits"].map({True: mark(Status.UNVERIFIED), False: ""}))
        )
    sheet = book.sheet("指标", findings.indicators(book.figures), columns, freeze=2)
    if len(rows):
        data_bar(sheet, 7, len(rows))


def _missing(book: XlsxBook) -> None:
    table = views.missing_table(book.figures)
    widths = {P["content"]: 60, P["units_text"]: 18, P["task_id"]: 9, "未报月份": 10}
    book.table("催报清单", findings.missing(book.figures), table, widths)


def _reports(book: XlsxBook) -> None:
    rows = book.material.reports
    texts = schema.PROGRESS.texts(rows)
    columns = []
    for column in schema.PROGRESS.columns.values():
        if column.header not in texts:
            continue
        cells, width = texts[column.header], _WIDTHS.get(column.name, 10)
        if column.cell_type == "number":
            columns.append(Column(column.header, width, pd.to_numeric(cells), "number"))
        else:
            columns.append(Column(column.header, width, cells))
    title = f"截至{book.material.month}末的填报（{len(rows)}条）"
    book.sheet("填报明细", title, columns, freeze=2)


_WIDTHS = {
    "unit": 13,
    "indicator": 22,
    "note": 26,
    "issues": 22,
    "next_steps": 22,
    "coordination": 18,
    "reported_at": 19,
    "origin": 32,
}
"""Widths of the columns of reports; the others take 10 characters."""


def _evidence(book: XlsxBook) -> None:
    rows = [
        {
            R["task_id"]: item.task_id,
            R["month"]: item.month,
            R["unit"]: item.unit,
            "佐证材料": item.name,
            "大小（KB）": round(item.size / 1024, 1),
            "上报记录": f"第{submission.revision}号",
            "校验值（SHA-256）": item.sha256,
        }
        for submission, item in book.material.evidence
    ]
    if rows:
        widths = {"佐证材料": 50, "校验值（SHA-256）": 40}
        book.table("佐证材料", f"佐证材料{len(rows)}份", pd.DataFrame(rows), widths)


def _corrections(book: XlsxBook) -> None:
    table = book.material.corrections
    if table is not None and len(table):
        book.table("更正", f"定稿后有{book.material.corrected}项更正", table, {})
