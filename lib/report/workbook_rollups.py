"""The sheets of roll-ups: 分类, 单位, 单位×月度 and 月度, with their charts."""

from __future__ import annotations

from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from lib.core import findings, months
from lib.core.rollup import COUNTS
from lib.core.status import LOOKS, Status, mark
from lib.report.deck import ranked
from lib.report.xlsx_layout import (
    BLUE,
    FONT,
    GAP,
    HEAD_ROW,
    INK,
    LEDGER,
    Column,
    Formula,
    Sheets,
    gap,
)


class RollupSheets(Sheets):
    """The workbook with its roll-ups; counts and averages of 分类 are formulas over the 台账."""

    def group(self, name: str, kind: str, title: str, rows: pd.DataFrame, *, formulas: bool) -> Any:
        """Add a roll-up; with ``formulas`` its counts and averages are computed from the 台账."""
        columns = [
            Column(kind, 18),
            Column("任务数", 9, "number"),
            *(Column(f"{LOOKS[state].icon} {state}", 10, "number") for state in Status),
            Column("完成率", 10, "percent"),
            Column("序时进度", 10, "percent"),
            Column(GAP, 10, "points"),
            Column("SPI", 9, "ratio"),
        ]
        cells = []
        for number, row in enumerate(rows.itertuples(), start=HEAD_ROW + 2):
            counts: list[Any] = [row.tasks, *(getattr(row, COUNTS[state]) for state in Status)]
            shares: list[Any] = [row.earned_value, row.planned_value]
            if formulas:
                group, key = self.ledger_range(2), f"$A{number}"
                counts = [
                    Formula(f"=COUNTIF({group},{key})", row.tasks),
                    *(
                        Formula(
                            f'=COUNTIFS({group},{key},{self.ledger_range(6)},"{mark(state)}")',
                            getattr(row, COUNTS[state]),
                        )
                        for state in Status
                    ),
                ]
                weight = self.ledger_range(15)
                shares = [
                    Formula(
                        f"=SUMPRODUCT(({group}={key})*{self.ledger_range(place)}*{weight})"
                        f"/SUMIF({group},{key},{weight})",
                        value,
                    )
                    for place, value in ((7, row.earned_value), (8, row.planned_value))
                ]
            distance = gap("H", "I", number, row.earned_value, row.planned_value)
            spi = Formula(
                f'=IF(I{number}>0,H{number}/I{number},"—")', "—" if pd.isna(row.spi) else row.spi
            )
            cells.append((row.key, *counts, *shares, distance, spi))
        sheet = self.sheet(name, title, columns, cells)
        if cells:
            self.group_chart(sheet, name, len(cells), kind)
        return sheet

    def group_chart(self, sheet: Any, name: str, count: int, kind: str) -> None:
        first, last = HEAD_ROW + 1, HEAD_ROW + count
        chart = self.book.add_chart({"type": "bar"})
        for place, fill, border in (
            (7, {"color": BLUE}, {"color": BLUE}),
            (8, {"none": True}, {"color": INK, "width": 1.25}),
        ):
            chart.add_series(
                {
                    "name": [name, HEAD_ROW, place],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, place, last, place],
                    "fill": fill,
                    "border": border,
                    "gap": 45,
                    "overlap": 100,
                }
            )
        self.dress(chart, f"各{kind}完成率与序时进度")
        chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 10}})
        chart.set_x_axis(
            {
                "min": 0,
                "max": 1,
                "num_format": "0%",
                "major_gridlines": {"visible": True, "line": {"color": "#E3E8F0"}},
                "num_font": {"name": FONT, "size": 9},
                "label_position": "high",
            }
        )
        chart.set_size({"width": 820, "height": 120 + 26 * count})
        row = last + 3
        sheet.insert_chart(row, 0, chart, {"description": f"各{kind}完成率与序时进度条形图"})
        sheet.print_area(0, 0, row + (120 + 26 * count) // 20 + 1, 10)
        sheet.fit_to_pages(1, 1)

    def categories(self) -> None:
        rows = self.figures.by_category
        sheet = self.group("分类", "类型", findings.groups(rows, "类型"), rows, formulas=True)
        if rows.empty:
            return
        first, last, overall = HEAD_ROW + 1, HEAD_ROW + len(rows), self.figures.overall.iloc[0]
        total = last + 1
        sheet.write_string(total, 0, "合计", self.total["centre"])
        names = ["tasks", *(COUNTS[state] for state in Status)]
        for place, name in enumerate(names, start=1):
            letter = xl_col_to_name(place)
            formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})"
            sheet.write_formula(total, place, formula, self.total["number"], int(overall[name]))
        ledger_total = HEAD_ROW + 2 + self.ledger_rows
        for place, letter, value in (
            (7, "H", overall["earned_value"]),
            (8, "I", overall["planned_value"]),
        ):
            sheet.write_formula(
                total, place, f"={LEDGER}!{letter}{ledger_total}", self.total["percent"], value
            )
        distance = gap("H", "I", total + 1, overall["earned_value"], overall["planned_value"])
        sheet.write_formula(total, 9, distance.text, self.total["points"], distance.result)
        spi = overall["spi"]
        sheet.write_formula(
            total,
            10,
            f'=IF(I{total + 1}>0,H{total + 1}/I{total + 1},"—")',
            self.total["ratio"],
            "—" if pd.isna(spi) else spi,
        )

    def units(self) -> None:
        rows = ranked(self.figures.by_unit)
        self.group("单位", "责任单位", findings.groups(rows, "单位"), rows, formulas=False)

    def unit_months(self) -> None:
        figures = self.figures
        rows, month = figures.unit_by_month, figures.selection.month
        wide = rows.pivot_table(index="key", columns="month", values="earned_value", sort=False)
        shown = [one for one in wide.columns if one <= month]
        year = figures.dataset.settings.year
        columns = [
            Column("责任单位", 18),
            *(Column(months.label(one, year), 8, "percent") for one in shown),
        ]
        cells = [(key, *(wide.at[key, one] for one in shown)) for key in wide.index]
        sheet = self.sheet(
            "单位×月度", f"各单位各月末完成率（截至{self.material.month}末）", columns, cells
        )
        if cells:
            sheet.conditional_format(
                HEAD_ROW + 1,
                1,
                HEAD_ROW + len(cells),
                len(shown),
                {
                    "type": "2_color_scale",
                    "min_color": "#FFFFFF",
                    "max_color": "#7C9FD8",
                    "min_type": "num",
                    "max_type": "num",
                    "min_value": 0,
                    "max_value": 1,
                },
            )

    def curve(self) -> None:
        figures = self.figures
        rows, month = figures.by_month, figures.selection.month
        columns = [
            Column("月份", 12, "centre"),
            Column("序时进度", 12, "percent"),
            Column("完成率", 12, "percent"),
            Column(GAP, 12, "points"),
            Column("已完成（项）", 12, "number"),
            Column("滞后（项）", 12, "number"),
            Column("逾期（项）", 12, "number"),
        ]
        cells: list[tuple[Any, ...]] = []
        for number, row in enumerate(rows.itertuples(), start=HEAD_ROW + 2):
            past = row.month <= month
            distance = gap("C", "B", number, row.earned_value, row.planned_value)
            facts = (row.earned_value, distance, row.completed, row.behind, row.overdue)
            cells.append((row.key, row.planned_value, *(facts if past else (None,) * len(facts))))
        sheet = self.sheet("月度", findings.curve(figures), columns, cells)
        if not cells:
            return
        first, last = HEAD_ROW + 1, HEAD_ROW + len(cells)
        chart = self.book.add_chart({"type": "line"})
        for place, line, fill in (
            (1, {"color": INK, "width": 1.5, "dash_type": "round_dot"}, "#FFFFFF"),
            (2, {"color": BLUE, "width": 3}, BLUE),
        ):
            chart.add_series(
                {
                    "name": ["月度", HEAD_ROW, place],
                    "categories": ["月度", first, 0, last, 0],
                    "values": ["月度", first, place, last, place],
                    "line": line,
                    "marker": {
                        "type": "circle",
                        "size": 6,
                        "fill": {"color": fill},
                        "border": {"color": line["color"]},
                    },
                }
            )
        self.dress(chart, "进度曲线：序时进度与完成率")
        chart.set_y_axis(
            {
                "min": 0,
                "max": 1,
                "num_format": "0%",
                "major_gridlines": {"visible": True, "line": {"color": "#E3E8F0"}},
            }
        )
        chart.show_blanks_as("gap")
        chart.set_size({"width": 600, "height": 340})
        sheet.insert_chart(last + 2, 0, chart, {"description": "序时进度与完成率的折线图"})
        sheet.print_area(0, 0, last + 20, len(columns) - 1)
        sheet.fit_to_pages(1, 1)
