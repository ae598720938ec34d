"""The sheets of roll-ups: 分类, 单位, 单位×月度 and 月度, with their charts."""

from __future__ import annotations

from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from lib.core import findings, months, schema
from lib.core.rollup import COUNTS
from lib.core.status import Status, mark
from lib.report.colours import BLUE, INK, PAPER
from lib.report.xlsx_layout import (
    FONT,
    FROM_0_TO_1,
    GAP,
    HEAD_ROW,
    SHARES,
    Column,
    Formula,
    XlsxBook,
    gap,
    gaps,
    row_numbers,
)

P, R = schema.PLAN.headers, schema.PROGRESS.headers
LEDGER = "台账"
_STATES = [status for status in Status if status != Status.UNVERIFIED]
"""The states that have their columns before the shares; what waits to be verified comes last."""


def categories(book: XlsxBook) -> None:
    """Add 分类: counts and averages are formulas over the 台账, with a row of totals."""
    rows = book.material.answers.categories
    sheet = _groups(book, "分类", P["category"], "类型", rows, from_ledger=True)
    if rows.empty:
        return
    first, last, overall = HEAD_ROW + 2, HEAD_ROW + 1 + len(rows), book.figures.overall.iloc[0]
    ledger_total = HEAD_ROW + 2 + len(book.figures.tasks)
    earned, planned = overall["earned_value"], overall["planned_value"]
    totals: dict[int, tuple[Any, str]] = {0: ("合计", "centre")}
    for place, name in enumerate(["tasks", *(COUNTS[status] for status in _STATES)], start=1):
        letter = xl_col_to_name(place)
        totals[place] = (
            Formula(f"=SUM({letter}{first}:{letter}{last})", int(overall[name])),
            "number",
        )
    totals |= {
        7: (Formula(f"={LEDGER}!H{ledger_total}", earned), "percent"),
        8: (Formula(f"={LEDGER}!I{ledger_total}", planned), "percent"),
        9: (gap("H", "I", last + 1, earned, planned), "points"),
        10: (_spi(last + 1, overall["spi"]), "ratio"),
    }
    if book.figures.dataset.settings.verify:
        waits = int(overall[COUNTS[Status.UNVERIFIED]])
        totals[11] = (Formula(f"=SUM(L{first}:L{last})", waits), "number")
    book.total(sheet, last, totals)


def units(book: XlsxBook) -> None:
    """Add 单位, the worst first, as everywhere."""
    rows = book.material.answers.units
    _groups(book, "单位", P["units_text"], "单位", rows, from_ledger=False)


def _groups(
    book: XlsxBook, name: str, header: str, kind: str, rows: pd.DataFrame, *, from_ledger: bool
) -> Any:
    """Add a roll-up with its chart; ``from_ledger``: its figures are formulas over the 台账."""

    def column(place: int) -> str:
        """Return a column of the 台账 as formulas of another sheet name it."""
        last = HEAD_ROW + max(len(book.figures.tasks), 1)
        return f"{LEDGER}!{xl_range_abs(HEAD_ROW + 1, place, last, place)}"

    def computed(field: str, formula: str) -> list[Any]:
        if not from_ledger:
            return list(rows[field])
        values = zip(row_numbers(rows), rows[field], strict=True)
        return [Formula(formula.replace("KEY", f"$A{number}"), value) for number, value in values]

    group, weight = column(2), column(15)
    mean = f"=SUMPRODUCT(({group}=KEY)*{{}}*{weight})/SUMIF({group},KEY,{weight})".format
    counts = [
        Column(
            mark(status),
            10,
            computed(COUNTS[status], f'=COUNTIFS({group},KEY,{column(6)},"{mark(status)}")'),
            "number",
        )
        for status in (*_STATES, Status.UNVERIFIED)
    ]
    spi = [
        _spi(number, value) for number, value in zip(row_numbers(rows), rows["spi"], strict=True)
    ]
    columns = [
        Column(header, 18, rows["key"]),
        Column("任务数", 9, computed("tasks", f"=COUNTIF({group},KEY)"), "number"),
        *counts[:-1],
        Column("完成率", 10, computed("earned_value", mean(column(7))), "percent"),
        Column("序时进度", 10, computed("planned_value", mean(column(8))), "percent"),
        Column(GAP, 12, gaps(rows, "earned_value"), "points"),
        Column("SPI", 9, spi, "ratio"),
        *counts[-1:] * book.figures.dataset.settings.verify,
    ]
    sheet = book.sheet(name, book.material.answers.worst_title(kind, rows), columns)
    if len(rows):
        _bars(book, sheet, name, header, len(rows))
    return sheet


