"""What the sheets of a workbook share: title, source, headers, formats, formulas, A4 landscape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range_abs

from lib.core.status import LOOKS, Status
from lib.report import measure
from lib.report.material import DEMO_SENTENCE, Material

FONT = "微软雅黑"
LEDGER, GAP = "台账", "差距（百分点）"
POINTS = "+0.0;[Red]-0.0;0.0"
HEAD_ROW = 2
"""Rows are counted from 0: title, source, then the headers."""
BLUE, PALE, INK, GRID = "#1F4E9E", "#EEF1F5", "#1B2430", "#E3E8F0"


@dataclass(frozen=True)
class Column:
    """A column of a sheet: header, width (characters) and kind of its cells."""

    header: str
    width: float
    kind: str = "text"


@dataclass(frozen=True)
class Formula:
    """A formula with the value the dashboard has for it."""

    text: str
    result: Any


class Sheets:
    """A workbook being written about some material; ``book`` is an ``xlsxwriter.Workbook``."""

    def __init__(self, book: Any, material: Material) -> None:
        self.book, self.material, self.figures = book, material, material.figures
        cell = {"font_name": FONT, "font_size": 10, "border": 1, "border_color": "#CBD3DF"}
        cell |= {"valign": "vcenter"}
        self.formats = {
            "text": book.add_format(cell | {"text_wrap": True}),
            "centre": book.add_format(cell | {"align": "center", "text_wrap": True}),
            "percent": book.add_format(cell | {"num_format": "0.0%", "align": "center"}),
            "number": book.add_format(cell | {"num_format": "#,##0.##########", "align": "center"}),
            "ratio": book.add_format(cell | {"num_format": "0.00", "align": "center"}),
            "points": book.add_format(cell | {"num_format": POINTS, "align": "center"}),
        }
        self.head = book.add_format(
            cell
            | {
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": BLUE,
                "align": "center",
                "text_wrap": True,
            }
        )
        self.total = {
            kind: book.add_format(
                cell | {"bold": True, "bg_color": PALE, "align": "center", "num_format": form}
            )
            for kind, form in (
                ("centre", "General"),
                ("number", "#,##0.##########"),
                ("percent", "0.0%"),
                ("points", POINTS),
                ("ratio", "0.00"),
            )
        }
        self.title = book.add_format(
            {"font_name": FONT, "font_size": 14, "bold": True, "font_color": INK}
        )
        self.note = book.add_format({"font_name": FONT, "font_size": 9, "font_color": "#5B6675"})
        self.lights = {
            state: book.add_format(
                {"bg_color": LOOKS[state].colour, "font_color": LOOKS[state].ink}
            )
            for state in Status
        }
        self.ledger_rows = len(self.figures.tasks)

    def sheet(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        *,
        freeze: int = 1,
    ) -> Any:
        """Add a sheet with title, source, headers and rows, ready to print on A4 landscape."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.title)
        said = self.material.source + (f"。{DEMO_SENTENCE}" if self.material.demo else "")
        sheet.write_string(1, 0, said, self.note)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(HEAD_ROW, place, column.header, self.head)
        sheet.set_row(0, 26)
        sheet.set_row(HEAD_ROW, 32)
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.write(sheet, number, place, value, column.kind)
            sheet.set_row(number, _row_height(columns, row))
        last = HEAD_ROW + max(len(rows), 1)
        sheet.freeze_panes(HEAD_ROW + 1, freeze)
        if rows:
            sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
        else:
            sheet.write_string(HEAD_ROW + 1, 0, "没有记录", self.note)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.set_footer("&C第&P页，共&N页&R&A")
        return sheet

    def write(self, sheet: Any, row: int, place: int, value: Any, kind: str) -> None:
        form = self.formats[kind]
        if isinstance(value, Formula):
            sheet.write_formula(row, place, value.text, form, value.result)
        elif value is None or (isinstance(value, float) and pd.isna(value)):
            sheet.write_blank(row, place, None, form)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, form)
        else:
            sheet.write_number(row, place, float(value), form)

    def ledger_range(self, place: int) -> str:
        """Return a column of the 台账 as an absolute range of another sheet's formula."""
        cells = xl_range_abs(HEAD_ROW + 1, place, HEAD_ROW + max(self.ledger_rows, 1), place)
        return f"{LEDGER}!{cells}"

    def frame(self, name: str, title: str, table: pd.DataFrame, widths: dict[str, int]) -> None:
        """Add a sheet that shows a table for people as it is."""
        columns = [
            Column(
                header,
                widths.get(header, 16),
                "number" if pd.api.types.is_numeric_dtype(table[header]) else "text",
            )
            for header in table.columns
        ]
        self.sheet(name, title, columns, list(table.itertuples(index=False, name=None)))

    def dress(self, chart: Any, title: str) -> None:
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12, "bold": True}})
        chart.set_legend({"position": "top", "font": {"name": FONT, "size": 10}})


def gap(done: str, planned: str, row: int, earned: float, plan: float) -> Formula:
    """Return the distance to plan in percentage points as a formula over two columns."""
    return Formula(f"=({done}{row}-{planned}{row})*100", (earned - plan) * 100)


def _row_height(columns: Sequence[Column], row: Sequence[Any]) -> float:
    """Return the height (points) that a row's wrapped texts need: not every program fits it itself."""
    lines = [
        len(measure.wrap(value, 2.0, column.width - 1.5))
        for column, value in zip(columns, row, strict=True)
        if isinstance(value, str)
    ]
    return 14.5 * max(lines, default=1) + 4