def _spi(row: int, value: float) -> Formula:
    formula = f'=IF(I{row}>0,H{row}/I{row},"—")'
    return Formula(formula, "—" if pd.isna(value) else value)


def _bars(book: XlsxBook, sheet: Any, name: str, header: str, count: int) -> None:
    last, height = HEAD_ROW + count, 120 + 26 * count
    chart = book.chart("bar", f"各{header}完成率与序时进度")
    for place, fill, border in (
        (7, {"color": BLUE}, {"color": BLUE}),
        (8, {"none": True}, {"color": INK, "width": 1.25}),
    ):
        look = {"fill": fill, "border": border, "gap": 45, "overlap": 100}
        chart.add_series(_series(name, place, count) | look)
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 10}})
    chart.set_x_axis({**SHARES, "num_font": {"name": FONT, "size": 9}, "label_position": "high"})
    chart.set_size({"width": 820, "height": height})
    alt = {"description": f"各{header}完成率与序时进度条形图"}
    sheet.insert_chart(last + 3, 0, chart, alt)
    sheet.print_area(0, 0, last + 3 + height // 20 + 1, 10 + book.figures.dataset.settings.verify)
    sheet.fit_to_pages(1, 1)


def _series(sheet: str, place: int, count: int) -> dict[str, Any]:
    """Return a chart's series: a column of ``count`` rows by the sheet's first column."""
    first, last = HEAD_ROW + 1, HEAD_ROW + count
    return {
        "name": [sheet, HEAD_ROW, place],
        "categories": [sheet, first, 0, last, 0],
        "values": [sheet, first, place, last, place],
    }


def unit_months(book: XlsxBook) -> None:
    """Add 单位×月度: completion by unit at the end of each month so far, as a heat map."""
    figures = book.figures
    rows, year = figures.unit_by_month, figures.dataset.settings.year
    past = rows[rows["month"] <= figures.selection.month]
    wide = past.pivot_table(index="key", columns="month", values="earned_value", sort=False)
    wide = wide.reindex(book.material.answers.units["key"])
    columns = [Column(P["units_text"], 18, wide.index)]
    for month, values in wide.items():
        columns.append(Column(months.label(month, year), 8, values, "percent"))
    title = f"各单位各月末完成率（截至{book.material.month}末）"
    sheet = book.sheet("单位×月度", title, columns)
    if len(wide):
        scale = {"type": "2_color_scale", "min_color": PAPER, "max_color": "#7C9FD8"}
        area = (HEAD_ROW + 1, 1, HEAD_ROW + len(wide), len(wide.columns))
        sheet.conditional_format(*area, scale | FROM_0_TO_1)


def months_sheet(book: XlsxBook) -> None:
    """Add 月度: planned and earned value by month with the S-curve."""
    figures = book.figures
    rows = figures.by_month
    past = rows["month"] <= figures.selection.month

    def until_now(values: Any) -> list[Any]:
        return [value if known else None for value, known in zip(values, past, strict=True)]

    columns = [
        Column(R["month"], 12, rows["key"], "centre"),
        Column("序时进度", 12, rows["planned_value"], "percent"),
        Column("完成率", 12, until_now(rows["earned_value"]), "percent"),
        Column(GAP, 12, until_now(gaps(rows, "earned_value", "C", "B")), "points"),
        Column("已完成（项）", 12, until_now(rows["completed"]), "number"),
        Column("滞后（项）", 12, until_now(rows["behind"]), "number"),
        Column("逾期（项）", 12, until_now(rows["overdue"]), "number"),
    ]
    sheet = book.sheet("月度", findings.curve(figures), columns)
    if rows.empty:
        return
    last = HEAD_ROW + len(rows)
    chart = book.chart("line", "进度曲线：序时进度与完成率")
    for place, line, fill in (
        (1, {"color": INK, "width": 1.5, "dash_type": "round_dot"}, PAPER),
        (2, {"color": BLUE, "width": 3}, BLUE),
    ):
        marker = {"type": "circle", "size": 6, "fill": {"color": fill}}
        marker["border"] = {"color": line["color"]}
        chart.add_series(_series("月度", place, len(rows)) | {"line": line, "marker": marker})
    chart.set_y_axis(SHARES)
    chart.show_blanks_as("gap")
    chart.set_size({"width": 600, "height": 340})
    sheet.insert_chart(last + 2, 0, chart, {"description": "序时进度与完成率的折线图"})
    sheet.print_area(0, 0, last + 20, len(columns) - 1)
    sheet.fit_to_pages(1, 1)
